import { RandomGenerator, scalar, TapegradError, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { type CompareOptions, type CompareVerdict, compareGradients } from '../src/index.ts';

const random = new RandomGenerator(7);
const inputs = { W: random.normal([3, 2]), b: random.normal([2]), x: random.normal([4, 3]) };
type Inputs = typeof inputs;

function forward({ W, b, x }: Inputs): Tensor {
  return x.matmul(W).add(b).tanh().square().mean();
}

function backward({ W, b, x }: Inputs): Inputs {
  const a = x.matmul(W).add(b).tanh();
  const dz = a.mul(a.square().neg().add(1)).div(4);
  return { W: x.transpose().matmul(dz), b: dz.sum(0), x: dz.matmul(W.transpose()) };
}

function verdicts(by: (inputs: Inputs) => unknown): { [name: string]: CompareVerdict } {
  const { rows } = compareGradients({ forward, backward: by, inputs });
  return Object.fromEntries(rows.map(({ name, verdict }) => [name, verdict]));
}

describe('compareGradients', () => {
  it('finds a hand-written backward pass right', () => {
    const report = compareGradients({ forward, backward, inputs });
    expect(report).toMatchObject({ kind: 'comparison', ok: true, precision: 'float64', seed: null, problems: [] });
    expect(report.rows.map(({ name, verdict, approximate }) => [name, verdict, approximate])).toEqual([
      ['W', 'right', true],
      ['b', 'right', true],
      ['x', 'right', true],
    ]);
  });

  it('tells the same bits from the same up to rounding', () => {
    const by = (factor: number) =>
      compareGradients({
        forward: (x) => x.mul(3).sum(),
        backward: (x) => x.mul(0).add(factor),
        inputs: tensor([1, 2]),
      }).rows[0];
    expect(by(3)).toMatchObject({ exact: true, approximate: true, verdict: 'right' });
    expect(by(3 + 1e-14)).toMatchObject({ exact: false, approximate: true, verdict: 'right' });
    expect(by(3 + 1e-5)).toMatchObject({ exact: false, approximate: false, verdict: 'approximate' });
    expect(by(3.01)).toMatchObject({ exact: false, approximate: false, verdict: 'wrong' });
  });

  it('says how far off, where, and what stands there', () => {
    const { ok, rows } = compareGradients({
      forward: (x) => x.square().sum(),
      backward: () => [2, 4, 5],
      inputs: tensor([1, 2, 3]),
    });
    expect(ok).toBe(false);
    expect(rows[0]).toMatchObject({
      name: 'the input',
      verdict: 'wrong',
      comparison: { maxAbs: 1, maxRel: 1 / 6, where: [2], actual: 5, expected: 6 },
    });
  });

  it('judges each gradient by itself', () => {
    expect(verdicts((own) => ({ ...backward(own), b: backward(own).b.mul(4) }))).toEqual({
      W: 'right',
      b: 'wrong',
      x: 'right',
    });
  });

  it.each<[string, (own: Inputs) => object, string, CompareVerdict, string]>([
    [
      'a missing gradient',
      (own) => ({ W: backward(own).W, x: backward(own).x }),
      'b',
      'missing',
      'backward returned no gradient for it. Return one, or let forward close over what needs none.',
    ],
    [
      'a gradient of no input',
      (own) => ({ ...backward(own), q: 1 }),
      'q',
      'unknown',
      'no input has this name. Expected W, b, x.',
    ],
    [
      'a wrong shape',
      (own) => ({ ...backward(own), W: backward(own).W.transpose() }),
      'W',
      'wrong',
      'its shape is [2, 3]. Expected [3, 2], that of the input.',
    ],
    ['NaN', (own) => ({ ...backward(own), b: [1, Number.NaN] }), 'b', 'wrong', 'the gradient by hand is NaN at [1].'],
    [
      'text',
      (own) => ({ ...backward(own), b: 'two' }),
      'b',
      'wrong',
      'got "two". Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.',
    ],
    [
      'lists of different lengths',
      (own) => ({ ...backward(own), W: [[1, 2], [3]] }),
      'W',
      'wrong',
      'data[1] has 1 elements, the first list at its level 2. Expected equal lengths.',
    ],
  ])('says that it got %s', (_, by, name, verdict, problem) => {
    const { ok, rows } = compareGradients({ forward, backward: by, inputs });
    expect(ok).toBe(false);
    expect(rows.find((row) => row.name === name)).toMatchObject({ verdict, problem });
    expect(rows.filter((row) => row.verdict === 'right')).toHaveLength(name === 'q' ? 3 : 2);
  });

  it.each<[string, Partial<CompareOptions<Inputs>>, string]>([
    [
      'backward returns nothing',
      { backward: () => undefined },
      'backward returned undefined. Expected the gradients, nested like the inputs.',
    ],
    [
      'backward returns a number',
      { backward: () => 3 },
      'backward returned the number 3. Expected an object with W, b, x, like the inputs.',
    ],
    [
      'backward returns a list',
      { backward: () => [1] },
      'backward returned a list of 1. Expected an object with W, b, x, like the inputs.',
    ],
    [
      'backward is asynchronous',
      { backward: async () => 3 },
      'backward returned a promise. Expected the gradients; await what it needs before the call.',
    ],
    [
      'backward throws',
      { backward: ({ W, x }) => W.matmul(x.transpose().mul(zeros([9], 'float64'))) },
      'backward threw: mul: shapes [3, 4] and [9] do not broadcast: 4 against 9 at axis -1. Expected equal lengths, or 1.',
    ],
    [
      'forward throws',
      {
        forward: () => {
          throw new Error('no weights');
        },
      },
      'forward threw: no weights',
    ],
    [
      'forward gives a number',
      { forward: () => 3 as never },
      'forward returned the number 3. Expected a float32 or float64 tensor.',
    ],
    [
      'forward is asynchronous',
      { forward: (async () => scalar(1)) as never },
      'forward returned a promise. Expected a float32 or float64 tensor.',
    ],
    [
      'forward gives whole numbers',
      { forward: ({ x }) => x.argmax() },
      'forward returned a tensor of dtype int32. Expected a float32 or float64 tensor.',
    ],
  ])('reports that %s', (_, instead, problem) => {
    const report = compareGradients({ forward, backward, inputs, ...instead });
    expect(report).toMatchObject({ ok: false, rows: [], problems: [problem] });
  });

  it('names the gradient that the tape itself finds NaN', () => {
    const { ok, rows } = compareGradients({
      forward: (x) => x.sqrt().sum(),
      backward: () => [Number.NaN],
      inputs: tensor([-1]),
    });
    expect([ok, rows[0]!.verdict]).toEqual([false, 'wrong']);
  });

  it('hands the cotangent of a result that is no scalar to backward', () => {
    const report = compareGradients({
      forward: (x) => x.square(),
      backward: (x, g) => x.mul(2).mul(g),
      inputs: tensor([1, 2]),
      seed: 5,
    });
    expect(report).toMatchObject({ ok: true, seed: 5 });
    const forgotten = compareGradients({
      forward: (x) => x.square(),
      backward: (x) => x.mul(2),
      inputs: tensor([1, 2]),
    });
    expect(forgotten.ok).toBe(false);
    expect(Number.isInteger(forgotten.seed)).toBe(true);
  });

  it('gives backward a cotangent of 1 for a scalar', () => {
    let seen: Tensor | undefined;
    compareGradients({
      forward: (x) => x.sum(),
      backward: (x, g) => {
        seen = g;
        return x;
      },
      inputs: tensor([1]),
    });
    expect(String(seen)).toBe('float64[] 1');
  });

  it('hands out ndarrays', () => {
    const { ok } = compareGradients({
      forward: ({ v }) => v.square().sum(),
      backward: ({ v }, g) => ({ v: Float64Array.from({ length: 3 }, (_, i) => 2 * v.get(i) * g.get()) }),
      inputs: { v: tensor([1, 2, 3]) },
      as: 'ndarray',
    });
    expect(ok).toBe(true);
  });

  it('hands out nested lists, under the type that backward gives them', () => {
    const { ok } = compareGradients({
      forward: ({ layers }) => layers[0]!.W.square().sum(),
      backward: ({ layers }: { layers: { W: number[][] }[] }, g: number) => ({
        layers: layers.map(({ W }) => ({ W: W.map((row) => row.map((w) => 2 * w * g)) })),
      }),
      inputs: { layers: [{ W: tensor([[1, 2]]) }] },
      as: 'array',
    });
    expect(ok).toBe(true);
  });

  it('passes on what has no gradient, and compares the rest', () => {
    const { ok, rows } = compareGradients({
      forward: ({ v, at }) => v.take(at).sum(),
      backward: () => ({ v: [1, 0, 1] }),
      inputs: { v: tensor([1, 2, 3]), at: tensor(Int32Array.of(0, 2)) },
    });
    expect([ok, rows.map(({ name }) => name)]).toEqual([true, ['v']]);
  });

  it('does not count rounding in float32 as a mistake, where backward rounds', () => {
    const { ok, rows } = compareGradients({
      forward: (x) => x.div(3).square().sum(),
      backward: (x) => x.asType('float32').mul(2 / 9),
      inputs: tensor([1.1, 2.3]),
    });
    expect([ok, rows[0]!.verdict]).toEqual([true, 'approximate']);
  });

  it('computes in float32 where forward brings tensors of it', () => {
    const scale = tensor([0.1, 0.2]);
    const report = compareGradients({
      forward: (x) => x.mul(scale).sum(),
      backward: () => [0.1, 0.2],
      inputs: tensor([1, 2]),
    });
    expect(report).toMatchObject({ ok: true, precision: 'float32' });
    expect(report.rows[0]).toMatchObject({ exact: false, approximate: true, verdict: 'right' });
  });

  it('finds a gradient right that is nothing but rounding on both sides', () => {
    const { ok } = compareGradients({
      forward: ({ x, b }) => x.add(b).softmax().square().sum().add(x.sum()),
      backward: ({ x, b }) => {
        const s = x.add(b).softmax();
        const dz = s.mul(s.mul(2).sub(s.square().sum().mul(2)));
        return { x: dz.add(1), b: 1e-17 };
      },
      inputs: { x: tensor([1, 2, 3]), b: scalar(0.3) },
    });
    expect(ok).toBe(true);
  });

  it('takes a tolerance', () => {
    const by = (relative: number) =>
      compareGradients({
        forward: (x) => x.sum(),
        backward: () => [1.01],
        inputs: tensor([1]),
        tolerance: { relative, absolute: 0 },
      }).ok;
    expect([by(0.02), by(0.005)]).toEqual([true, false]);
  });

  it('takes inputs without elements', () => {
    expect(compareGradients({ forward: (x) => x.sum(), backward: (x) => x, inputs: zeros([0, 3]) }).ok).toBe(true);
  });

  it('gives plain data', () => {
    const report = compareGradients({
      forward,
      backward: (own) => ({ ...backward(own), b: [Number.POSITIVE_INFINITY, 0] }),
      inputs,
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each<[string, object, string]>([
    [
      'inputs without a float',
      { inputs: { n: tensor(Int32Array.of(1)) } },
      'the inputs hold no float32 or float64 tensor. Expected one to take gradients by.',
    ],
    [
      'inputs that are no tensors',
      { inputs: { n: 3 } },
      'n is the number 3. Expected tensors, in any nesting of arrays and objects.',
    ],
    ['another kind', { as: 'list' }, 'as is "list". Expected tensor, ndarray or array.'],
    ['no backward', { backward: undefined }, 'backward is undefined. Expected a function.'],
    [
      'a tolerance',
      { tolerance: { relative: -1, absolute: 0 } },
      'tolerance.relative is the number -1. Expected a number >= 0.',
    ],
  ])('refuses %s', (_, instead, message) => {
    expect(() => compareGradients({ forward, backward, inputs, ...instead } as CompareOptions<Inputs>)).toThrow(
      new TapegradError('compareGradients', message),
    );
  });
});
