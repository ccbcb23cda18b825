// Hand-written steps as people write them, what they get wrong, and what they hand back that cannot be used.

import { type Parameter, tensor } from '@tapegrad/core';
import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { auditUpdate, type UpdateInput } from '../../src/update/audit-update.ts';
import type { RuleReference } from '../../src/update/reference.ts';

type Lists = UpdateInput<{ W: number[]; b: number[] }, 'array'>;

const values = {
  params: { W: [0.5, -1.2, 2, 0.1], b: [0.3, -0.4] },
  grads: { W: [0.2, -0.05, 1.1, -0.7], b: [0.9, 0.04] },
};

/** Adam as a loop over lists, with its last line open. */
function adam(last: (q: { w: number; mHat: number; vHat: number; m: number; v: number }) => number) {
  return ({ params, grads, state, step }: Lists) => {
    for (const name of ['W', 'b'] as const) {
      const [w, g, m, v] = [params[name], grads[name], state.m[name], state.v[name]] as unknown as number[][];
      for (let i = 0; i < w!.length; i++) {
        m![i] = 0.9 * m![i]! + 0.1 * g![i]!;
        v![i] = 0.999 * v![i]! + 0.001 * g![i]! ** 2;
        const [mHat, vHat] = [m![i]! / (1 - 0.9 ** step), v![i]! / (1 - 0.999 ** step)];
        w![i] = last({ w: w![i]!, mHat, vHat, m: m![i]!, v: v![i]! });
      }
    }
    return undefined;
  };
}

const reference = { rule: 'adam', learningRate: 0.001, epsilon: 1e-8 } as const;

describe('auditUpdate', () => {
  test('passes Adam that changes its lists in place', () => {
    const manual = adam(({ w, mHat, vHat }) => w - (0.001 * mHat) / (Math.sqrt(vHat) + 1e-8));
    const report = auditUpdate({ ...values, reference, manual, as: 'array' });
    expect(report).toMatchObject({ ok: true, state: 'restarted', problems: [], causes: [] });
    expect(report.summary).toBe('The step is that of Adam: right in all 10 steps.');
  });

  test('says of an Adam without the root exactly that', () => {
    const manual = adam(({ w, mHat, vHat }) => w - (0.001 * mHat) / (vHat + 1e-8));
    const report = auditUpdate({ ...values, reference, manual, as: 'array' });
    expect(report.causes).toEqual([
      {
        ids: ['no-root'],
        text: 'there is no square root in the denominator: lr · m̂ / (v̂ + ε) where it should be lr · m̂ / (√v̂ + ε)',
        residual: expect.closeTo(0, 9),
        factor: null,
        parameters: ['W', 'b'],
      },
    ]);
    expect(report.summary).toBe(
      'Not the step of Adam: the first wrong one is the update of W, at step 1. Likely: there is no square root in the ' +
        'denominator: lr · m̂ / (v̂ + ε) where it should be lr · m̂ / (√v̂ + ε).',
    );
    expect(report.quantities.map(({ quantity, verdict }) => `${quantity} ${verdict}`)).toEqual([
      ...['m right', 'v right', 'update wrong', 'm right', 'v right', 'update wrong'],
    ]);
  });

  test('tells a wrong v from a wrong formula of the parameter', () => {
    const { params, grads } = { params: { w: tensor([1, 2]) }, grads: { w: tensor([0.5, 2]) } };
    const report = auditUpdate({
      params,
      grads,
      reference: { rule: 'rmsprop', learningRate: 0.1, rho: 0.9 },
      manual: ({ params: { w }, grads: { w: g }, state }) => {
        const v = state.v.w.mul(0.9).add(g.abs().mul(0.1)); // not squared
        return { params: { w: w.sub(g.div(v.sqrt().add(1e-7)).mul(0.1)) }, state: { v: { w: v } } };
      },
    });
    expect(report.firstWrong).toEqual({ parameter: 'w', quantity: 'v', run: 'given', t: 1 });
    expect(report.quantities.map(({ verdict }) => verdict)).toEqual(['wrong', 'consequence']);
    expect(report.unexplained).toEqual(['w']); // |g| is none of the known mistakes
    expect(report.summary).toContain('No known cause fits.');
  });

  test('finds two mistakes that come together', () => {
    const manual = adam(({ w, m, vHat }) => w + (0.001 * m) / (vHat + 1e-8));
    const report = auditUpdate({ ...values, reference, manual, as: 'array' });
    expect(report.causes).toEqual([]);
    const two = adam(({ w, m, vHat }) => w - (0.001 * m) / (vHat + 1e-8));
    const found = auditUpdate({ ...values, reference, manual: two, as: 'array' });
    expect(found.causes.map(({ ids }) => ids)).toEqual([['no-root', 'no-correction-m']]);
  });

  test('finds a gradient that is averaged once too often', () => {
    const manual = ({ params, grads }: Lists) => ({
      params: {
        W: (params.W as number[]).map((w, i) => w - 0.1 * ((grads.W as number[])[i]! / 32)),
        b: (params.b as number[]).map((w, i) => w - 0.1 * (grads.b as number[])[i]!),
      },
    });
    const report = auditUpdate({ ...values, reference: { rule: 'sgd', learningRate: 0.1 }, manual, as: 'array' });
    expect(report.causes[0]).toMatchObject({ ids: ['gradient-factor'], factor: 1 / 32, parameters: ['W'] });
    expect(report.causes[0]!.text).toContain('the gradient is multiplied by 1/32');
  });

  test('judges an optimizer that keeps its state to itself by its updates', () => {
    const make = (mu: number) => {
      let velocity = [0, 0, 0];
      return ({ params, grads }: UpdateInput<{ w: number[] }, 'array'>) => {
        velocity = velocity.map((v, i) => mu * v - 0.1 * (grads.w as number[])[i]!);
        return { params: { w: velocity.map((v, i) => (params.w as number[])[i]! + v) } };
      };
    };
    const options = { params: { w: [1, 2, 3] }, grads: { w: [0.1, -0.2, 0.3] }, as: 'array' as const };
    const momentum = { rule: 'momentum', learningRate: 0.1, momentum: 0.9 } as const;
    expect(auditUpdate({ ...options, reference: momentum, manual: make(0.9) })).toMatchObject({
      ok: true,
      state: 'own',
    });
    const wrong = auditUpdate({ ...options, reference: momentum, manual: make(-0.9) });
    expect(wrong.firstWrong).toMatchObject({ quantity: 'update', t: 2 });
    expect(wrong.causes.map(({ ids }) => ids)).toEqual([['momentum-sign']]);
  });

  test('notices a state that is read but not handed back', () => {
    const report = auditUpdate({
      params: { w: tensor([1]) },
      grads: { w: tensor([2]) },
      reference: { rule: 'momentum', learningRate: 0.1, momentum: 0.9 },
      manual: ({ params, grads, state }) => ({
        params: { w: params.w.add(state.velocity.w.mul(0.9)).sub(grads.w.mul(0.1)) },
      }),
    });
    expect(report.ok).toBe(false);
    expect(report.problems).toEqual([
      'velocity is read, but not handed back: each step would begin as the first. Expected { params, state }.',
    ]);
  });

  test('runs in float32 what cannot run in float64', () => {
    const rate = tensor(0.1);
    const report = auditUpdate({
      params: { w: tensor([1, 1000]) },
      grads: { w: tensor([2, 0.01]) },
      reference: { rule: 'sgd', learningRate: 0.1 },
      manual: ({ params, grads }) => ({ params: { w: params.w.sub(grads.w.mul(rate)) } }),
    });
    expect(report).toMatchObject({ ok: true, precision: 'float32', problems: [] });
  });

  test('takes ndarrays, typed arrays and bare numbers, and a parameter alone', () => {
    const report = auditUpdate({
      params: { a: ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]), b: Float32Array.of(1, 2), c: 3 },
      grads: {
        a: [
          [1, 2],
          [3, 4],
        ],
        b: [5, 6],
        c: 7,
      },
      as: 'ndarray',
      reference: { rule: 'sgd', learningRate: 1 },
      manual: ({ params: { a, b, c }, grads }) => ({
        params: {
          a: [
            [0, 1],
            [0, 1],
          ].map((row, i) => row.map((j) => a.get(i, j) - grads.a.get(i, j))),
          b: [0, 1].map((i) => b.get(i) - grads.b.get(i)),
          c: c.get() - grads.c.get(),
        },
      }),
    });
    expect(report.quantities.map(({ parameter, shape, verdict }) => [parameter, shape, verdict])).toEqual([
      ['a', [2, 2], 'right'],
      ['b', [2], 'right'],
      ['c', [], 'right'],
    ]);
    const alone = auditUpdate({
      params: tensor([1, 2]),
      grads: tensor([1, 2]),
      reference: { rule: 'sgd' },
      manual: ({ params, grads }) => ({ params: params.sub(grads.mul(0.01)) }),
    });
    expect(alone).toMatchObject({ ok: true, quantities: [{ parameter: 'params' }] });
  });

  test('finds the rule of an optimizer by its numbers, and leaves it as it was', () => {
    class Descent {
      learningRate = 0.5;
      iterations = 3;
      step(gradients: readonly { mul(rate: number): never }[], parameters: readonly Parameter[]): void {
        parameters.forEach((parameter, i) => {
          parameter.assign(parameter.sub(gradients[i]!.mul(this.learningRate)));
        });
        this.iterations++;
      }
    }
    const descent = new Descent();
    const manual = ({ params, grads }: UpdateInput<{ w: number[] }>) => ({
      params: { w: params.w.sub(grads.w.mul(0.125)) },
    });
    const report = auditUpdate({ params: { w: [1, 2] }, grads: { w: [3, 4] }, reference: descent as never, manual });
    expect(report.rule).toMatchObject({ name: 'sgd', options: { learningRate: 0.5, weightDecay: 0 } });
    expect(report.causes[0]).toMatchObject({ ids: ['gradient-factor'], factor: 0.25 });
    expect(descent.iterations).toBe(3);
    class Odd extends Descent {
      override step(_: unknown, parameters: readonly Parameter[]): void {
        for (const parameter of parameters) parameter.assign(parameter.mul(2));
      }
    }
    expect(() => auditUpdate({ params: { w: [1] }, grads: { w: [1] }, reference: new Odd(), manual })).toThrow(
      'auditUpdate: reference is an instance of Odd, whose steps follow none of the rules sgd, momentum, nesterov, rmsprop, ' +
        "adagrad, adam, adamW. Expected an optimizer that does, with its options as properties; or a rule, e.g. { rule: 'adam', learningRate: 0.001 }.",
    );
  });

  test('is plain data, the same for the same seed', () => {
    const manual = adam(({ w, mHat, v }) => w - (0.001 * mHat) / Math.sqrt(v));
    const [first, second] = [1, 1].map((seed) => auditUpdate({ ...values, reference, manual, as: 'array', seed }));
    expect(JSON.parse(JSON.stringify(first))).toEqual(second);
  });

  test('samples large parameters', () => {
    const W = Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
    const report = auditUpdate({
      params: { W },
      grads: { W: W.map((w) => Math.cos(17 * w)) },
      reference: { rule: 'adam' },
      manual: ({ params, grads, state, step }) => {
        const m = state.m.W.mul(0.9).add(grads.W.mul(0.1));
        const v = state.v.W.mul(0.999).add(grads.W.square().mul(0.001));
        const next = params.W.sub(
          m
            .div(
              v
                .div(1 - 0.999 ** step)
                .sqrt()
                .add(1e-7),
            )
            .mul(0.001),
        );
        return { params: { W: next }, state: { m: { W: m }, v: { W: v } } };
      },
    });
    expect(report.causes.map(({ ids }) => ids)).toEqual([['no-correction-m']]);
  });
});

describe('what cannot be used is in the report', () => {
  const sgd = { params: { W1: tensor([1, 2]), b1: tensor(3) }, grads: { W1: tensor([1, 1]), b1: tensor(1) } };
  test.each<[string, (input: UpdateInput<typeof sgd.params>) => unknown, string[]]>([
    [
      'nothing',
      () => undefined,
      [
        'step 1: the hand-written step returned undefined. Expected { params, state }, or the parameters changed in place.',
      ],
    ],
    [
      'a promise',
      () => Promise.reject(new Error('x')),
      [
        'step 1: the hand-written step returned a promise. Expected { params, state }, or the parameters changed in place.',
      ],
    ],
    [
      'the parameters without params',
      ({ params }) => ({ W1: params.W1, b1: params.b1 }),
      [
        'step 1: the hand-written step returned an object with W1, b1. Expected { params, state }, or the parameters changed in place.',
      ],
    ],
    [
      'another name',
      ({ params, grads }) => ({ params: { w1: params.W1, b1: params.b1.sub(grads.b1.mul(0.01)) } }),
      [
        'step 1: params has w1. Did you mean W1? Known: W1, b1.',
        'step 1: params has no W1. Expected W1, b1, like the parameters.',
      ],
    ],
    [
      'another shape',
      ({ params, grads }) => ({ params: { W1: params.W1.sum(), b1: params.b1.sub(grads.b1.mul(0.01)) } }),
      ['step 1: params.W1 has shape []. Expected [2].'],
    ],
    [
      'no numbers',
      ({ params, grads }) => ({ params: { W1: 'one', b1: params.b1.sub(grads.b1.mul(0.01)) } }),
      [
        'step 1: params.W1: got "one". Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.',
      ],
    ],
    [
      'an error',
      () => {
        throw new TypeError('out of luck');
      },
      ['step 1: the hand-written step threw: out of luck'],
    ],
  ])('%s', (_, manual, problems) => {
    const report = auditUpdate({ ...sgd, reference: { rule: 'sgd' }, manual });
    expect(report.ok).toBe(false);
    expect(report.problems).toEqual(problems);
    expect(report.summary).toBe(`The step could not be judged as a whole: ${problems[0]}`);
  });

  test('NaN', () => {
    const report = auditUpdate({
      params: { w: [4, 9] },
      grads: { w: [0, 1] },
      as: 'array',
      reference: { rule: 'adagrad', learningRate: 0.1 },
      manual: ({ params, grads, state }) => {
        const [w, g, v] = [params.w, grads.w, state.v.w] as unknown as number[][];
        const next = v!.map((each, i) => each + g![i]! ** 2);
        return {
          params: { w: w!.map((each, i) => each - (0.1 * g![i]!) / Math.sqrt(next[i]!)) },
          state: { v: { w: next } },
        };
      },
    });
    expect(report.quantities[1]).toMatchObject({ verdict: 'wrong' });
    expect(report.quantities[1]!.steps[0]!.comparison).toMatchObject({
      maxAbs: null,
      where: [0],
      actual: null,
      expected: 0,
    });
    expect(report.causes.map(({ ids }) => ids)).toEqual([['epsilon-missing']]);
    expect(report.problems).toEqual(['step 1: params.w holds NaN at [0], where the rule has a finite number.']);
  });

  test('NaN everywhere, as of an argument that there is not', () => {
    const report = auditUpdate({
      params: { w: tensor([[4, 9]]) },
      grads: { w: tensor([[1, 1]]) },
      reference: { rule: 'sgd' },
      manual: ({ params, ...rest }) => ({ params: { w: params.w.mul((rest as { t?: number }).t ?? Number.NaN) } }),
    });
    expect(report.problems).toEqual(['step 1: params.w holds NaN at [0, 0], where the rule has a finite number.']);
    expect(report.summary).toBe(
      'Not the step of gradient descent: the first wrong one is the update of w, at step 1. No known cause fits.',
    );
  });

  test('a slot that is missing, and one that nobody knows', () => {
    const report = auditUpdate({
      params: { w: tensor([1]) },
      grads: { w: tensor([1]) },
      reference: { rule: 'adam' },
      manual: ({ params, state }) => ({ params, state: { m: state.m, v_hat: state.v } }),
    });
    expect(report.problems).toEqual([
      'step 1: state has v_hat. Known: m, v.',
      'step 1: state has no v. Expected m, v.',
    ]);
    expect(report.quantities.find(({ quantity }) => quantity === 'v')!.verdict).toBe('missing');
  });
});

test('the formula shows the weight decay that there is', () => {
  const formula = (reference: RuleReference): string =>
    auditUpdate({
      params: { w: [1, 2] },
      grads: { w: [3, 4] },
      as: 'array',
      reference,
      manual: ({ params }) => ({ params }),
    }).rule.formula;
  expect(formula({ rule: 'sgd' })).toBe('w ← w − lr · g');
  expect(formula({ rule: 'sgd', weightDecay: 0.1 })).toBe('g ← g + λ · w, w ← w − lr · g');
  expect(formula({ rule: 'adam', weightDecay: 0.1 })).toMatch(/^g ← g \+ λ · w, m ← /);
  expect(formula({ rule: 'adamW', weightDecay: 0.1 })).not.toContain('g ←');
});

describe('mistakes of the caller', () => {
  const right = {
    params: { w: [1, 2] },
    grads: { w: [1, 2] },
    reference: { rule: 'adam' } as const,
    manual: () => undefined,
  };
  test.each<[object, string]>([
    [
      { refrence: 1 },
      'no option refrence. Did you mean reference? Known: params, grads, state, manual, reference, step, as, seed.',
    ],
    [
      { manual: 3 },
      'manual is the number 3. Expected a function ({ params, grads, state, step }) => { params, state }.',
    ],
    [{ as: 'list' }, 'as is "list". Expected tensor, ndarray or array.'],
    [{ step: 0 }, 'step is the number 0. Expected a whole number >= 1.'],
    [{ seed: 0.5 }, 'seed is the number 0.5. Expected a whole number >= 0.'],
    [{ params: {} }, 'params has no parameters. Expected at least one.'],
    [{ params: { w: [1, Number.NaN] } }, 'w of params holds NaN. Expected finite numbers.'],
    [
      { params: { w: true } },
      'w: got a boolean. Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.',
    ],
    [{ grads: { w: [1, 2, 3] } }, 'grads.w has shape [3]. Expected [2].'],
    [{ grads: { W: [1, 2] } }, 'grads has W. Did you mean w? Known: w.'],
    [{ state: { mean: 1 } }, 'Adam keeps no mean. Known: m, v.'],
    [{ state: { m: { w: [1] } } }, 'state.m.w has shape [1]. Expected [2].'],
    [
      { reference: { rule: 'adan' } },
      'no rule adan. Did you mean adam? Known: sgd, momentum, nesterov, rmsprop, adagrad, adam, adamW.',
    ],
    [
      { reference: { rule: 'adam', beta_1: 0.9 } },
      'Adam has no option beta_1. Did you mean beta1? Known: learningRate, beta1, beta2, epsilon, weightDecay.',
    ],
    [{ reference: { rule: 'adam', beta1: 1 } }, 'beta1 is the number 1. Expected a number >= 0 and < 1.'],
    [{ reference: { rule: 'sgd', learningRate: -1 } }, 'learningRate is the number -1. Expected a number >= 0.'],
    [{ reference: { rule: 'nesterov', convention: 'torch' } }, 'convention is "torch". Expected keras or pytorch.'],
    [
      { reference: 'adam' },
      `reference is "adam". Expected a rule, e.g. { rule: 'adam', learningRate: 0.001 }, or an optimizer.`,
    ],
  ])('%j', (change, message) => {
    expect(() => auditUpdate({ ...right, ...change } as never)).toThrow(`auditUpdate: ${message}`);
  });
});
