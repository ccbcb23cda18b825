// Under which gradients, and from where, steps are taken: the given ones, and others that show what a single step hides.

import { RandomGenerator } from '@tapegrad/core';
import type { Before } from './manual.ts';
import type { Reference } from './reference.ts';
import type { SlotName } from './rule.ts';
import type { RunName } from './update-report.ts';

/** Steps one after the other. */
export interface Run {
  readonly name: RunName;
  readonly start: Before;
  /** The count of its first step. */
  readonly from: number;
  /** The gradients of each step. */
  readonly grads: readonly Float64Array[][];
  /** Whether every step begins with the parameters of the first, so that they stay as small as they are. */
  readonly keepsParameters: boolean;
}

/** How many steps the given gradients are followed by, and how many the other runs take. */
const [given, others] = [5, 5];

/** The given gradients, then others like them: signs and sizes drawn anew, the same for the same seed. */
export function likeGiven(grads: readonly Float64Array[], seed: number): Float64Array[][] {
  const random = new RandomGenerator(seed);
  const more = Array.from({ length: given - 1 }, () => grads.map((each) => redrawn(each, random)));
  return [grads.map((each) => each.slice()), ...more];
}

function redrawn(g: Float64Array, random: RandomGenerator): Float64Array {
  const size = Math.sqrt(g.reduce((sum, each) => sum + each * each, 0) / Math.max(1, g.length)) || 1;
  const noise = random.normal([g.length], 0, 0.3 * size, 'float64').toData();
  return g.map((each, i) => each * (random.next() < 0.5 ? -1 : 1) * (0.5 + random.next()) + noise[i]!);
}

/** The runs beside the given one: they need a step that keeps nothing to itself. */
export function otherRuns({ slots, constants }: Reference, first: Run, seed: number): Run[] {
  const random = new RandomGenerator(seed + 1);
  const sizes = first.start.params.map(({ length }) => length);
  const start = (params: readonly Float64Array[]): Before => ({ params, slots: zeroSlots(slots, sizes) });
  const runs: Run[] = [];
  if (first.from > 1) {
    const grads = Array.from({ length: others }, () => first.grads[0]!.map((each) => redrawn(each, random)));
    runs.push({ name: 'first steps', start: start(first.start.params), from: 1, grads, keepsParameters: false });
  }
  if (slots.includes('v') && constants.epsilon > 0) {
    // Parameters as small as that too: by coupled decay they are part of the gradient.
    const draw = (): Float64Array[] =>
      sizes.map((size) => Float64Array.from(random.normal([size], 0, 2 * constants.epsilon, 'float64').toData()));
    const grads = Array.from({ length: others }, draw);
    runs.push({ name: 'small', start: start(draw()), from: 1, grads, keepsParameters: true });
  }
  return runs;
}

/** Slots before the first step. */
export function zeroSlots(slots: readonly SlotName[], sizes: readonly number[]): Before['slots'] {
  return Object.fromEntries(slots.map((slot) => [slot, sizes.map((size) => new Float64Array(size))]));
}
