// Work in parts, each for a thread: which turns of an axis belong to a part, and which axis of a loop nest can be divided.

import { local, set } from '../assembler/control.ts';
import type { Expression, Local, Statement } from '../assembler/expression.ts';
import { i32, select } from '../assembler/families.ts';
import type { Axis } from './axes.ts';

/** Which part is to be done, of how many: numbers that are known when the code runs. */
export interface Part {
  readonly part: Local<'i32'>;
  readonly parts: Local<'i32'>;
}

/** The turns of an axis from `first` to (not including) `end`. */
export interface TurnRange {
  readonly first: Local<'i32'>;
  readonly end: Local<'i32'>;
}

/** The turns of a part. */
export interface PartRange extends TurnRange {
  /** Sets both. */
  readonly start: readonly Statement[];
}

/**
 * Divides `length` turns among parts, as evenly as pieces of `unit` turns allow: the last piece may be shorter. Where there are fewer
 * pieces than parts some parts get none, and `first` is `end`.
 */
export function partRange(length: number, unit: number, { part, parts }: Part): PartRange {
  const [first, end] = [local('i32'), local('i32')];
  const pieces = Math.ceil(length / unit);
  const before = (count: Expression<'i32'>): Expression<'i32'> =>
    i32.mul(i32.div_u(i32.mul(count, pieces), parts), unit);
  const atMostAll = select(end, i32.const(length), i32.lt_s(end, length));
  return {
    first,
    end,
    start: [set(first, before(part)), set(end, before(i32.add(part, 1))), set(end, atMostAll)],
  };
}

/** With so many pieces for a few threads none of them has much more to do than the others. */
const enoughPieces = 16;

/**
 * Of several ways to divide work the first one that makes enough pieces, or else the one that makes most.
 *
 * @param pieces - how many pieces each way makes. @returns the number of the way; -1 where none makes two.
 */
export function evenestSplit(pieces: readonly number[]): number {
  const even = pieces.findIndex((count) => count >= enoughPieces);
  if (even >= 0) return even;
  const most = Math.max(...pieces, 0);
  return most < 2 ? -1 : pieces.indexOf(most);
}

/** Whether turns along the axes lead to different places: not where windows overlap. It may say no where they do. */
export function leadApart(axes: readonly Axis[], access: number): boolean {
  const steps = axes
    .map(({ length, strides }) => ({ length, stride: Math.abs(strides[access]!) }))
    .sort((a, b) => a.stride - b.stride);
  let reach = 0;
  for (const { length, stride } of steps) {
    if (stride <= reach) return false;
    reach += (length - 1) * stride;
  }
  return true;
}
