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
  const placed: (Span & { readonly offset: number })[] = [];
  let bytes = 0;
  for (const span of spans) {
    const beside = placed
      .filter(({ first, last }) => first <= span.last && span.first <= last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of beside) {
      if (offset + span.bytes <= other.offset) break;
      offset = Math.max(offset, other.offset + other.bytes);
    }
    placed.push({ ...span, offset });
    bytes = Math.max(bytes, offset + span.bytes);
  }
  return { offsets: new Map(placed.map(({ buffer, offset }) => [buffer, offset])), bytes };
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
