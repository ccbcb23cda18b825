// The third opinion: how the loss itself changes where an element of a named value is shifted.

import type { Tensor } from '@tapegrad/core';
import { finite, indexOf, largest } from '../comparison.ts';
import { numericDerivative } from '../numeric.ts';
import type { NumericOpinion, ThreeOpinions } from './audit-report.ts';
import type { ForwardPass } from './forward-pass.ts';

/** What differences may be off by, relative to the gradient's largest element: they are exact to about 1e-9. */
const tolerance = 1e-5;

/** How many of the elements are shown. */
const shown = 4;

/**
 * Holds gradients against central differences, at the elements where they differ most, or where the gradient is largest.
 *
 * @param manual - the hand-written gradient; null where there is none to compare.
 */
export function numericOpinion(
  pass: ForwardPass,
  name: string,
  manual: Tensor | null,
  elements: number,
): NumericOpinion | null {
  const { value, gradient } = pass.named.get(name)!;
  if (gradient.size === 0) return null;
  const auto = gradient.toData();
  const hand = manual !== null && manual.size === gradient.size ? manual.toData() : null;
  const x = value.toData();
  const scale = largest(x) || 1;
  const size = Math.max(largest(auto), hand === null ? 0 : largest(hand)) || 1;
  const tried = mostTelling(auto, hand, elements);
  const center = pass.loss.item();
  let [agreesAuto, agreesHand, smooth] = [true, true, 0];
  const opinions: ThreeOpinions[] = tried.map((at) => {
    const derivative = numericDerivative((shift) => pass.lossAt(name, at, shift), x[at]!, scale, {
      center,
      evaluations: 8,
    });
    const numeric = derivative.verdict === 'smooth' ? derivative.value : Number.NaN;
    const allowed = tolerance * size + 2 * derivative.error;
    if (derivative.verdict === 'smooth') {
      smooth++;
      if (!(Math.abs(numeric - auto[at]!) <= allowed)) agreesAuto = false;
      if (hand !== null && !(Math.abs(numeric - hand[at]!) <= allowed)) agreesHand = false;
    }
    return {
      where: indexOf(at, gradient.shape),
      manual: hand === null ? null : finite(hand[at]!),
      autograd: finite(auto[at]!),
      numeric: finite(numeric),
    };
  });
  return {
    agreesWith:
      smooth === 0 ? 'not differentiable here' : sideOf(agreesAuto, hand !== null && agreesHand, hand === null),
    tried: tried.length,
    of: gradient.size,
    elements: opinions.slice(0, shown),
  };
}

function sideOf(auto: boolean, hand: boolean, alone: boolean): NumericOpinion['agreesWith'] {
  if (alone) return auto ? 'autograd' : 'neither';
  if (auto) return hand ? 'both' : 'autograd';
  return hand ? 'manual' : 'neither';
}

/** The positions where two gradients differ most, then those where the gradient is largest. */
function mostTelling(auto: ArrayLike<number>, hand: ArrayLike<number> | null, count: number): number[] {
  const weight = (i: number): number => {
    const difference = hand === null ? 0 : Math.abs(hand[i]! - auto[i]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  };
  return Array.from({ length: auto.length }, (_, i) => i)
    .sort((a, b) => weight(b) - weight(a) || Math.abs(auto[b]!) - Math.abs(auto[a]!))
    .slice(0, count);
}
