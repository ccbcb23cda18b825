// Distributions over finitely many categories: checked, and as running sums that a uniform number is looked up in.

import { copyOf, type Nested } from './arrays.ts';
import { TapegradError } from './errors.ts';
import { readNested } from './nested.ts';
import { type Shape, showShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/** What is known of the categories: along the last axis, for each place of the axes before it, a distribution. */
export type Categories =
  | { readonly probabilities: Tensor | Nested; readonly logits?: undefined }
  | { readonly logits: Tensor | Nested; readonly probabilities?: undefined };

/** Distributions, each as the running sums of its weights. */
export interface Distributions {
  /** The shape of the places that have one. */
  readonly shape: Shape;
  readonly count: number;
  readonly cumulative: Float64Array;
}

/** How far probabilities may be from adding up to 1: they may have been computed in float32. */
const tolerance = 1e-3;

/** @throws TapegradError for what is no distribution, naming it. */
export function distributionsOf(op: string, categories: Categories): Distributions {
  const { probabilities, logits } = categories ?? {};
  if ((probabilities === undefined) === (logits === undefined)) {
    throw new TapegradError(op, 'Expected either probabilities or logits, as { probabilities } or { logits }.');
  }
  const what = logits === undefined ? 'probabilities' : 'logits';
  const given = logits ?? probabilities!;
  const array = given instanceof Tensor ? given.array : readNested(op, what, given)[0];
  const count = array.shape.at(-1);
  if (count === undefined || count === 0) {
    throw new TapegradError(
      op,
      `the ${what} have shape ${showShape(array.shape)}. Expected at least one category along the last axis.`,
    );
  }
  const cumulative = copyOf(array, 'float64').data as Float64Array;
  for (let start = 0; start < cumulative.length; start += count) {
    const weights = cumulative.subarray(start, start + count);
    if (logits === undefined) checkProbabilities(op, weights);
    else exponentiate(op, weights);
    for (let i = 1; i < count; i++) weights[i]! += weights[i - 1]!;
  }
  return { shape: array.shape.slice(0, -1), count, cumulative };
}

/** The category of the `row`-th distribution that a uniform number in [0, 1) falls into; never one of weight 0. */
export function categoryAt({ count, cumulative }: Distributions, row: number, uniform: number): number {
  const start = row * count;
  const sought = uniform * cumulative[start + count - 1]!;
  let [first, last] = [0, count - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (cumulative[start + middle]! > sought) last = middle;
    else first = middle + 1;
  }
  return first;
}

function checkProbabilities(op: string, weights: Float64Array): void {
  const wrong = weights.find((weight) => !(weight >= 0 && weight <= 1 + tolerance));
  if (wrong !== undefined) {
    throw new TapegradError(op, `a probability is ${wrong}. Expected numbers from 0 to 1; give scores as { logits }.`);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (Math.abs(total - 1) > tolerance) {
    throw new TapegradError(op, `the probabilities add up to ${total}. Expected 1.`);
  }
}

function exponentiate(op: string, weights: Float64Array): void {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), -Infinity);
  if (!Number.isFinite(largest)) {
    throw new TapegradError(
      op,
      `the largest logit is ${largest}. Expected a finite number; -Infinity rules a category out.`,
    );
  }
  for (let i = 0; i < weights.length; i++) weights[i] = Math.exp(weights[i]! - largest);
}
