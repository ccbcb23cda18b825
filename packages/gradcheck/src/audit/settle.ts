// The last word on each formula: where a mistake is small beside the largest element, where the numbers are against the tape, where the
// loss has a kink.

import { allFinite, largest } from '../comparison.ts';
import { numericDerivative } from '../numeric.ts';
import type { Cause, NumericOpinion } from './audit-report.ts';
import { factorCauseOf } from './causes/factor.ts';
import { findCauses } from './causes/find-causes.ts';
import type { Chain } from './chain.ts';
import type { ForwardPass } from './forward-pass.ts';
import { likeGradient } from './handed-shape.ts';
import { Kinship } from './kinship.ts';
import { numericOpinion } from './numeric-opinion.ts';
import { regionOf } from './region.ts';
import { isRightFree, type Judgement, judge } from './verdicts.ts';

/** Judges a chain, and again where something was overlooked at first. */
export function settle(pass: ForwardPass, chain: Chain): readonly Judgement[] {
  const first = judge(chain);
  const mistaken = first.filter((judgement) => isSmallMistake(pass, chain, judgement));
  const small = first.flatMap((judgement) => overlookedBy(judgement, first));
  const known = new Set([...mistaken, ...small].map(({ link }) => link.name));
  return known.size === 0 ? first : judge(chain, known);
}

/**
 * Whether a formula that is right to single precision is wrong all the same: a mistake other than an ε explains what is left, which
 * may be small beside the largest element. Only where no float32 can have been mixed in.
 */
function isSmallMistake(pass: ForwardPass, chain: Chain, judgement: Judgement): boolean {
  if (!judgement.link.alone.double || judgement.beside?.agreement !== 'single') return false;
  const [best] = causesOf(pass, chain, { ...judgement, verdict: 'approximate' });
  return best === undefined ? isOffByNumbers(pass, judgement) : best.kind !== 'epsilon';
}

/** Whether central differences are with the tape, against the formula, at the element that is off most beside its own size. */
function isOffByNumbers(pass: ForwardPass, { link, carried, meant, beside }: Judgement): boolean {
  if (carried === null || beside?.maxRel === undefined || (beside.maxRel ?? 1) <= overlooked) return false;
  const [hand, auto] = [carried.div(meant).toData(), link.gradient.toData()];
  const off = Array.from(
    auto,
    (own, i) => Math.abs(hand[i]! - own) / (Math.max(Math.abs(hand[i]!), Math.abs(own)) || 1),
  );
  const at = off.indexOf(Math.max(...off));
  const x = pass.named.get(link.name)!.value.toData();
  const derivative = numericDerivative((shift) => pass.lossAt(link.name, at, shift), x[at]!, largest(x) || 1);
  const gap = Math.abs(hand[at]! - auto[at]!);
  return derivative.verdict === 'smooth' && Math.abs(derivative.value - auto[at]!) + derivative.error <= gap / 10;
}

/** How far off an element must be, relative to itself, to be wrong although it is small beside the largest one. */
const overlooked = 1e-2;

/** The formulas whose small differences grow large in this one, where nothing else explains that its author gets it wrong. */
function overlookedBy({ link, verdict, carries }: Judgement, all: readonly Judgement[]): readonly Judgement[] {
  if (!['right', 'approximate', 'scaled'].includes(verdict) || isRightFree(link, carries)) return [];
  const before = new Kinship(all.map((other) => other.link)).ancestors(link.name);
  // Not what an author's own rounding makes, where his formula cancels worse than the tape's.
  const isOff = ({ beside }: Judgement): boolean =>
    beside?.agreement === 'single' && (beside.maxRel === null || beside.maxRel > overlooked);
  return all.filter((other) => before.has(other.link.name) && other.link.alone.double && isOff(other));
}

/** The numbers on each formula. */
export function opinionsOn(
  pass: ForwardPass,
  judgements: readonly Judgement[],
  elements: number,
): readonly (NumericOpinion | null)[] {
  return judgements.map(({ link, verdict, factor }) => {
    if (elements === 0) return null;
    const manual = likeGradient(link.alone.value, link.gradient);
    // A factor that is no mistake is not what the numbers are asked about.
    const times = verdict === 'right' || verdict === 'consequence' ? (factor ?? 1) : 1;
    return numericOpinion(pass, link.name, manual?.div(times) ?? null, elements);
  });
}

/** A judgement that the numbers change: where they are with the formula, against the tape; or where there is no derivative. */
export function overrule(
  judgements: readonly Judgement[],
  opinions: readonly (NumericOpinion | null)[],
): readonly Judgement[] {
  const tapeIsWrong = new Set<string>();
  const kinked = new Set<string>();
  const wrong = new Set<string>();
  return judgements.map((judgement, i): Judgement => {
    const { link, verdict } = judgement;
    const { name, uses } = link;
    const side = opinions[i]?.agreesWith;
    const stems = (from: ReadonlySet<string>): boolean => uses.some((used) => from.has(used));
    if (verdict === 'wrong' && side === 'manual') {
      tapeIsWrong.add(name);
      return { ...judgement, verdict: 'right', factor: 1 };
    }
    // Behind a wrong adjoint the tape has only wrong ones.
    if (stems(tapeIsWrong)) {
      tapeIsWrong.add(name);
      return verdict === 'consequence' ? { ...judgement, verdict: 'unjudged', factor: null } : judgement;
    }
    const isKink = verdict === 'wrong' && side === 'not differentiable here';
    if (isKink || (verdict === 'consequence' && stems(kinked) && !stems(wrong))) {
      kinked.add(name);
      return { ...judgement, verdict: 'unjudged', factor: null, isKink: true };
    }
    if (verdict === 'wrong' || verdict === 'consequence') wrong.add(name);
    return judgement;
  });
}

/** What the mistake probably is. */
export function causesOf(pass: ForwardPass, chain: Chain, judgement: Judgement): Cause[] {
  const { link, verdict, factor, carried, meant } = judgement;
  if (verdict !== 'wrong' && verdict !== 'regrouped' && verdict !== 'approximate') return [];
  if (carried === null || !allFinite(carried)) return [];
  const causes = findCauses({
    name: link.name,
    at: pass.named.get(link.name)!.at,
    manual: carried.div(meant),
    expected: link.gradient,
    pass,
    region: regionOf(pass, chain.links, link),
    lengths: chain.lengths,
  });
  if (!link.regrouped) return causes;
  // What follows shows what it is the gradient by; if it is wrong, it is by the factor that nobody makes up for.
  const rank = ({ kind }: Cause): number => (kind === 'misplaced' ? 0 : 1);
  const sorted = causes.sort((a, b) => rank(a) - rank(b));
  return verdict === 'wrong' && factor !== null ? [factorCauseOf(factor, chain.lengths), ...sorted] : sorted;
}
