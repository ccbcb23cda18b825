// Every deviation of every rule is found by its numbers; and none where there is none.

import { RandomGenerator } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { auditUpdate } from '../../src/update/audit-update.ts';
import { deviationsOf } from '../../src/update/deviations.ts';
import { Members } from '../../src/update/members.ts';
import { type RuleReference, toReference } from '../../src/update/reference.ts';
import { type Stepper, takeStep } from '../../src/update/rule.ts';
import { type Convention, type RuleName, rules } from '../../src/update/rules.ts';

const names = Object.keys(rules) as RuleName[];
const hasVelocity = (name: RuleName): boolean => name === 'momentum' || name === 'nesterov';

interface Flat {
  readonly W: number[];
}

/** A hand-written step in plain lists that follows `stepper`, each of whose results goes through `round`. */
function following(stepper: Stepper, round: (value: number) => number = (value) => value) {
  return ({ params, grads, state, step }: { params: object; grads: object; state: object; step: number }) => {
    const flat = (tree: unknown): Float64Array => Float64Array.from((tree as Flat).W);
    const slots = Object.fromEntries(
      stepper.slots.map((slot) => [slot, flat((state as { [slot: string]: unknown })[slot])]),
    );
    const w = flat(params);
    const stepped = takeStep(stepper, { w, slots }, flat(grads), step);
    const back = (values: Float64Array): Flat => ({ W: Array.from(values, round) });
    return {
      params: back(w.map((value, i) => value + stepped.update[i]!)),
      state: Object.fromEntries(stepper.slots.map((slot) => [slot, back(stepped.slots[slot]!)])),
    };
  };
}

/** A rule with numbers drawn, and values to take steps with. */
function drawn(random: RandomGenerator, rule: RuleName, convention: Convention) {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const { defaults } = rules[rule];
  const all = {
    learningRate: 10 ** between(-4, -0.5),
    beta1: between(0.5, 0.95),
    beta2: between(0.97, 0.9995),
    epsilon: 10 ** between(-9, -5),
    momentum: between(0.3, 0.95),
    rho: between(0.6, 0.99),
    weightDecay: between(0.01, 0.5),
  };
  const chosen = Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(defaults, key)));
  const velocity = hasVelocity(rule)
    ? { convention, ...(convention === 'pytorch' ? { dampening: between(0.1, 0.6) } : {}) }
    : {};
  const reference: RuleReference = { rule, ...chosen, ...velocity };
  const list = (size: number): number[] => Array.from(random.normal([12], 0, size, 'float64').toData());
  const values = { params: { W: list(between(0.1, 3)) }, grads: { W: list(10 ** between(-2, 1)) } };
  const trial = { members: new Members('test', values.params), grads: [] };
  return { reference, stepper: toReference(reference, trial), ...values };
}

const cases = names.flatMap((rule) =>
  (hasVelocity(rule) ? (['keras', 'pytorch'] as const) : (['keras'] as const)).map((convention) => ({
    rule,
    convention,
  })),
);

describe.each(cases)('$rule, as $convention has it', ({ rule, convention }) => {
  test.each(deviationsOf(rule, convention))('$id is found: $text', ({ id, text, apply }) => {
    const random = new RandomGenerator(id.length * 1000 + rule.length);
    for (let draw = 0; draw < 4; draw++) {
      const { stepper, ...options } = drawn(random, rule, convention);
      const report = auditUpdate({ ...options, manual: following(apply(stepper)), as: 'array' });
      expect(report.ok).toBe(false);
      expect(report.causes.map((cause) => cause.text)).toContain(text);
      expect(report.causes[0]!.residual).toBeLessThan(1e-6);
      expect(report.unexplained).toEqual([]);
    }
  });

  test('raises no false alarm in float64, float32, and with the state kept by itself', () => {
    const random = new RandomGenerator(rule.length);
    for (let draw = 0; draw < 40; draw++) {
      const { stepper, ...options } = drawn(random, rule, convention);
      const double = auditUpdate({ ...options, manual: following(stepper), as: 'array', step: 1 + (draw % 3) * 7 });
      expect(double).toMatchObject({ ok: true, causes: [], problems: [] });
      const single = auditUpdate({ ...options, manual: following(stepper, Math.fround), as: 'array' });
      expect(single).toMatchObject({ ok: true, causes: [], problems: [] });
      let own = Object.fromEntries(stepper.slots.map((slot) => [slot, { W: new Array(12).fill(0) }]));
      const step = following(stepper);
      const closed = auditUpdate({
        ...options,
        as: 'array',
        manual: ({ params, grads, step: t }) => {
          const { params: next, state } = step({ params, grads, state: own, step: t });
          own = state;
          return { params: next };
        },
      });
      expect(closed).toMatchObject({ ok: true, causes: [], problems: [] });
    }
  });
});
