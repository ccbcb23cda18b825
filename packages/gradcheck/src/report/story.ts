// What is to be said of one gradient, in sentences and numbers. The formats lay it out; none adds or leaves out a fact.

import type { Cause, FormulaText, NumericOpinion, TermReport, ThreeOpinions } from '../audit/audit-report.ts';
import { sentence } from '../audit/summary.ts';
import type { Comparison } from '../comparison.ts';
import { showFactor, showIndex, showNumber, showPercent } from './numbers.ts';
import { equation } from './tex.ts';
import { showName, visible } from './visible.ts';

/** A cause in words: `likely`, the mistake, and how well it fits. */
export interface CauseLine {
  readonly rank: 'likely' | 'also possible' | 'fits less well';
  readonly text: string;
  /** `fits exactly`, `leaves 3.1% unexplained`. */
  readonly fit: string;
}

/** A formula with the name on its left side; null where none is known. */
export interface FormulaLine {
  readonly by: 'automatic' | 'manual';
  readonly formula: FormulaText | null;
}

/** What is to be said of one gradient. */
export interface TermStory {
  readonly sentences: readonly string[];
  readonly opinions: readonly ThreeOpinions[];
  readonly causes: readonly CauseLine[];
  readonly formulas: readonly FormulaLine[];
}

/** Whether there is more to say of it than a row of the table says. */
export function isWorthReading(term: TermReport): boolean {
  return term.problem !== null || (term.verdict !== 'right' && term.verdict !== 'consequence');
}

/** Tells what was found of a gradient. */
export function storyOf(term: TermReport): TermStory {
  const causes = causeLines(term.causes);
  // A wrong gradient of another shape may be compared all the same, where it is finite: its shape is not all that is wrong.
  const isCompared = term.problem === null || (term.verdict === 'wrong' && (term.alone?.maxAbs ?? null) !== null);
  const sentences = [
    ...(term.problem === null ? whatItIs(term) : [sentence(visible(term.problem))]),
    ...(isCompared ? differences(term) : []),
    ...(term.numeric === null ? [] : [judgement(term.numeric, term.verdict === 'wrong')]),
    ...(term.verdict === 'wrong' && isCompared && causes.length === 0 ? ['No known cause fits.'] : []),
  ];
  return {
    sentences,
    opinions: opinionsOf(term),
    causes,
    formulas: (['automatic', 'manual'] as const).map((by) => ({ by, formula: equation(term.name, term[by]) })),
  };
}

function whatItIs(term: TermReport): string[] {
  switch (term.verdict) {
    case 'right':
      return term.factor === null || term.factor === 1
        ? ['The formula gives what the tape gives.']
        : [
            `On right input the formula gives ${showFactor(term.factor)} the gradient: it makes up for what its input carries.`,
          ];
    case 'approximate':
      return ['Right as far as float32 goes: what is left is rounding, or as small as an ε.'];
    case 'scaled':
      return scaledSentences(term);
    case 'regrouped':
      return [
        `This is not the gradient of the loss by ${showName(term.name)}, but what is computed from it is right: two steps were derived as one.`,
        ...madeUp(term),
      ];
    case 'wrong':
      return wrongSentences(term);
    case 'consequence':
      return [
        'The formula is right: on right input it gives what the tape gives. It works on what is wrong before it.',
      ];
    case 'missing':
      return ['The backward pass never handed it in.'];
    case 'unjudged':
      return ["The tape's own gradient is not finite: there is nothing to hold the formula against."];
    default:
      return term.verdict satisfies never;
  }
}

function wrongSentences({ alone }: TermReport): string[] {
  if (alone === null) return ['The formula gives something else than the tape, on right input.'];
  return alone.agreement === 'exact' || alone.agreement === 'rounding'
    ? ['On right input the formula gives what the tape gives, but not on what this chain hands to it.']
    : [];
}

function scaledSentences(term: TermReport): string[] {
  const { factor, carries } = term;
  const alone =
    factor === null || factor === 1 ? [] : [`On right input the formula gives ${showFactor(factor)} the gradient.`];
  const chain =
    carries === 1
      ? []
      : [`In the chain it is ${showFactor(carries)} the gradient of the loss: a convention, not a mistake.`];
  return [...alone, ...chain, ...madeUp(term)];
}

function madeUp({ madeUpAt }: TermReport): string[] {
  return madeUpAt.length === 0 ? [] : [`That is made up for at ${listed(madeUpAt.map(showName))}.`];
}

/** `W2, b2 and W1`, the first eight of them. */
function listed(names: readonly string[]): string {
  if (names.length > 8) return `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** How far off it is alone, and in the chain where that is something else; not where a factor or a regrouping says it better. */
function differences({ alone, free, verdict }: TermReport): string[] {
  if (verdict === 'scaled' || verdict === 'regrouped') return [];
  const lines: string[] = [];
  if (alone !== null && alone.agreement !== 'exact' && alone.agreement !== 'rounding')
    lines.push(`On right input the formula is ${distance(alone)}.`);
  if (free !== null && free.agreement !== 'exact' && free.agreement !== 'rounding' && !same(alone, free)) {
    lines.push(`${verdict === 'missing' ? 'It' : 'In the chain it'} is ${distance(free)}.`);
  }
  return lines;
}

function same(a: Comparison | null, b: Comparison): boolean {
  return a !== null && a.maxAbs === b.maxAbs && a.actual === b.actual && a.expected === b.expected;
}

/** `off by up to 0.031 at [0, 3], 0.034 instead of 0.003 (relative: up to 91 %)`. */
function distance({ maxAbs, maxRel, where, actual, expected }: Comparison): string {
  const place = where === null || where.length === 0 ? '' : ` at ${showIndex(where)}`;
  if (maxAbs === null) return `not finite${place}: ${finiteOrNot(actual)} instead of ${finiteOrNot(expected)}`;
  const [is, instead] = [showNumber(actual), showNumber(expected)];
  const values = where === null || is === instead ? '' : `, ${is} instead of ${instead}`;
  return `off by up to ${showNumber(maxAbs)}${place}${values} (relative: up to ${relative(maxRel)})`;
}

function finiteOrNot(value: number | null): string {
  return value === null ? 'NaN or infinity' : showNumber(value);
}

/** Rounding reads better as `2.2e-16` than as a percentage. */
function relative(share: number | null): string {
  return share !== null && share < 1e-4 ? showNumber(share) : showPercent(share);
}

function judgement({ agreesWith, tried, of }: NumericOpinion, wrong: boolean): string {
  const extent = tried === of ? (of === 1 ? 'its one element' : `all ${of} elements`) : `${tried} of ${of} elements`;
  const numbers = `Central differences (${extent})`;
  switch (agreesWith) {
    case 'both':
      return `${numbers} agree with both.`;
    case 'autograd':
      return `${numbers} agree with autograd${wrong ? ': it is the formula that is wrong' : ''}.`;
    case 'manual':
      return `${numbers} agree with the formula, not with autograd: suspect the tape's rule before the formula.`;
    case 'neither':
      return `${numbers} agree with neither.`;
    case 'cannot tell':
      return `${numbers} cannot tell: the two differ by less than these see.`;
    case 'not differentiable here':
      return 'The loss is not differentiable here, so central differences cannot judge.';
    default:
      return agreesWith satisfies never;
  }
}

/** Where no numbers were tried, the one element at which formula and tape differ most. */
function opinionsOf({ numeric, alone }: TermReport): readonly ThreeOpinions[] {
  if (numeric !== null && numeric.elements.length > 0) return numeric.elements.slice(0, 5);
  if (alone === null || alone.where === null) return [];
  return [{ where: alone.where, manual: alone.actual, autograd: alone.expected, numeric: null }];
}

/** Below this a hypothesis explains all there is to explain; and what is left of two is no reason to prefer one. */
const exactFit = 1e-6;

function causeLines(causes: readonly Cause[]): CauseLine[] {
  const best = causes[0]?.residual ?? 0;
  return causes.map(({ text, residual }, i) => {
    const rank = i === 0 ? 'likely' : residual <= Math.max(exactFit, best * 2) ? 'also possible' : 'fits less well';
    const fit = residual <= exactFit ? 'fits exactly' : `leaves ${showPercent(residual)} unexplained`;
    return { rank, text: visible(text).replace(/\.$/, ''), fit };
  });
}
