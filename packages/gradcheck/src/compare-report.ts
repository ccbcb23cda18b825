// What a comparison of gradients found, as plain data that JSON can hold.

import type { FloatDType, Shape } from '@tapegrad/core';
import type { Comparison } from './comparison.ts';

/**
 * What is said of one gradient: `right` up to rounding; `approximate`: right as far as float32 goes, so that what is left may be an ε;
 * `wrong`; `missing`, not returned; or `unknown`, returned under a name that no input has.
 */
export type CompareVerdict = 'right' | 'approximate' | 'wrong' | 'missing' | 'unknown';

/** The gradient by one input. */
export interface CompareRow {
  readonly name: string;
  readonly shape: Shape;
  readonly verdict: CompareVerdict;
  /** Whether both are the same bit for bit. */
  readonly exact: boolean;
  /** Whether all elements are within the tolerance, as `torch.allclose` has it. */
  readonly approximate: boolean;
  /** The differences; null where there was nothing to compare. */
  readonly comparison: Comparison | null;
  /** What is wrong with what was returned, where it could not be compared. */
  readonly problem: string | null;
}

/** What {@link compareGradients} found. */
export interface CompareReport {
  readonly kind: 'comparison';
  /** Whether every gradient is right, or approximate, and no problem was met. */
  readonly ok: boolean;
  /** What both were computed in. */
  readonly precision: FloatDType;
  /** What the cotangent was drawn from; null for a scalar, whose cotangent is 1. */
  readonly seed: number | null;
  readonly rows: readonly CompareRow[];
  /** What is wrong with the functions as a whole: that one threw, or returned nothing. */
  readonly problems: readonly string[];
}
