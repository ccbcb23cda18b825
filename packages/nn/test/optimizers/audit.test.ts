// The optimizers, as references of an audit, and audited themselves.

import { Parameter, type Tensor, tensor } from '@tapegrad/core';
import { auditUpdate, type RuleReference } from '@tapegrad/gradcheck';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, type AnyOptimizer, RMSprop, SGD } from '../../src/index.ts';

const params = {
  W: tensor([
    [1, -2],
    [0.5, 3],
  ]),
  b: tensor([0.1, -0.4]),
};
const grads = {
  W: tensor([
    [0.3, 0.1],
    [-2, 0.7],
  ]),
  b: tensor([1, -0.2]),
};

/** The optimizer as a hand-written step that keeps its state to itself. */
function stepOf(optimizer: AnyOptimizer) {
  let held: { W: Parameter; b: Parameter } | undefined;
  return ({ params, grads }: { params: { W: Tensor; b: Tensor }; grads: { W: Tensor; b: Tensor } }) => {
    held ??= { W: new Parameter(params.W, 'W'), b: new Parameter(params.b, 'b') };
    held.W.assign(params.W);
    held.b.assign(params.b);
    optimizer.step([grads.W, grads.b], [held.W, held.b]);
    return { params: { W: held.W.asType('float64'), b: held.b.asType('float64') } };
  };
}

const cases: readonly (readonly [string, () => AnyOptimizer, RuleReference])[] = [
  ['SGD', () => new SGD({ learningRate: 0.1 }), { rule: 'sgd', learningRate: 0.1 }],
  [
    'SGD with momentum',
    () => new SGD({ learningRate: 0.1, momentum: 0.8 }),
    { rule: 'momentum', learningRate: 0.1, momentum: 0.8 },
  ],
  [
    'SGD with Nesterov’s momentum',
    () => new SGD({ learningRate: 0.1, momentum: 0.8, nesterov: true }),
    { rule: 'nesterov', learningRate: 0.1, momentum: 0.8 },
  ],
  ['Adam', () => new Adam({ learningRate: 0.1, beta2: 0.99 }), { rule: 'adam', learningRate: 0.1, beta2: 0.99 }],
  [
    'Adam with weight decay',
    () => new Adam({ learningRate: 0.1, weightDecay: 0.2 }),
    { rule: 'adamW', learningRate: 0.1, weightDecay: 0.2 },
  ],
  ['AdamW', () => new AdamW({ learningRate: 0.1 }), { rule: 'adamW', learningRate: 0.1, weightDecay: 0.004 }],
  ['RMSprop', () => new RMSprop({ learningRate: 0.1, rho: 0.8 }), { rule: 'rmsprop', learningRate: 0.1, rho: 0.8 }],
  [
    'SGD with weight decay',
    () => new SGD({ learningRate: 0.1, weightDecay: 0.3 }),
    { rule: 'sgd', learningRate: 0.1, weightDecay: 0.3 },
  ],
];

describe.each(cases)('%s', (_, make, rule) => {
  test('follows the published rule', () => {
    const report = auditUpdate({ params, grads, manual: stepOf(make()), reference: rule });
    expect(report).toMatchObject({ ok: true, state: rule.rule === 'sgd' ? 'none' : 'own', problems: [] });
  });

  test('as the reference is taken for the rule that it follows, and left as it was', () => {
    const optimizer = make();
    const report = auditUpdate({ params, grads, manual: stepOf(make()), reference: optimizer as never });
    expect(report).toMatchObject({ ok: true, rule: { name: rule.rule } });
    expect(report.rule.options).toMatchObject({ learningRate: 0.1 });
    expect(optimizer.iterations).toBe(0);
  });
});

test('an Adam without the root is told from ours', () => {
  const report = auditUpdate({
    params: { w: tensor([1, 2]) },
    grads: { w: tensor([0.5, -3]) },
    reference: new Adam({ learningRate: 0.01 }),
    manual: ({ params: { w }, grads: { w: g }, state, step }) => {
      const m = state.m.w.mul(0.9).add(g.mul(0.1));
      const v = state.v.w.mul(0.999).add(g.square().mul(0.001));
      const [mHat, vHat] = [m.div(1 - 0.9 ** step), v.div(1 - 0.999 ** step)];
      return { params: { w: w.sub(mHat.mul(0.01).div(vHat.add(1e-7))) }, state: { m: { w: m }, v: { w: v } } };
    },
  });
  expect(report.causes.map(({ text }) => text)).toEqual([
    'there is no square root in the denominator: lr · m̂ / (v̂ + ε) where it should be lr · m̂ / (√v̂ + ε)',
  ]);
});
