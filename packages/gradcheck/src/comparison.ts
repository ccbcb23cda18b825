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

/**
 * Compares a gradient with the one that it should be, of the same shape.
 *
 * @param scale - what absolute tolerances are multiples of: at least the largest element of `expected`; larger where that is a small
 * difference of large terms.
 */
export function compare(actual: Tensor, expected: Tensor, scale: number = 0): Comparison {
  const [a, b] = [actual.toData(), expected.toData()];
  const size = Math.max(scale, largest(b));
  let [at, maxAbs, maxRel] = [-1, 0, 0];
  let agreement: Agreement = 'exact';
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y) || x === y) continue;
    const difference = Math.abs(x - y);
    if (!Number.isFinite(difference)) {
      return { agreement: 'different', maxAbs: null, maxRel: null, ...placeOf(expected, i, x, y) };
    }
    const verdict: Agreement = within(difference, y, size, doublePrecision)
      ? 'rounding'
      : within(difference, y, size, singlePrecision)
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

function within(difference: number, expected: number, size: number, { relative, absolute }: Tolerance): boolean {
  return difference <= relative * Math.abs(expected) + absolute * size;
}

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
