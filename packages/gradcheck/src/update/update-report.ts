// What an audit of an optimizer's step found, as plain data that JSON can hold (null for what is not finite). How it is found is in the
// files beside this one, how it is shown in `report/`.

import type { FloatDType, Shape } from '@tapegrad/core';
import type { Comparison } from '../comparison.ts';
import type { ConstantName, SlotName } from './rule.ts';
import type { Convention, RuleName } from './rules.ts';

/**
 * What is said of one quantity:
 *
 * - `right`: what the rule gives, up to rounding in float64.
 * - `single`: right as far as float32 goes.
 * - `wrong`: wrong in itself, on right input.
 * - `consequence`: right for the slots that were handed back with it, but these are wrong.
 * - `missing`: it was not handed back, or could not be read.
 */
export type UpdateVerdict = 'right' | 'single' | 'wrong' | 'consequence' | 'missing';

/**
 * Under which gradients steps were taken: the `given` ones and others like them; others so small that ε counts (`small`); or, where
 * the given step is a later one, from the first step on (`first steps`).
 */
export type RunName = 'given' | 'small' | 'first steps';

/** One quantity at one step. */
export interface UpdateStepReport {
  readonly run: RunName;
  /** The step, counted from 1. */
  readonly t: number;
  readonly verdict: UpdateVerdict;
  /** Beside what the rule gives; of a parameter the change that the step made. Null where it was not handed back. */
  readonly comparison: Comparison | null;
}

/** A slot of a parameter, or its update, over all steps. */
export interface UpdateQuantity {
  /** The way to the parameter in its nesting: `W1`, `layers[0].bias`. */
  readonly parameter: string;
  /** A slot, or `update`: the change of the parameter itself. */
  readonly quantity: SlotName | 'update';
  readonly shape: Shape;
  /** The worst of its steps. */
  readonly verdict: UpdateVerdict;
  /** Whether it is the first one that is wrong. */
  readonly first: boolean;
  readonly steps: readonly UpdateStepReport[];
}

/** A mistake that would give exactly what was handed back: tested in numbers, and likely, not certain. */
export interface UpdateCause {
  /** Names of deviations: one, or two that come together. */
  readonly ids: readonly string[];
  /** A sentence without its full stop. */
  readonly text: string;
  /** What is left unexplained: ‖manual − hypothesis‖ / ‖manual‖, at most over slots and updates. */
  readonly residual: number;
  /** The constant factor that it takes; null where there is none. */
  readonly factor: number | null;
  /** The parameters that it explains. */
  readonly parameters: readonly string[];
}

/** What an audit of a step found. */
export interface UpdateReport {
  readonly kind: 'update';
  /** Whether all that was handed back is right, and nothing is missing that had to be. */
  readonly ok: boolean;
  /** In one sentence, what to look at first. */
  readonly summary: string;
  /** What the step was held against. */
  readonly rule: {
    readonly name: RuleName;
    readonly title: string;
    readonly formula: string;
    readonly source: string;
    readonly convention: Convention | null;
    readonly options: { readonly [C in ConstantName]?: number };
  };
  /** What the hand-written step computed in; the rule computes in float64. */
  readonly precision: FloatDType;
  /**
   * Where each step started from: the rule's own state, so that one mistake does not hide another (`restarted`); or what the hand-written
   * optimizer kept to itself (`own`), as it hands no state back.
   */
  readonly state: 'restarted' | 'own' | 'none';
  /** What the gradients of the later steps were drawn from. */
  readonly seed: number;
  /** In the order of the parameters: slots, then the update. */
  readonly quantities: readonly UpdateQuantity[];
  /** Where the first wrong one is. */
  readonly firstWrong: {
    readonly parameter: string;
    readonly quantity: SlotName | 'update';
    readonly run: RunName;
    readonly t: number;
  } | null;
  /** Best first; empty where nothing is wrong, or where no known cause fits. */
  readonly causes: readonly UpdateCause[];
  /** Parameters with something wrong that no known cause fits. */
  readonly unexplained: readonly string[];
  /** What is wrong with what came back as a whole: that it threw, gave nothing, or gave unknown names. */
  readonly problems: readonly string[];
  /** What to know beside it. */
  readonly notes: readonly string[];
}
