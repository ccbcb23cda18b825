// What is said of each slot and update at each step: beside the rule's, and alone, beside what the rule makes of the slots that were
// handed back. Differences as small as rounding in float32 are none where that is what the hand-written step computed in.

import { fromData, type Shape } from '@tapegrad/core';
import { type Comparison, compare, finite, largest } from '../comparison.ts';
import type { Answer, Before } from './manual.ts';
import { type Constants, type SlotName, type Stepped, type Stepper, takeStep } from './rule.ts';
import type { RunName, UpdateVerdict } from './update-report.ts';

/** One step that was taken, by the rule and by hand. */
export interface Taken {
  readonly run: RunName;
  readonly t: number;
  readonly before: Before;
  readonly grads: readonly Float64Array[];
  /** By the rule, for each parameter. */
  readonly truth: readonly Stepped[];
  readonly answer: Answer;
}

/** A slot, or the change of the parameter itself. */
export type QuantityName = SlotName | 'update';

/** What was handed back of a quantity, as the change that it is; null where it was not. */
export interface Change {
  readonly old: Float64Array;
  readonly now: Float64Array;
  readonly manual: Float64Array;
}

/** The change that the hand-written step made to a quantity of parameter `i`. */
export function changeOf({ before, answer }: Taken, i: number, quantity: QuantityName): Change | null {
  const old = quantity === 'update' ? before.params[i]! : before.slots[quantity]![i]!;
  const now = (quantity === 'update' ? answer.params : answer.slots[quantity])?.[i] ?? null;
  return now === null ? null : { old, now, manual: now.map((value, j) => value - old[j]!) };
}

/** The change that a step by a rule makes to it. */
export function ruleChange(stepped: Stepped, quantity: QuantityName, old: Float64Array): Float64Array {
  return quantity === 'update' ? stepped.update : stepped.slots[quantity]!.map((value, j) => value - old[j]!);
}

/**
 * The change with what rounding explains taken out: where it differs from `expected` by no more, it is `expected`.
 *
 * A change is the difference of two numbers that may be much larger than it: their rounding is of their size.
 */
export function withoutRounding(
  { old, now, manual }: Change,
  expected: Float64Array,
  constants: Constants,
): Float64Array {
  const single = isSingle(now);
  const unit = single ? 2 ** -24 : 2 ** -53;
  // 1 − β is a difference too: its relative error, and so that of what is divided by it, is 1 / (1 − β) times as large.
  const { beta1, beta2, rho } = constants;
  const relative = single ? (8 * unit) / (1 - Math.max(beta1, beta2, rho)) : 0;
  return manual.map((change, j) => {
    const size = Math.max(Math.abs(old[j]!), Math.abs(now[j]!));
    const slack = 4 * unit * size + relative * Math.abs(expected[j]!);
    return Math.abs(change - expected[j]!) <= slack ? expected[j]! : change;
  });
}

/** Whether all numbers could be float32 without loss. */
export function isSingle(values: Float64Array): boolean {
  return values.every((value) => Object.is(Math.fround(value), value));
}

/** What is said of a quantity at a step. */
export interface Judged {
  readonly verdict: UpdateVerdict;
  readonly comparison: Comparison | null;
}

/** Judges the quantities of parameter `i` at a step: those `slots` that there are to judge, then the update. */
export function judge(
  rule: Stepper,
  taken: Taken,
  i: number,
  shape: Shape,
  slots: readonly SlotName[],
): Map<QuantityName, Judged> {
  const { constants } = rule;
  const truth = taken.truth[i]!;
  const judged = new Map<QuantityName, Judged>();
  for (const slot of slots) {
    const change = changeOf(taken, i, slot);
    judged.set(
      slot,
      change === null ? missing : judgedBy(change, ruleChange(truth, slot, change.old), shape, constants),
    );
  }
  const change = changeOf(taken, i, 'update');
  if (change === null) return judged.set('update', missing);
  const whole = judgedBy(change, truth.update, shape, constants);
  const slotsOff = slots.some((slot) => judged.get(slot)!.verdict === 'wrong');
  if (whole.verdict !== 'wrong' || !slotsOff) return judged.set('update', whole);
  const alone = takeStep(rule, conditionOf(taken, i, slots), taken.grads[i]!, taken.t, handedBack(taken, i, slots));
  const rightAlone = judgedBy(change, alone.update, shape, constants).verdict !== 'wrong';
  return judged.set('update', rightAlone ? { ...whole, verdict: 'consequence' } : whole);
}

const missing: Judged = { verdict: 'missing', comparison: null };

function judgedBy(change: Change, expected: Float64Array, shape: Shape, constants: Constants): Judged {
  const { old, manual } = change;
  const tensorOf = (values: Float64Array) => fromData(values, shape, 'float64');
  const scale = { contributions: Math.max(largest(expected), 1e-5 * largest(old)) };
  const comparison = compare(tensorOf(manual), tensorOf(expected), scale);
  if (comparison.agreement === 'exact' || comparison.agreement === 'rounding') return { verdict: 'right', comparison };
  const cleaned = compare(tensorOf(withoutRounding(change, expected, constants)), tensorOf(expected), scale);
  return { verdict: cleaned.agreement === 'different' ? 'wrong' : 'single', comparison };
}

/** A comparison of changes of a slot as one of its values, which is what its author sees. */
export function ofValues(comparison: Comparison | null, old: Float64Array, shape: Shape): Comparison | null {
  if (comparison?.where == null) return comparison;
  const at = comparison.where.reduce((flat, index, axis) => flat * shape[axis]! + index, 0);
  const value = (change: number | null): number | null => (change === null ? null : finite(old[at]! + change));
  return { ...comparison, actual: value(comparison.actual), expected: value(comparison.expected) };
}

/** The parameter and its slots before the step. */
export function conditionOf({ before }: Taken, i: number, slots: readonly SlotName[]): Parameters<typeof takeStep>[1] {
  return { w: before.params[i]!, slots: Object.fromEntries(slots.map((slot) => [slot, before.slots[slot]![i]!])) };
}

function handedBack({ answer, truth }: Taken, i: number, slots: readonly SlotName[]): Stepped['slots'] {
  return Object.fromEntries(slots.map((slot) => [slot, answer.slots[slot]?.[i] ?? truth[i]!.slots[slot]!]));
}
