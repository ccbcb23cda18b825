// What a deviation of a rule is. Those that are known are in the files beside this one, by what they are of.

import type { Constants, Parts, Stepper } from './rule.ts';
import type { Convention, RuleName } from './rules.ts';

/** A mistake, or a convention that is taken for another one, as a change of a rule: so that what it would give can be computed. */
export interface Deviation {
  readonly id: string;
  /** A sentence without its full stop: what is wrong, and how it should be. */
  readonly text: string;
  readonly rules: readonly RuleName[];
  /** In which conventions of a velocity it is a mistake. Default: in both. */
  readonly convention?: Convention;
  readonly apply: (rule: Stepper) => Stepper;
}

/** A change of formulas. */
export function withParts(change: (base: Parts) => Parts): Deviation['apply'] {
  return (rule) => ({ ...rule, parts: { ...rule.parts, ...change(rule.parts) } });
}

/** A change of the numbers that a rule is set by. */
export function withConstants(change: (base: Constants) => Partial<Constants>): Deviation['apply'] {
  return (rule) => ({ ...rule, constants: { ...rule.constants, ...change(rule.constants) } });
}
