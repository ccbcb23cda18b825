// Where buffers lie in one stretch of memory: those that are not needed at the same time may lie in the same place.

import { type Plan, readsOf, writesOf } from '../plan.ts';

/** Bytes of a buffer that is kept, and the first and last kernel that need it. */
interface Span {
  readonly buffer: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** The places of work buffers, in bytes from the start; and how long the stretch is. */
export interface Layout {
  readonly offsets: ReadonlyMap<number, number>;
  readonly bytes: number;
}

/**
 * Lays out the work buffers of a plan, whose lengths in bytes are given: the largest first, each in the lowest place that is free
 * while it is needed.
 *
 * Source: Y. Pisarchyk and J. Lee, "Efficient memory management for deep neural net inference", arXiv:2001.03288, "greedy by size".
 */
export function workLayout(plan: Plan, bytesOf: (buffer: number) => number): Layout {
  const spans = spansOf(plan, bytesOf).sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  const offsets = new Map<number, number>();
  // what is placed, from the lowest up: lists of numbers, for each span goes through all of them, and programs can have ten thousand
  const [starts, ends, firsts, lasts]: [number[], number[], number[], number[]] = [[], [], [], []];
  let bytes = 0;
  for (const span of spans) {
    const { first, last } = span;
    let offset = 0;
    for (let i = 0; i < starts.length; i++) {
      if (firsts[i]! > last || lasts[i]! < first) continue;
      if (offset + span.bytes <= starts[i]!) break;
      offset = Math.max(offset, ends[i]!);
    }
    const end = offset + span.bytes;
    const at = countUpTo(offset, starts);
    starts.splice(at, 0, offset);
    ends.splice(at, 0, end);
    firsts.splice(at, 0, first);
    lasts.splice(at, 0, last);
    offsets.set(span.buffer, offset);
    bytes = Math.max(bytes, end);
  }
  return { offsets, bytes };
}

/** How many of these numbers, which ascend, are no greater than `most`. */
function countUpTo(most: number, numbers: readonly number[]): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (numbers[middle]! <= most) from = middle + 1;
    else to = middle;
  }
  return from;
}

function spansOf({ buffers, kernels, outputs }: Plan, bytesOf: (buffer: number) => number): Span[] {
  const spans = new Map<number, { first: number; last: number }>();
  const need = (buffer: number, at: number): void => {
    if (buffers[buffer]!.holds.kind !== 'work') return;
    const span = spans.get(buffer);
    if (span === undefined) spans.set(buffer, { first: at, last: at });
    else span.last = at;
  };
  kernels.forEach((kernel, at) => {
    for (const buffer of [...readsOf(kernel), ...writesOf(kernel)]) need(buffer, at);
  });
  for (const { buffer } of outputs) need(buffer, kernels.length);
  return Array.from(spans, ([buffer, { first, last }]) => ({ buffer, bytes: bytesOf(buffer), first, last }));
}
