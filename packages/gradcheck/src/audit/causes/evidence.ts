// How much a fit says. A hypothesis with a free parameter fits a single number whatever that is: only what is left over of the numbers,
// once the parameters have taken theirs, speaks for it.

import { largest } from '../../comparison.ts';

/** The most that any fit may leave unexplained, relative to what it explains. */
export const loosest = 0.05;

/** How often a hypothesis that is not the mistake may fit by accident. */
const accident = 1e-3;

/**
 * What a fit may leave unexplained where so many numbers are left over: the more, the less likely they all fit by accident.
 * Negative, so that nothing passes, where there is none.
 */
export function toleranceFor(spare: number): number {
  return spare < 1 ? -1 : Math.min(loosest, accident ** (1 / spare));
}

/** How many different numbers there are among values: of those that are large enough beside the largest for a fit by norms to see them. */
export function visibleNumbers(values: ArrayLike<number>): number {
  return differentNumbers(values, loosest * largest(values));
}

/** How many different numbers other than 0 there are among values, or of a larger size than `least`. */
export function differentNumbers(values: ArrayLike<number>, least: number = 0): number {
  const large = Array.from(values).filter((value) => Math.abs(value) > least);
  return new Set(large.map((value) => value.toPrecision(6))).size;
}

/** A fitted constant, and what it leaves unexplained. */
export interface Fit {
  readonly value: number;
  readonly residual: number;
}

/**
 * The constant that was fitted to so many numbers, if they bear it out; or the power of ten beside it, which is a constant that authors
 * write, and takes none of the numbers; null where neither fits well enough.
 */
export function believable(fitted: number, numbers: number, residualOf: (value: number) => number): Fit | null {
  const round = Math.sign(fitted) * 10 ** Math.round(Math.log10(Math.abs(fitted)));
  for (const [value, parameters] of [
    [fitted, 1],
    [round, 0],
  ] as const) {
    const tolerance = toleranceFor(numbers - parameters);
    if (tolerance < 0) continue;
    const residual = residualOf(value);
    if (residual <= tolerance) return { value, residual };
  }
  return null;
}
