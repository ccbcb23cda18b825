// Arithmetic on shapes and axes: sizes, NumPy broadcasting, negative axes. No values.

import { TapegradError } from './errors.ts';

/** The lengths of a tensor's axes, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** The shapes of an op's operands. */
export type Shapes = readonly Shape[];

/** One axis or several; a negative one counts from the last. Nothing means all axes. */
export type Axes = number | readonly number[];

/** How many elements a tensor of this shape has. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  // by index: it is called everywhere, and an iterator costs more than the product until the engine has optimized it away
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A shape as messages show it: `[2, 3]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** @throws TapegradError unless `value` is a list: numbers one by one, as NumPy takes them, are a likely mistake. */
export function checkList(op: string, what: string, value: readonly number[]): void {
  if (Array.isArray(value)) return;
  throw new TapegradError(op, `${what} is ${shown(value)}. Expected a list, e.g. [2, 3].`);
}

/** @throws TapegradError unless every length is a whole number >= 0. */
export function checkShape(op: string, shape: Shape): void {
  checkList(op, 'the shape', shape);
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw new TapegradError(
        op,
        `the shape ${showShape(shape)} has the length ${length}. Expected whole numbers >= 0.`,
      );
    }
  }
}

/**
 * The shape that operands of these shapes broadcast to, by NumPy's rule: aligned at the last axis, lengths are equal or 1.
 *
 * @throws TapegradError where they do not broadcast.
 */
export function broadcastShapes(op: string, shapes: readonly Shape[]): Shape {
  let out: Shape = shapes[0]!;
  for (let s = 1; s < shapes.length; s++) {
    const next = shapes[s]!;
    if (sameShape(out, next) || next.length === 0) continue;
    const rank = Math.max(out.length, next.length);
    const merged = new Array<number>(rank);
    for (let i = 1; i <= rank; i++) {
      const a = out[out.length - i] ?? 1;
      const b = next[next.length - i] ?? 1;
      if (a !== b && a !== 1 && b !== 1) {
        throw new TapegradError(
          op,
          `shapes ${shapes.map(showShape).join(' and ')} do not broadcast: ` +
            `${a} against ${b} at axis -${i}. Expected equal lengths, or 1.`,
        );
      }
      merged[rank - i] = a === 1 ? b : a;
    }
    out = merged;
  }
  return out;
}

/** Whether a tensor of shape `from` broadcasts to `to`. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((length, i) => length === to[lead + i] || length === 1);
}

/** The axis counted from the first. @throws TapegradError where the tensor has no such axis. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const expected = rank === 0 ? 'A scalar has no axes.' : `Expected a whole number from ${-rank} to ${rank - 1}.`;
    throw new TapegradError(op, `axis ${axis} does not exist in a tensor of rank ${rank}. ${expected}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The axes counted from the first, ascending; all of them where none are given. */
export function normalizeAxes(op: string, axes: Axes | undefined, rank: number): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  if (!Array.isArray(list)) {
    throw new TapegradError(op, `axes is ${shown(axes)}. Expected an axis, a list of axes, or undefined for all.`);
  }
  const normalized = list.map((axis) => normalizeAxis(op, axis, rank)).sort((a, b) => a - b);
  if (new Set(normalized).size < normalized.length) {
    throw new TapegradError(op, `axes ${showShape(list)} name an axis twice. Expected each axis once.`);
  }
  return normalized;
}

/** The shape after reducing `axes`: their lengths become 1, or go. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** Row-major strides, counted in elements. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** An argument of the wrong kind, for messages. JSON would make null of NaN, and stumble over a bigint. */
function shown(value: unknown): string {
  return typeof value === 'object' || typeof value === 'string' ? JSON.stringify(value) : String(value);
}
