// What an audit of a backward pass found, as plain data that JSON can hold (null for what is not finite). How it is found is in the
// files beside this one, how it is shown in `report/`.

import type { FloatDType, Shape } from '@tapegrad/core';
import type { Comparison } from '../comparison.ts';

/**
 * What is said of one hand-written gradient:
 *
 * - `right`: the formula gives what the tape gives, and so does the chain up to it.
 * - `approximate`: right as far as float32 goes; what is left is rounding, or as small as an ε.
 * - `scaled`: right up to a constant factor that later formulas make up for: a convention, such as 1/m taken only at the weights.
 * - `regrouped`: not the gradient of what it is named after, but what follows from it is right: two steps derived as one.
 * - `wrong`: wrong in itself, on right input.
 * - `consequence`: its formula is right, but it works on what is wrong before it.
 * - `missing`: the backward pass never handed it in.
 * - `unjudged`: there is nothing to hold it against: the tape's own gradient is not finite, or wrong; or the loss has a kink where they
 *   differ, and no derivative. {@link TermReport.problem} says which.
 */
export type Verdict =
  | 'right'
  | 'approximate'
  | 'scaled'
  | 'regrouped'
  | 'wrong'
  | 'consequence'
  | 'missing'
  | 'unjudged';

/** The kinds of mistake that the audit tries. */
export type CauseKind =
  | 'factor'
  | 'sign'
  | 'transpose'
  | 'reduction'
  | 'activation'
  | 'operand'
  | 'path'
  | 'loss'
  | 'misplaced'
  | 'zero'
  | 'epsilon';

/** A mistake that would give exactly what was handed in: tested in numbers, and likely, not certain. */
export interface Cause {
  readonly kind: CauseKind;
  /** A sentence: "the derivative of sigmoid is missing: …". */
  readonly text: string;
  /** What is left unexplained: ‖manual − hypothesis‖ / ‖manual‖. */
  readonly residual: number;
  /** The constant factor that the hypothesis takes beside it; 1 for none. */
  readonly factor: number;
}

/** One element in three opinions; null where one is not finite. */
export interface ThreeOpinions {
  readonly where: readonly number[];
  readonly manual: number | null;
  readonly autograd: number | null;
  readonly numeric: number | null;
}

/** Central differences of the loss, with the named value itself shifted, as the judge between formula and tape. */
export interface NumericOpinion {
  /** With which of the two the numbers agree; `cannot tell` where these differ by less than differences of the loss can see. */
  readonly agreesWith: 'both' | 'autograd' | 'manual' | 'neither' | 'cannot tell' | 'not differentiable here';
  /** How many elements were tried, those among them where manual and autograd differ most. */
  readonly tried: number;
  readonly of: number;
  /** Some of them, the largest difference first. */
  readonly elements: readonly ThreeOpinions[];
}

/** A formula, as text and as TeX. */
export interface FormulaText {
  readonly plain: string;
  readonly tex: string;
}

/** Elements as nested lists, cut to the first 64 along the last two axes (and the first along others), for pictures. */
export interface ElementSample {
  /** Rows of numbers: a vector is one row, a scalar one number; null for what is not finite. */
  readonly rows: readonly (readonly (number | null)[])[];
  /** Whether that is all of it. */
  readonly complete: boolean;
}

/** One gradient of the chain. */
export interface TermReport {
  /** What it is the gradient of: `Z2`. */
  readonly name: string;
  readonly kind: 'intermediate' | 'param' | 'input';
  readonly shape: Shape;
  readonly verdict: Verdict;
  /** Whether it is the first one that is wrong, in the order of the backward pass. */
  readonly first: boolean;
  /** The names of the gradients that the hand-written formula was computed from, as was found by shifting them. */
  readonly uses: readonly string[];
  /** manual = factor · autograd, judged alone; 1 where it is right, null where no factor makes it right. */
  readonly factor: number | null;
  /** The factor that the author's convention lets this gradient carry in the whole chain, 1 for none. */
  readonly carries: number;
  /** Where a factor is made up for: names of later gradients. */
  readonly madeUpAt: readonly string[];
  /**
   * The formula on right input beside the tape's gradient, times the factor of its author's convention where it has one; null where
   * there is none to compare.
   */
  readonly alone: Comparison | null;
  /** What the author would get, beside the tape's gradient times what it {@link TermReport.carries}. */
  readonly free: Comparison | null;
  readonly numeric: NumericOpinion | null;
  /** Best first; empty where it is right, or where no known cause fits. */
  readonly causes: readonly Cause[];
  /** What is wrong with what was handed in, where it could not be compared: its shape, NaN, an error that was thrown. */
  readonly problem: string | null;
  /** The tape's formula for it, in terms of the gradients before it. */
  readonly automatic: FormulaText | null;
  /** The author's formula: traced where it is written in tensors, or as its author gave it. */
  readonly manual: FormulaText | null;
  /** The arrays in numbers; null where there is none. The difference is the one that {@link TermReport.alone} measures. */
  readonly elements: {
    readonly manual: ElementSample | null;
    readonly autograd: ElementSample;
    readonly difference: ElementSample | null;
  };
}

/** What an audit found. */
export interface AuditReport {
  readonly kind: 'backward';
  /** Whether every gradient that the chain ends in is right as its author gets it, and no formula is wrong. */
  readonly ok: boolean;
  /** In one sentence, what to look at first. */
  readonly summary: string;
  readonly loss: number | null;
  /** What the audit computed in. */
  readonly precision: FloatDType;
  /** The gradients in the order in which they were handed in, then those that were not. */
  readonly terms: readonly TermReport[];
  /** The name of the first wrong one. */
  readonly firstWrong: string | null;
  /** What is wrong with the backward pass as a whole: that it threw, returned nothing, handed in unknown names. */
  readonly problems: readonly string[];
}
