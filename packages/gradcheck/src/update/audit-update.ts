// The audit of a hand-written optimizer step: it is run step by step from where the rule is, and held against it.

import { TapegradError } from '@tapegrad/core';
import { describe, type Handed, type Plain } from '../values.ts';
import { updateReport } from './findings.ts';
import type { Before } from './manual.ts';
import { hint, Members } from './members.ts';
import { likeGiven, otherRuns, type Run, zeroSlots } from './plan.ts';
import { type OptimizerLike, type Reference, type RuleReference, toReference } from './reference.ts';
import type { SlotName } from './rule.ts';
import { Steps } from './steps.ts';
import type { UpdateReport } from './update-report.ts';

/** What a hand-written step is handed. */
export interface UpdateInput<Params, As extends Plain = 'tensor'> {
  readonly params: Handed<Params, As>;
  readonly grads: Handed<Params, As>;
  /** The slots of the rule, by name, each nested like the parameters; zeros before the first step. */
  readonly state: { [S in SlotName]: Handed<Params, As> };
  /** The step t, counted from 1. */
  readonly step: number;
}

/** What an audit of a step takes. */
export interface AuditUpdateOptions<Params extends object, As extends Plain = 'tensor'> {
  /** Tensors, `ndarray`s, typed arrays, or lists of numbers, in any nesting of objects and arrays. */
  readonly params: Params;
  /** Gradients, nested like the parameters. */
  readonly grads: object;
  /** Slots by name, each nested like the parameters. Default: zeros. */
  readonly state?: { readonly [S in SlotName]?: object };
  /**
   * The hand-written step: gives `{ params, state }`, or changes what it is handed in place. A step that keeps its state to itself hands
   * none back.
   */
  readonly manual: (input: UpdateInput<Params, As>) => unknown;
  /** What it should be: a rule, or an optimizer such as those of `@tapegrad/nn`. */
  readonly reference: RuleReference | OptimizerLike;
  /** The step that comes next, counted from 1. Default: 1. */
  readonly step?: number;
  /** What the hand-written step computes with. Default: `tensor`. */
  readonly as?: As;
  /** What the gradients of the later steps are drawn from. Default: 0. */
  readonly seed?: number;
}

const op = 'auditUpdate';
const known = ['params', 'grads', 'state', 'manual', 'reference', 'step', 'as', 'seed'];

/**
 * Holds a hand-written step of an optimizer against the rule that it should follow, in float64. It takes five steps: the first with the given
 * gradients, the others with some like them, so that the state and what counts the steps show; and where the rule has an ε, five more with
 * gradients as small as that. Each step starts from the rule's own state, so that a wrong slot is told from a wrong formula of the
 * parameter. What differs is tested against known mistakes.
 *
 * ```ts
 * const report = auditUpdate({
 *   params: { W: tensor([[1, -2], [3, 4]]) },
 *   grads: { W: tensor([[0.1, 0.2], [-0.3, 0.4]]) },
 *   reference: { rule: 'adam', learningRate: 0.01 },
 *   manual: ({ params, grads, state, step }) => {
 *     const m = state.m.W.mul(0.9).add(grads.W.mul(0.1));
 *     const v = state.v.W.mul(0.999).add(grads.W.square().mul(0.001));
 *     const [mHat, vHat] = [m.div(1 - 0.9 ** step), v.div(1 - 0.999 ** step)];
 *     const W = params.W.sub(mHat.div(vHat.add(1e-7)).mul(0.01)); // no root
 *     return { params: { W }, state: { m: { W: m }, v: { W: v } } };
 *   },
 * });
 * report.causes[0]?.ids; // → no-root
 * ```
 *
 * @throws TapegradError for options out of range or unknown, and for numbers that do not fit each other. Whatever the hand-written step
 * does is in the report.
 */
export function auditUpdate<Params extends object, As extends Plain = 'tensor'>(
  options: AuditUpdateOptions<Params, As>,
): UpdateReport {
  if (typeof options !== 'object' || options === null) {
    throw new TapegradError(op, `the options are ${describe(options)}. Expected { params, grads, manual, reference }.`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TapegradError(op, `no option ${name}.${hint(name, known)}`);
  }
  const { params, grads, state, manual: f, reference: given, step = 1, as = 'tensor', seed = 0 } = options;
  if (typeof f !== 'function') {
    throw new TapegradError(
      op,
      `manual is ${describe(f)}. Expected a function ({ params, grads, state, step }) => { params, state }.`,
    );
  }
  if (!['tensor', 'ndarray', 'array'].includes(as)) {
    throw new TapegradError(op, `as is ${describe(as)}. Expected tensor, ndarray or array.`);
  }
  requireWhole('step', step, 1);
  requireWhole('seed', seed, 0);
  const members = new Members(op, params);
  const gradients = likeGiven(members.read(op, 'grads', grads), seed);
  const reference = toReference(given, { members, grads: gradients });
  const start = { params: members.values, slots: slotsOf(members, reference, state) };
  const first: Run = { name: 'given', start, from: step, grads: gradients, keepsParameters: false };
  const steps = new Steps({ f, as, members, slots: reference.slots }, reference);
  steps.take(first);
  if (steps.canStartAgain) for (const run of otherRuns(reference, first, seed)) steps.take(run);
  return updateReport(steps, members, seed);
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TapegradError(op, `${name} is ${describe(value)}. Expected a whole number >= ${least}.`);
}

function slotsOf(members: Members, { slots, rule }: Reference, state: unknown): Before['slots'] {
  const zero = zeroSlots(
    slots,
    members.list.map(({ size }) => size),
  );
  if (state === undefined) return zero;
  if (typeof state !== 'object' || state === null) {
    throw new TapegradError(op, `state is ${describe(state)}. Expected slots by name, e.g. { m: …, v: … }.`);
  }
  for (const name of Object.keys(state)) {
    if (slots.includes(name as SlotName)) continue;
    const wrong = `${rule.title} keeps no ${name}.`;
    throw new TapegradError(op, `${wrong}${slots.length === 0 ? ' Leave state out.' : hint(name, slots)}`);
  }
  const read = Object.entries(state).map(([slot, value]) => [slot, members.read(op, `state.${slot}`, value)]);
  return { ...zero, ...Object.fromEntries(read) };
}
