// What a check of gradients found, as plain data that JSON can hold (null for what is not finite).

import type { Shape } from '@tapegrad/core';
import type { Smoothness } from './numeric.ts';

/** How derivatives are checked: each by itself, or sums of them along random directions. */
export type CheckMethod = 'full' | 'projections';

/**
 * What is said of the derivatives by one input:
 *
 * - `right`: autograd agrees with the differences.
 * - `wrong`: it does not.
 * - `not differentiable here`: the function has a kink, a jump or an edge at every place that was tried.
 * - `undecided`: autograd differs, but the differences are too imprecise to say so: rounding hides them.
 */
export type CheckVerdict = 'right' | 'wrong' | 'not differentiable here' | 'undecided';

/** A place where the function has no derivative. Not counted as a mistake: there autograd may give what it likes. */
export interface NotDifferentiable {
  /** The index in the input; with projections the number of the projection. */
  readonly index: readonly number[];
  readonly why: Exclude<Smoothness, 'smooth'>;
  /** The derivatives from below and from above; at a jump they only grow. */
  readonly left: number | null;
  readonly right: number | null;
  readonly autograd: number | null;
}

/** The derivatives of one order by one input. */
export interface CheckEntry {
  /** The input's path, `layers[0].W`; its name where it has none. */
  readonly name: string;
  readonly order: 1 | 2;
  readonly shape: Shape;
  readonly method: CheckMethod;
  /** How many derivatives were compared. */
  readonly checked: number;
  readonly wrong: number;
  readonly undecided: number;
  /** The largest difference; null where one is not finite. */
  readonly maxAbs: number | null;
  /** The largest difference relative to the larger of both, or to the size at which the absolute tolerance takes over. */
  readonly maxRel: number | null;
  /**
   * The index in the input (the number of the projection) of the largest difference, among those that are wrong if there are any; null where
   * nothing was compared.
   */
  readonly where: readonly number[] | null;
  /** Of what the function gives there, the part and the index in it; null for a scalar, and with projections. */
  readonly output: { readonly name: string; readonly index: readonly number[] } | null;
  /** Both derivatives there. */
  readonly autograd: number | null;
  readonly numeric: number | null;
  /** How precise the difference is there, by its own estimate. */
  readonly numericError: number | null;
  readonly verdict: CheckVerdict;
  /** Each place in the input once. */
  readonly notDifferentiable: readonly NotDifferentiable[];
}

/** What {@link checkGradients} found. */
export interface CheckReport {
  readonly kind: 'check';
  /** Whether nothing is wrong or undecided, and no problem was met. */
  readonly ok: boolean;
  readonly order: 1 | 2;
  /** What the random directions were drawn from. */
  readonly seed: number;
  readonly relative: number;
  readonly absolute: number;
  /** Whether float32 inputs were converted to float64 for it. */
  readonly promoted: boolean;
  /** An entry for each order and input. */
  readonly entries: readonly CheckEntry[];
  /** What is wrong with the function at this point: that it is NaN or infinite. */
  readonly problems: readonly string[];
}
