// The steps of an audit, taken by hand and by the rule.

import type { FloatDType } from '@tapegrad/core';
import type { Taken } from './judge.ts';
import { type Answer, type Before, callManual, type Manual } from './manual.ts';
import type { Run } from './plan.ts';
import type { Reference } from './reference.ts';
import { takeStep } from './rule.ts';

/** How the hand-written step deals with its state. */
export type StateHandling =
  /** The rule has none. */
  | 'none'
  /** It hands back what becomes of the state that it is handed. */
  | 'handed back'
  /** It reads what it is handed, and does not hand it back. */
  | 'lost'
  /** It keeps a state of its own. */
  | 'own';

/** Takes steps, and keeps what came of them. */
export class Steps {
  readonly reference: Reference;
  readonly taken: Taken[] = [];
  private readonly manual: Manual;
  private precision: FloatDType = 'float64';

  constructor(manual: Manual, reference: Reference) {
    this.manual = manual;
    this.reference = reference;
  }

  /** What the hand-written step computes in. */
  get dtype(): FloatDType {
    return this.precision;
  }

  get state(): StateHandling {
    if (this.reference.slots.length === 0) return 'none';
    if (this.taken.some(({ answer }) => answer.keepsState)) return 'handed back';
    return this.taken.some(({ answer }) => answer.readsState) ? 'lost' : 'own';
  }

  /** Whether the step can be run from another start: not where it threw, nor where it remembers by itself. */
  get canStartAgain(): boolean {
    return this.state !== 'own' && !this.taken.some(({ answer }) => answer.threw);
  }

  /** Runs the hand-written step, each time from where the rule is. */
  take({ name, start, from, grads, keepsParameters }: Run): void {
    const { reference, manual } = this;
    let next = start;
    for (const [at, given] of grads.entries()) {
      const t = from + at;
      const answer = this.call(next, given, t);
      const before = this.roundedBefore(next);
      const gradients = given.map((each) => this.rounded(each));
      const truth = manual.members.list.map((_, i) => {
        const slots = Object.fromEntries(reference.slots.map((slot) => [slot, before.slots[slot]![i]!]));
        return takeStep(reference, { w: before.params[i]!, slots }, gradients[i]!, t);
      });
      this.taken.push({ run: name, t, before, grads: gradients, truth, answer });
      if (answer.threw) return;
      const params = truth.map(({ update }, i) => update.map((change, j) => before.params[i]![j]! + change));
      const slots = reference.slots.map((slot) => [slot, truth.map((stepped) => stepped.slots[slot]!)]);
      next = { params: keepsParameters ? start.params : params, slots: Object.fromEntries(slots) };
    }
  }

  private call(before: Before, grads: readonly Float64Array[], t: number): Answer {
    const { manual } = this;
    const inPrecision = (): Answer =>
      callManual(manual, {
        before: this.roundedBefore(before),
        grads: grads.map((each) => this.rounded(each)),
        t,
        dtype: this.precision,
      });
    const answer = inPrecision();
    if (!answer.threw || manual.as !== 'tensor' || this.taken.length > 0) return answer;
    // What mixes in float32 tensors of its own cannot compute in float64.
    this.precision = 'float32';
    const second = inPrecision();
    if (!second.threw) return second;
    this.precision = 'float64';
    return answer;
  }

  private rounded(values: Float64Array): Float64Array {
    return this.precision === 'float64' ? values : values.map(Math.fround);
  }

  private roundedBefore({ params, slots }: Before): Before {
    const all = (list: readonly Float64Array[]): Float64Array[] => list.map((each) => this.rounded(each));
    return {
      params: all(params),
      slots: Object.fromEntries(Object.entries(slots).map(([slot, list]) => [slot, all(list)])),
    };
  }
}
