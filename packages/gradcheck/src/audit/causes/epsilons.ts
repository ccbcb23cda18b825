// Differences as small as an ε: added to a value, or bounds that a value was clipped to. These are fitted to the difference itself, which
// any hypothesis would explain if it were measured against the gradient.

import { largest } from '../../comparison.ts';
import type { Cause } from '../audit-report.ts';
import { dot } from '../factors.ts';
import type { Change } from '../region.ts';
import { believable, differentNumbers, toleranceFor, visibleNumbers } from './evidence.ts';
import { type Suspect, savedAt, savedLabel } from './suspect.ts';

const bounds = [1e-15, 1e-14, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 2e-2, 5e-2, 0.1];

/** The ε that explains the difference between a gradient and the right one. */
export function epsilons(suspect: Suspect): Cause[] {
  const { region, manual, expected } = suspect;
  if (manual.size !== expected.size) return [];
  const off = manual.reshape(expected.shape).sub(expected).toData();
  const size = Math.sqrt(dot(off, off));
  if (size === 0) return [];
  const numbers = visibleNumbers(off);
  const left = (change: Change): number => {
    const value = region.sweep(change);
    if (value === null) return Number.POSITIVE_INFINITY;
    const rest = manual.reshape(expected.shape).sub(value).toData();
    return Math.sqrt(dot(rest, rest)) / size;
  };
  const causes: Cause[] = [];
  for (const group of groups(suspect)) {
    const shifted = (by: number): Change => ({
      saved: (edge, name, x) => (group.has(`${edge.node} ${name}`) ? x.add(by) : x),
    });
    const shift = fitShift(suspect, group, shifted, off);
    const epsilon = shift === null ? null : believable(shift, numbers, (by) => left(shifted(by)));
    if (epsilon !== null) {
      const { value, residual } = epsilon;
      const text = `an ε of ${showEpsilon(Math.abs(value))} ${value > 0 ? 'is added to' : 'is missing from'} ${group.label}`;
      causes.push({ kind: 'epsilon', text, residual, factor: 1 });
    }
    for (const bound of bounds) {
      const clipped: Change = {
        saved: (edge, name, x) => (group.has(`${edge.node} ${name}`) ? x.clip(bound, 1 - bound) : x),
      };
      const residual = group.unit ? left(clipped) : Number.POSITIVE_INFINITY;
      if (!(residual <= toleranceFor(numbers))) continue;
      const text = `${group.label} is clipped to [ε, 1 − ε] with ε = ${showEpsilon(bound)}`;
      causes.push({ kind: 'epsilon', text, residual, factor: 1 });
    }
  }
  causes.push(...inDenominators(suspect, differentNumbers(off)));
  return causes.sort((a, b) => a.residual - b.residual).slice(0, 3);
}

/** An ε beside a value that the gradient is divided by: manual = expected · v / (v + ε), so that v (expected/manual − 1) = ε everywhere. */
function inDenominators({ name, pass, manual, expected }: Suspect, numbers: number): Cause[] {
  const own = pass.values.get(name);
  if (own === undefined || own.size !== manual.size) return [];
  const [x, a, b] = [own.toData(), manual.toData(), expected.toData()];
  const forms: readonly (readonly [label: string, of: (x: number) => number])[] = [
    [name, (x) => x],
    [`1 − ${name}`, (x) => 1 - x],
    [`${name}(1 − ${name})`, (x) => x * (1 - x)],
    [`${name}²`, (x) => x * x],
  ];
  return forms.flatMap(([label, of]): Cause[] => {
    const found = Array.from(x, (value, i) => of(value) * (b[i]! / a[i]! - 1)).filter(
      (epsilon, i) => b[i] !== 0 && !Number.isNaN(epsilon),
    );
    const [low, high] = [Math.min(...found), Math.max(...found)];
    const middle = (low + high) / 2;
    if (found.length === 0 || middle === 0 || Math.abs(middle) > 0.1) return [];
    const spread = (by: number): number => (2 * Math.max(Math.abs(high - by), Math.abs(low - by))) / Math.abs(by);
    const epsilon = believable(middle, numbers, spread);
    if (epsilon === null) return [];
    const { value, residual } = epsilon;
    const text = `an ε of ${showEpsilon(Math.abs(value))} is ${value > 0 ? 'added to' : 'missing from'} the denominator ${label}`;
    return [{ kind: 'epsilon', text, residual, factor: 1 }];
  });
}

/** Values that rules use, which may all have been shifted by the same ε: each alone, and all of one kind of op. */
interface Group {
  readonly label: string;
  readonly has: (key: string) => boolean;
  /** Whether all elements are from 0 to 1. */
  readonly unit: boolean;
  readonly size: number;
}

function groups(suspect: Suspect): Group[] {
  const { region } = suspect;
  const byValue = new Map<number, { label: string; keys: Set<string>; unit: boolean; size: number }>();
  const byOp = new Map<string, { label: string; keys: Set<string>; unit: boolean; size: number }>();
  for (const { node } of region.edges) {
    for (const [saved, value] of Object.entries(region.node(node).saved)) {
      if (value.dtype !== suspect.pass.precision) continue;
      const key = `${node} ${saved}`;
      const data = value.toData();
      // A probability, with elements that could be cut off; a constant is not.
      const isConstant = region.node(savedAt(suspect, node, saved)).origin === 'constant';
      const unit = !isConstant && data.every((x) => x >= 0 && x <= 1) && data.some((x) => x > 0 && x < 1);
      const at = savedAt(suspect, node, saved);
      const one = byValue.get(at) ?? {
        label: savedLabel(suspect, node, saved),
        keys: new Set(),
        unit,
        size: largest(data),
      };
      one.keys.add(key);
      byValue.set(at, one);
      const op = region.node(node).op!.name;
      const all = byOp.get(`${op} ${saved}`) ?? { label: `each ${op}'s ${saved}`, keys: new Set(), unit, size: 0 };
      all.keys.add(key);
      all.size = Math.max(all.size, largest(data));
      byOp.set(`${op} ${saved}`, { ...all, unit: all.unit && unit });
    }
  }
  const several = [...byOp.values()].filter(({ keys }) => keys.size > 1);
  return [...byValue.values(), ...several].map(({ keys, ...rest }) => ({ ...rest, has: (key) => keys.has(key) }));
}

/** The shift that changes the gradient as the difference does, to first order and then better; null where there is no small one. */
function fitShift(
  suspect: Suspect,
  group: Group,
  shifted: (by: number) => Change,
  off: ArrayLike<number>,
): number | null {
  const { region } = suspect;
  const center = region.sweep();
  if (center === null || group.size === 0) return null;
  let by = 1e-6 * group.size;
  // The secant through 0 and the last guess; three rounds, as an ε may be large beside the smallest values.
  for (let round = 0; round < 4; round++) {
    const moved = region.sweep(shifted(by));
    if (moved === null) return null;
    const change = moved.sub(center).toData();
    const next = (by * dot(off, change)) / dot(change, change);
    if (!Number.isFinite(next) || next === 0 || Math.abs(next) > 0.1 * group.size) return null;
    by = next;
  }
  return by;
}

/** `1e-7`. */
function showEpsilon(value: number): string {
  return Number(value.toPrecision(2)).toExponential().replace('+', '');
}
