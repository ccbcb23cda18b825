// A tensor in a few numbers: what explanations and complaints about values show.

import type { DType } from './dtype.ts';
import type { Shape } from './shape.ts';
import { compact } from './symbols.ts';
import type { Tensor } from './tensor.ts';

/** What the elements of a tensor are like. `min`, `max` and `meanAbs` are of those that are finite; null where there is none. */
export interface Summary {
  readonly size: number;
  readonly min: number | null;
  readonly max: number | null;
  /** The mean of the absolute values. */
  readonly meanAbs: number | null;
  readonly zeros: number;
  readonly nans: number;
  /** How many are ∞ or −∞. */
  readonly infinities: number;
}

export function summaryOf(x: Tensor): Summary {
  const data = x.toData();
  let [min, max, total, zeros, nans, infinities] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  for (const value of data) {
    if (Number.isNaN(value)) nans++;
    else if (!Number.isFinite(value)) infinities++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      total += Math.abs(value);
      if (value === 0) zeros++;
    }
  }
  const size = data.length;
  const finite = size - nans - infinities;
  if (finite === 0) return { size, min: null, max: null, meanAbs: null, zeros, nans, infinities };
  return { size, min, max, meanAbs: total / finite, zeros, nans, infinities };
}

/** Whether all elements are finite; whole numbers are. */
export function isAllFinite(x: Tensor): boolean {
  return firstNonFinite(x) === undefined;
}

/** Whether there are elements, and all are 0. */
export function isAllZero(x: Tensor): boolean {
  return x.size > 0 && x.toData().every((value) => value === 0);
}

/** Whether there are elements, and all are the same number. */
export function isNumber(x: Tensor): boolean {
  const data = x.toData();
  return data.length > 0 && data.every((value) => value === data[0]);
}

/** The first element in row-major order that is NaN or infinite: its position in that order. */
export function firstNonFinite(x: Tensor): number | undefined {
  const at = x.toData().findIndex((value) => value - value !== 0);
  return at < 0 ? undefined : at;
}

/** A position in row-major order as indices. */
export function indicesOf(at: number, shape: Shape): number[] {
  const indices: number[] = [];
  let rest = at;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices;
}

/** The element of `x` that broadcasting puts at these indices of a larger shape. */
export function elementAt(x: Tensor, indices: readonly number[]): number {
  return x.toData()[positionAt(x, indices)]!;
}

/** Where in row-major order that element of `x` is. */
export function positionAt({ shape, rank }: Tensor, indices: readonly number[]): number {
  const lead = indices.length - rank;
  return shape.reduce((sum, length, axis) => sum * length + (length === 1 ? 0 : indices[lead + axis]!), 0);
}

/** A number to the digits that are worth reading. */
export function showNumber(value: number, digits: number = 6): string {
  return compact(Number(value.toPrecision(digits)));
}

/** An element to all the digits that its dtype has, and no more. */
export function showElement(value: number, dtype: DType): string {
  if (dtype !== 'float32' || !Number.isFinite(value)) return compact(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return compact(short);
  }
  return compact(Number(value.toPrecision(9)));
}
