import {
  concat,
  customGradient,
  Parameter,
  RandomGenerator,
  scalar,
  TapegradError,
  type Tensor,
  tensor,
  zeros,
} from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkGradients } from '../src/index.ts';

const seed = 20261121;

function double(data: number | number[] | number[][]): Tensor {
  return tensor(data, { dtype: 'float64' });
}

function normal(shape: number[]): Tensor {
  return new RandomGenerator(seed).normal(shape, 0, 1, 'float64');
}

/** x², with a gradient of factor · x. */
function squareWith(factor: number): (x: Tensor) => Tensor {
  return customGradient((x: Tensor) => ({ value: x.square(), vjp: (g: Tensor) => [g.mul(x).mul(factor)] as const }));
}

interface Layer {
  readonly W: Tensor;
  readonly b: Tensor;
}

describe(`checkGradients (seed ${seed})`, () => {
  it('finds a network right at both orders, input by input', () => {
    const x = normal([5, 4]);
    const loss = ({ layers: [first, second] }: { layers: [Layer, Layer] }): Tensor =>
      x.matmul(first.W).add(first.b).tanh().matmul(second.W).add(second.b).square().mean();
    const layers: [Layer, Layer] = [
      { W: normal([4, 3]), b: normal([3]) },
      { W: normal([3, 2]), b: normal([2]) },
    ];
    const { ok, entries } = checkGradients(loss, { layers }, { order: 2 });
    expect(ok).toBe(true);
    expect(entries.map(({ name, order, method, checked, verdict }) => [name, order, method, checked, verdict])).toEqual(
      [
        ['layers[0].W', 1, 'full', 12, 'right'],
        ['layers[0].b', 1, 'full', 3, 'right'],
        ['layers[1].W', 1, 'full', 6, 'right'],
        ['layers[1].b', 1, 'full', 2, 'right'],
        ['layers[0].W', 2, 'full', 12 * 23, 'right'],
        ['layers[0].b', 2, 'full', 3 * 23, 'right'],
        ['layers[1].W', 2, 'full', 6 * 23, 'right'],
        ['layers[1].b', 2, 'full', 2 * 23, 'right'],
      ],
    );
    for (const { maxRel } of entries) expect(maxRel).toBeLessThan(1e-7);
  });

  it.each<['full' | 'projections', number]>([
    ['full', 2.001],
    ['full', -2],
    ['full', 0],
    ['projections', 2.001],
    ['projections', 2.00001],
  ])('by %s finds a gradient of %d · x for x² wrong', (method, factor) => {
    const { ok, entries } = checkGradients(
      ({ x, y }: { x: Tensor; y: Tensor }) => squareWith(factor)(x).add(y.sin()),
      { x: normal([6]), y: normal([6]) },
      { method, seed },
    );
    expect(ok).toBe(false);
    expect(entries.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['x wrong', 'y right']);
  });

  it('says which element is wrong, and what both have there', () => {
    const mask = double([
      [1, 1, 1],
      [1, 1.5, 1],
    ]);
    const f = customGradient((x: Tensor) => ({
      value: x.square().sum(),
      vjp: (g: Tensor) => [x.mul(2).mul(mask).mul(g)] as const,
    }));
    const [entry] = checkGradients(
      f,
      double([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).entries;
    expect(entry).toMatchObject({ where: [1, 1], wrong: 1, checked: 6, autograd: 15, output: null });
    expect(entry!.numeric).toBeCloseTo(10, 8);
    expect(entry!.maxAbs).toBeCloseTo(5, 8);
    expect(entry!.maxRel).toBeCloseTo(1 / 3, 8);
  });

  it('says of which part of the result the derivative is wrong', () => {
    const f = (x: Tensor) => ({ good: x.sin(), bad: concat([squareWith(3)(x), x]) });
    const [entry] = checkGradients(f, double([1, 2])).entries;
    expect(entry).toMatchObject({ verdict: 'wrong', wrong: 2, checked: 12, output: { name: 'bad' } });
    expect(entry!.output!.index).toEqual(entry!.where);
  });

  it('finds a mistake that only second derivatives show', () => {
    // The gradient has the right value, but to the tape it is a constant.
    const f = customGradient((x: Tensor) => ({
      value: x.pow(3).sum(),
      vjp: (g: Tensor) => [double(x.square().mul(3).toArray() as number[]).mul(g)] as const,
    }));
    const { ok, entries } = checkGradients(f, double([1, 2]), { order: 2 });
    expect(ok).toBe(false);
    expect(entries.map(({ order, verdict }) => [order, verdict])).toEqual([
      [1, 'right'],
      [2, 'wrong'],
    ]);
    expect(entries[1]).toMatchObject({ where: [1], output: { name: 'd/dinput', index: [1] }, autograd: 0 });
    expect(entries[1]!.numeric).toBeCloseTo(12, 6);
  });

  it.each<[string, Tensor]>([
    ['huge', double([1e8, 3e8])],
    ['tiny', double([1e-8, 2e-8])],
    ['both', double([1e8, 1e-8, 1])],
  ])('works on inputs that are %s', (_, x) => {
    const { entries } = checkGradients((v: Tensor) => v.log().sum(), x, { order: 2 });
    expect(entries.map(({ verdict }) => verdict)).toEqual(['right', 'right']);
    for (const { maxRel } of entries) expect(maxRel).toBeLessThan(1e-9);
  });

  it.each<[string, (x: Tensor) => Tensor, object]>([
    ['relu', (x) => x.relu().sum(), { why: 'kink', left: 0, right: 1, autograd: 0 }],
    ['abs', (x) => x.abs().sum(), { why: 'kink', left: -1, right: 1, autograd: 0 }],
    ['floor', (x) => x.floor().sum(), { why: 'jump', autograd: 0 }],
    ['sqrt', (x) => x.sqrt().sum(), { why: 'not finite', left: null, autograd: null }],
  ])('lists where %s is not differentiable, and does not fail it', (_, f, place) => {
    const { ok, entries } = checkGradients(f, double([0.5, 0, 1.5]));
    expect(ok).toBe(true);
    expect(entries[0]).toMatchObject({ verdict: 'right', checked: 2 });
    expect(entries[0]!.notDifferentiable).toHaveLength(1);
    expect(entries[0]!.notDifferentiable[0]).toMatchObject({ index: [1], ...place });
  });

  it('says so where nothing is differentiable', () => {
    const { ok, entries } = checkGradients((x: Tensor) => x.relu().sum(), double([0]), { order: 2 });
    expect(ok).toBe(true);
    expect(entries.map(({ verdict, checked }) => [verdict, checked])).toEqual([
      ['not differentiable here', 0],
      ['not differentiable here', 0],
    ]);
  });

  it('does not let a kink nearby hide a mistake', () => {
    const f = (x: Tensor): Tensor => squareWith(3)(x.relu()).sum();
    expect(checkGradients(f, double([1e-5, 1])).entries[0]).toMatchObject({ verdict: 'wrong', wrong: 2 });
  });

  it('by projections checks along what is not 0 where the rest has kinks', () => {
    const [entry] = checkGradients((x: Tensor) => squareWith(3)(x).add(x.relu()).sum(), double([0, 2]), {
      method: 'projections',
      seed,
    }).entries;
    expect(entry!.verdict).toBe('wrong');
    expect(entry!.notDifferentiable[0]!.why).toBe('kink');
  });

  it('reports a value that is not finite as a problem', () => {
    const log = checkGradients((x: Tensor) => ({ y: x.log() }), double([[1, 0]]));
    expect(log.ok).toBe(false);
    expect(log.problems).toEqual(['the result y is -Infinity at [0, 1]: it has no derivative there.']);
    const nan = checkGradients((x: Tensor) => x.sqrt().sum(), double([-1]));
    expect(nan.problems).toEqual(['the result is NaN: it has no derivative there.']);
  });

  it('fails a gradient that is NaN where the function is smooth', () => {
    const broken = customGradient((x: Tensor) => ({ value: x.square(), vjp: (g: Tensor) => [g.div(0).sub(g.div(0))] }));
    expect(checkGradients((x: Tensor) => broken(x).sum(), double([1])).entries[0]).toMatchObject({
      verdict: 'wrong',
      maxAbs: null,
      autograd: null,
    });
  });

  it('finds a zero right where the result does not depend on an input', () => {
    const { entries } = checkGradients(({ a }: { a: Tensor; b: Tensor }) => a.sum(), {
      a: double([1]),
      b: double([2]),
    });
    expect(entries[1]).toMatchObject({ name: 'b', verdict: 'right', autograd: 0, numeric: 0 });
  });

  it('finds a gradient right that cancels to nothing but rounding', () => {
    const { ok, entries } = checkGradients((x: Tensor) => x.softmax().sum(), double([1, 2, 3]), { order: 2 });
    expect(ok).toBe(true);
    expect(entries.map(({ notDifferentiable }) => notDifferentiable.length)).toEqual([0, 0]);
  });

  it('does not decide what rounding hides', () => {
    const hidden = customGradient((x: Tensor) => ({ value: x.mul(1e-7), vjp: (g: Tensor) => [g.mul(1.0001e-7)] }));
    const { ok, entries } = checkGradients((x: Tensor) => hidden(x).sum().add(1e3), double([1]));
    expect(ok).toBe(false);
    expect(entries[0]).toMatchObject({ verdict: 'undecided', undecided: 1, wrong: 0 });
  });

  it.each<[string, Tensor]>([
    ['a vector', zeros([0], 'float64')],
    ['a matrix', zeros([0, 3], 'float64')],
  ])('has nothing to check in %s without elements', (_, x) => {
    for (const method of ['full', 'projections'] as const) {
      const { ok, entries } = checkGradients((v: Tensor) => v.sin().sum(), x, { order: 2, method });
      expect(ok).toBe(true);
      expect(entries.map(({ checked, verdict, where }) => [checked, verdict, where])).toEqual([
        [0, 'right', null],
        [0, 'right', null],
      ]);
    }
  });

  it('takes projections for what is large, the same ones from the same seed', () => {
    const x = normal([100, 20]);
    const check = (from?: number) => checkGradients((v: Tensor) => v.sin().sum(), x, { seed: from });
    const first = check(seed);
    expect(first.entries[0]).toMatchObject({ method: 'projections', checked: 10, verdict: 'right' });
    expect(check(seed)).toEqual(first);
    expect(check(seed + 1).entries[0]!.autograd).not.toBe(first.entries[0]!.autograd);
    expect(check(check().seed).ok).toBe(true);
  });

  it('takes parameters, in their nesting and class', () => {
    class Line {
      w = new Parameter(scalar(2, 'float64'), 'slope');
      at(x: number): Tensor {
        return this.w.mul(x).square();
      }
    }
    const { ok, entries } = checkGradients((line: Line) => line.at(3), new Line());
    expect([ok, entries[0]!.name]).toEqual([true, 'w']);
  });

  it('converts float32 inputs on request', () => {
    const report = checkGradients(({ w }: { w: Tensor }) => w.exp().sum(), { w: tensor([1, 2]) }, { promote: true });
    expect([report.ok, report.promoted]).toEqual([true, true]);
    expect(report.entries[0]!.maxRel).toBeLessThan(1e-9);
  });

  it('gives plain data', () => {
    const report = checkGradients((x: Tensor) => x.relu().sqrt(), double([0, 1]), { order: 2 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each<[string, unknown, object, CheckOptions, string]>([
    [
      'float32',
      (v: { W: Tensor }) => v.W.sum(),
      { W: tensor([1]) },
      {},
      "checkGradients: W is float32: differences need the digits of float64. Pass promote: true, or tensor(…, { dtype: 'float64' }).",
    ],
    [
      'int32',
      (v: { n: Tensor }) => v.n.sum(),
      { n: tensor(Int32Array.of(1)) },
      {},
      'checkGradients: n has dtype int32, which has no gradient. Expected float64; let the function close over what is no variable.',
    ],
    [
      'no inputs',
      () => scalar(1, 'float64'),
      {},
      {},
      'checkGradients: the inputs (an instance of Object) hold no tensor. Expected at least one.',
    ],
    [
      'a number for an input',
      () => scalar(1, 'float64'),
      { rate: 0.1 },
      {},
      'checkGradients: rate is the number 0.1. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'a promise',
      async (x: Tensor) => x,
      double(1),
      {},
      'checkGradients: the function returned a promise. Expected tensors; await what it needs before the call.',
    ],
    [
      'a function that returns nothing',
      () => undefined,
      double(1),
      {},
      'checkGradients: the result of the function is undefined. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'a function that returns no tensor',
      () => ({ parts: [] }),
      double(1),
      {},
      'checkGradients: the function returned an instance of Object without a tensor. Expected at least one.',
    ],
    [
      'a function that throws',
      () => {
        throw new Error('no such layer');
      },
      double(1),
      {},
      'checkGradients: the function threw: no such layer',
    ],
    [
      'a result in float32',
      (x: Tensor) => x.asType('float32'),
      double(1),
      {},
      'checkGradients: the result is float32. Expected float64, as the inputs are: differences need the digits.',
    ],
    [
      'an order',
      (x: Tensor) => x,
      double(1),
      { order: 3 as 2 },
      'checkGradients: order is the number 3. Expected 1 or 2.',
    ],
    [
      'a method',
      (x: Tensor) => x,
      double(1),
      { method: 'half' as 'full' },
      'checkGradients: method is "half". Expected auto, full or projections.',
    ],
    [
      'projections',
      (x: Tensor) => x,
      double(1),
      { projections: 0 },
      'checkGradients: projections is the number 0. Expected a whole number >= 1.',
    ],
    [
      'a tolerance',
      (x: Tensor) => x,
      double(1),
      { relative: Number.NaN },
      'checkGradients: relative is the number NaN. Expected a finite number >= 0.',
    ],
  ])('refuses %s', (_, f, inputs, options, message) => {
    const check = (): unknown => checkGradients(f as (inputs: object) => Tensor, inputs, options);
    expect(check).toThrow(TapegradError);
    expect(check).toThrow(new TapegradError('checkGradients', message.replace('checkGradients: ', '')));
  });

  it('refuses a function that draws anew each time', () => {
    const random = new RandomGenerator(1);
    const f = (x: Tensor): Tensor => x.mul(random.uniform([1], 0, 1, 'float64'));
    expect(() => checkGradients(f, double([1]))).toThrow(
      /^checkGradients: two calls of the function differ: 0\.\d+ and 0\.\d+ at element 0\. Expected the same result from the same inputs; make its random draws from a seed inside it, e\.g\. new RandomGenerator\(1\)\.$/,
    );
  });
});
