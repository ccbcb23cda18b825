// Two arrays that should be the same, element by element: how far apart they are, where, and whether that is rounding.

import type { Tensor } from '@tapegrad/core';

/**
 * How two gradients agree: bit for bit; up to what float64 rounding makes; only as far as single precision goes (rounding in float32,
 * or a term as small as an ε); or not.
 */
export type Agreement = 'exact' | 'rounding' | 'single' | 'different';

/** A gradient beside the one that it should be. */
export interface Comparison {
  readonly agreement: Agreement;
  /** The largest absolute difference; null where one is not finite. */
  readonly maxAbs: number | null;
  /** The largest difference relative to the larger of both elements; null where one is not finite. */
  readonly maxRel: number | null;
  /** The index of the largest absolute difference; null where there is none, as they are equal or have no elements. */
  readonly where: readonly number[] | null;
  /** What stands there; null where it is not finite. */
  readonly actual: number | null;
  readonly expected: number | null;
}

/** How much may differ: |a − b| ≤ relative · |b| + absolute · scale. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** What rounding in float64 makes of the same formula in another order. */
export const doublePrecision: Tolerance = { relative: 1e-9, absolute: 1e-11 };

/** What rounding in float32 makes of it. */
export const singlePrecision: Tolerance = { relative: 1e-4, absolute: 1e-5 };

/** How large what a gradient is the sum of is: what absolute tolerances are multiples of. */
export interface Scale {
  /** Of the contributions that are added up. */
  readonly contributions: number;
  /** Of the terms inside of these, which may cancel: what rounding is relative to. */
  readonly terms: number;
  /** Whether float32 was mixed in. */
  readonly single: boolean;
}

/** The scale of a multiple. */
export function scaled({ contributions, terms, single }: Scale, factor: number): Scale {
  return { contributions: contributions * Math.abs(factor), terms: terms * Math.abs(factor), single };
}

/** What rounding makes of terms, relative to them: some hundred units in the last place. */
const [doubleUnits, singleUnits] = [1e-14, 1e-6];

/**
 * Compares a gradient with the one that it should be, of the same shape.
 *
 * @param scale - how large the terms behind it are; at least as large as the largest element of `expected`.
 */
export function compare(actual: Tensor, expected: Tensor, scale: Partial<Scale> = {}): Comparison {
  const { contributions = 0, terms = 0, single: isSingle = false } = scale;
  const [a, b] = [actual.toData(), expected.toData()];
  const size = Math.max(contributions, largest(b));
  const double = doublePrecision.absolute * size + doubleUnits * terms;
  const single = singlePrecision.absolute * size + (isSingle ? singleUnits * terms : 0);
  let [at, maxAbs, maxRel] = [-1, 0, 0];
  let agreement: Agreement = 'exact';
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y) || x === y) continue;
    const difference = Math.abs(x - y);
    if (!Number.isFinite(difference)) {
      return { agreement: 'different', maxAbs: null, maxRel: null, ...placeOf(expected, i, x, y) };
    }
    const verdict: Agreement =
      difference <= doublePrecision.relative * Math.abs(y) + double
        ? 'rounding'
        : difference <= singlePrecision.relative * Math.abs(y) + single
          ? 'single'
          : 'different';
    if (order.indexOf(verdict) > order.indexOf(agreement)) agreement = verdict;
    maxRel = Math.max(maxRel, difference / Math.max(Math.abs(x), Math.abs(y)));
    if (difference > maxAbs) [at, maxAbs] = [i, difference];
  }
  const place = at < 0 ? { where: null, actual: null, expected: null } : placeOf(expected, at, a[at]!, b[at]!);
  return { agreement, maxAbs, maxRel, ...place };
}

const order: readonly Agreement[] = ['exact', 'rounding', 'single', 'different'];

/** The largest absolute value of finite elements; 0 where there is none. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

function placeOf(
  { shape }: Tensor,
  flat: number,
  actual: number,
  expected: number,
): Pick<Comparison, 'where' | 'actual' | 'expected'> {
  return { where: indexOf(flat, shape), actual: finite(actual), expected: finite(expected) };
}

/** A position in row-major order as an index for each axis. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** A number as JSON can hold it: null for NaN and the infinities. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Whether all elements are finite. */
export function allFinite(x: Tensor): boolean {
  return x.toData().every(Number.isFinite);
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Whether they are but for axes of length 1. */
export function sameButForOnes(a: readonly number[], b: readonly number[]): boolean {
  const [x, y] = [a, b].map((shape) => shape.filter((length) => length !== 1));
  return sameShape(x!, y!);
}
