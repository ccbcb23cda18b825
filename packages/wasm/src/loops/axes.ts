// The axes of a loop nest: those of one element left out, those that every access steps through as one made one.

/** An axis: how often it turns, and by how many bytes each access moves with a turn. */
export interface Axis {
  readonly length: number;
  /** One for each access. */
  readonly strides: readonly number[];
  /** Whether elements along it are taken together. */
  readonly reduced: boolean;
}

/** The axes in the order of the loops: kept ones outside, reduced ones inside; but a kept axis that was last stays last. */
export function ordered(axes: readonly Axis[]): readonly Axis[] {
  const kept = axes.filter(({ reduced }) => !reduced);
  const reduced = axes.filter((axis) => axis.reduced);
  const vector = axes.at(-1);
  if (reduced.length === 0 || vector === undefined || vector.reduced) return [...kept, ...reduced];
  return [...kept.slice(0, -1), ...reduced, vector];
}

/** The fewest axes that say the same. Reduced axes stay apart from others. */
export function simplified(axes: readonly Axis[]): readonly Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    if (axis.length === 1) continue;
    const last = merged.at(-1);
    const together =
      last !== undefined &&
      last.reduced === axis.reduced &&
      last.strides.every((stride, i) => stride === axis.strides[i]! * axis.length);
    if (together) merged[merged.length - 1] = { ...axis, length: last.length * axis.length };
    else merged.push(axis);
  }
  return merged;
}
