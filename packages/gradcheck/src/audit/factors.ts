// Constant factors: whether one array is a multiple of another, and what the number may stand for.

import type { Tensor } from '@tapegrad/core';
import { compare, largest, type Scale, singlePrecision } from '../comparison.ts';

/** How near to 1 a factor must be to count as none. */
const nearOne = 1e-5;

/** Whether a factor is none. */
export function isOne(factor: number): boolean {
  return Math.abs(factor - 1) < nearOne;
}

/**
 * The number c for which actual = c · expected, as far as single precision goes; null where there is none, or where it would be 0.
 * 1 where they agree. Shapes may differ in axes of length 1.
 *
 * @param scale - as in {@link compare}.
 */
export function factorOf(actual: Tensor, expected: Tensor, scale?: Scale): number | null {
  if (actual.size !== expected.size) return null;
  const like = actual.reshape(expected.shape);
  if (compare(like, expected, scale).agreement !== 'different') return 1;
  const [a, b] = [actual.toData(), expected.toData()];
  const factor = dot(a, b) / dot(b, b);
  if (!Number.isFinite(factor) || Math.abs(factor) < 1e-12) return null;
  const size = Math.max(scale?.contributions ?? 0, largest(b)) * Math.abs(factor);
  for (let i = 0; i < a.length; i++) {
    const of = factor * b[i]!;
    const allowed = (singlePrecision.relative * Math.abs(of) + singlePrecision.absolute * size) / 10;
    if (!(Math.abs(a[i]! - of) <= allowed)) return null;
  }
  return factor;
}

/** The inner product. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The lengths of axes that a factor may come of, each with the place where it occurs first: `the length of axis 0 of X`. */
export interface Lengths {
  readonly ofAxes: ReadonlyMap<number, string>;
  /** The sizes of whole arrays. */
  readonly ofArrays: ReadonlyMap<number, string>;
}

/** All lengths above 1 of the axes of these values. */
export function lengthsOf(values: Iterable<readonly [name: string, value: Tensor]>): Lengths {
  const ofAxes = new Map<number, string>();
  const ofArrays = new Map<number, string>();
  for (const [name, { shape, size }] of values) {
    shape.forEach((length, axis) => {
      if (length > 1 && !ofAxes.has(length)) ofAxes.set(length, `the length of axis ${axis} of ${name}`);
    });
    if (size > 1 && shape.length > 1 && !ofArrays.has(size)) ofArrays.set(size, `the size of ${name}`);
  }
  return { ofAxes, ofArrays };
}

/** A factor that the shapes, or the small numbers of formulas, explain. */
export interface NamedFactor {
  readonly value: number;
  /** `32`, `1/32`, `-2/32`. */
  readonly text: string;
  /** Where it may come from: `32 is the length of axis 0 of X`; empty for the small numbers. */
  readonly origin: string;
}

const small: readonly (readonly [number, string])[] = [
  [1, '1'],
  [2, '2'],
  [1 / 2, '1/2'],
  [3, '3'],
  [1 / 3, '1/3'],
  [4, '4'],
  [1 / 4, '1/4'],
];

/** What a factor may stand for; undefined where neither a small number nor the lengths explain it. */
export function nameFactor(factor: number, lengths: Lengths): NamedFactor | undefined {
  const sign = factor < 0 ? '-' : '';
  const size = Math.abs(factor);
  const near = (value: number): boolean => Math.abs(size - value) <= nearOne * value;
  for (const [value, text] of small) {
    if (!near(value)) continue;
    // Of a batch of three a 3 may be the batch's.
    const length = Math.round(Math.max(value, 1 / value));
    const place = length > 1 ? lengths.ofAxes.get(length) : undefined;
    const origin = place === undefined ? '' : `${length} is ${place}`;
    return { value: Math.sign(factor) * value, text: sign + text, origin };
  }
  const forms = [...formsOf(lengths.ofAxes), ...formsOf(lengths.ofArrays), ...pairsOf(lengths.ofAxes)];
  const form = forms.find(([value]) => near(value));
  if (form === undefined) return undefined;
  const [value, text, origin] = form;
  return { value: Math.sign(factor) * value, text: sign + text, origin };
}

type Form = readonly [value: number, text: string, origin: string];

function formsOf(lengths: ReadonlyMap<number, string>): Form[] {
  return [...lengths].flatMap(([n, place]): Form[] => {
    const origin = `${n} is ${place}`;
    return [
      [n, `${n}`, origin],
      [1 / n, `1/${n}`, origin],
      [2 / n, `2/${n}`, origin],
      [n / 2, `${n}/2`, origin],
      [2 * n, `2 · ${n}`, origin],
      [1 / (2 * n), `1/(2 · ${n})`, origin],
      [Math.sqrt(n), `√${n}`, origin],
      [1 / Math.sqrt(n), `1/√${n}`, origin],
      [n ** 2, `${n}²`, origin],
      [1 / n ** 2, `1/${n}²`, origin],
    ];
  });
}

function pairsOf(lengths: ReadonlyMap<number, string>): Form[] {
  return [...lengths].flatMap(([a, first]) =>
    [...lengths].flatMap(([b, second]): Form[] => {
      if (a >= b) return [];
      const origin = `${a} is ${first}, ${b} ${second}`;
      return [
        [a * b, `${a} · ${b}`, origin],
        [1 / (a * b), `1/(${a} · ${b})`, origin],
      ];
    }),
  );
}
