// The third opinion: how the loss itself changes where an element of a named value is shifted.

import type { Tensor } from '@tapegrad/core';
import { finite, indexOf, largest } from '../comparison.ts';
import { numericDerivative } from '../numeric.ts';
import type { NumericOpinion, ThreeOpinions } from './audit-report.ts';
import { costOf } from './cost.ts';
import type { ForwardPass } from './forward-pass.ts';

/** What differences may be off by, relative to the gradient's largest element: they are exact to about 1e-9. */
const tolerance = 1e-5;

/** How many of the elements are shown. */
const shown = 4;

/** How long differences may take over all by the estimate, in milliseconds; and how often the loss is computed for each element. */
const [patience, evaluations] = [300, 8];

/** How many elements of each gradient are tried, so that all of it takes a fraction of a second: 24, or fewer, and at least one. */
export function elementsPerTerm(pass: ForwardPass, terms: number): number {
  if (pass.precision === 'float32') return 0; // differences would be rounding
  const each = evaluations * costOf(pass.nodes, pass.nodes.keys());
  return Math.max(1, Math.min(24, Math.floor(patience / each / Math.max(terms, 1))));
}

/** One element in three opinions, with what the differences may be off by. */
interface Trial {
  readonly opinions: ThreeOpinions;
  readonly smooth: boolean;
  /** Whether the formula and the tape differ here by more than the numbers could overlook. */
  readonly apart: boolean;
  readonly withAuto: boolean;
  readonly withHand: boolean;
}

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
  const center = pass.loss.item();
  const trials = mostTelling(auto, hand, elements).map((at): Trial => {
    const options = { center, evaluations };
    const derivative = numericDerivative((shift) => pass.lossAt(name, at, shift), x[at]!, scale, options);
    const smooth = derivative.verdict === 'smooth';
    const numeric = smooth ? derivative.value : Number.NaN;
    // At a kink the error is about as large as the gap, and says nothing of how far apart formula and tape are.
    const allowed = tolerance * size + (smooth ? 2 * derivative.error : 0);
    const [own, other] = [auto[at]!, hand === null ? auto[at]! : hand[at]!];
    return {
      opinions: {
        where: indexOf(at, gradient.shape),
        manual: hand === null ? null : finite(other),
        autograd: finite(own),
        numeric: finite(numeric),
      },
      smooth,
      apart: !(Math.abs(other - own) <= allowed),
      withAuto: Math.abs(numeric - own) <= allowed,
      withHand: Math.abs(numeric - other) <= allowed,
    };
  });
  return {
    agreesWith: verdictOf(trials, hand !== null, differs(auto, hand, size)),
    tried: trials.length,
    of: gradient.size,
    elements: trials.slice(0, shown).map(({ opinions }) => opinions),
  };
}

/** Whether two gradients are apart by more than rounding, beside their size. */
function differs(auto: ArrayLike<number>, hand: ArrayLike<number> | null, size: number): boolean {
  return hand !== null && Array.from(hand).some((element, i) => !(Math.abs(element - auto[i]!) <= 1e-9 * size));
}

function verdictOf(trials: readonly Trial[], isHand: boolean, differ: boolean): NumericOpinion['agreesWith'] {
  // Where they differ is what is asked: elsewhere both are right or both are wrong.
  const apart = trials.filter((trial) => trial.apart);
  const asked = (apart.length > 0 ? apart : trials).filter(({ smooth }) => smooth);
  if (asked.length === 0) return 'not differentiable here';
  if (isHand && differ && apart.length === 0) return 'cannot tell';
  const [auto, hand] = [asked.every(({ withAuto }) => withAuto), asked.every(({ withHand }) => withHand)];
  if (!isHand) return auto ? 'autograd' : 'neither';
  if (auto) return hand ? 'both' : 'autograd';
  return hand ? 'manual' : 'neither';
}

/** The positions where two gradients differ most, then those where the gradient is largest. */
function mostTelling(auto: ArrayLike<number>, hand: ArrayLike<number> | null, count: number): number[] {
  const weight = (i: number): number => {
    const difference = hand === null ? 0 : Math.abs(hand[i]! - auto[i]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  };
  const isBefore = (a: number, b: number): boolean => {
    const [x, y] = [weight(a), weight(b)];
    return x === y ? Math.abs(auto[a]!) > Math.abs(auto[b]!) : x > y;
  };
  // The few best of many: no need to sort the rest.
  const best: number[] = [];
  for (let i = 0; i < auto.length; i++) {
    if (best.length === count && !isBefore(i, best[count - 1]!)) continue;
    const place = best.findIndex((other) => isBefore(i, other));
    best.splice(place < 0 ? best.length : place, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}
