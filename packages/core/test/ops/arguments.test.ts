// The arguments that element-wise ops take after their operands, and what dtype comes of them.

import { describe, expect, it } from 'vitest';
import { entries, grad, ops, RandomGenerator, scalar, TapegradError, type Tensor, tensor } from '../../src/index.ts';
import { refusal } from '../refusal.ts';
import { drawInputs } from '../support/finite-differences.ts';
import { call } from '../support/samples.ts';

const { addcmul, lerp, mod } = ops;
const x = tensor([1, 2]);
const wrong = (value: unknown): never => value as never;

describe('arguments', () => {
  it.each<[string, () => unknown, string]>([
    [
      'options that are a number',
      () => x.leakyRelu(wrong(0.2)),
      'leakyRelu: the options are 0.2. Expected an object: { negativeSlope: … }.',
    ],
    ['options that are null', () => x.elu(wrong(null)), 'elu: the options are null. Expected an object: { alpha: … }.'],
    [
      'a misspelt option',
      () => x.leakyRelu(wrong({ negativeslope: 0.2 })),
      'leakyRelu: no option negativeslope. Expected negativeSlope.',
    ],
    ['an unknown option', () => x.celu(wrong({ beta: 2 })), 'celu: no option beta. Expected { alpha: … }.'],
    [
      'an option that is no number',
      () => x.leakyRelu(wrong({ negativeSlope: '0.2' })),
      'leakyRelu: negativeSlope is "0.2". Expected a finite number.',
    ],
    ['an option that is NaN', () => x.elu({ alpha: Number.NaN }), 'elu: alpha is NaN. Expected a finite number.'],
    ['an alpha of 0', () => x.celu({ alpha: 0 }), 'celu: alpha is 0. Expected another number: x is divided by it.'],
    [
      'an infinite value',
      () => addcmul(x, x, x, { value: Number.POSITIVE_INFINITY }),
      'addcmul: value is Infinity. Expected a finite number.',
    ],
    [
      'an unknown approximation',
      () => x.gelu({ approximate: wrong('erf') }),
      'gelu: approximate is erf. Expected none or tanh.',
    ],
    [
      'a flag in place of the approximation',
      () => x.gelu(wrong(true)),
      'gelu: the options are true. Expected an object: { approximate: … }.',
    ],
    [
      'an order that is no whole number',
      () => x.polygamma(0.5),
      'polygamma: n is 0.5. Expected a whole number from 0 to 170, after x.',
    ],
    [
      'an order before x, as in PyTorch',
      () => ops.polygamma(1, wrong(x)),
      'polygamma: n is a tensor. Expected a whole number from 0 to 170, after x.',
    ],
    [
      'a misspelt option of a reduction',
      () => x.sum(0, wrong({ keepdims: true })),
      'sum: no option keepdims. Expected keepDims.',
    ],
    [
      'a flag that is no boolean',
      () => x.mean(0, { keepDims: wrong('yes') }),
      'mean: keepDims is "yes". Expected true or false.',
    ],
    [
      'a list in the place of the options',
      () => x.sort(wrong([0])),
      'sort: the options are an array. Expected an object: { axis: …, descending: … }.',
    ],
    [
      'a misspelt option of a spread',
      () => x.variance(0, wrong({ DDOF: 1 })),
      'variance: no option DDOF. Expected ddof.',
    ],
    ['a rate that is null', () => x.dropout(wrong(null)), 'dropout: the rate is null. Expected a number from 0 to 1.'],
    [
      'axes of a roll that are true',
      () => x.roll(1, wrong(true)),
      'roll: axes is true. Expected an axis, a list of axes, or undefined for none.',
    ],
    [
      'a place where no slice is',
      () => x.unslice([4], { axis: 0, start: 3, step: 1, length: 2 }),
      'unslice: 2 elements from 3 in steps of 1 are no slice of axis 0 of [4]. Expected what slice cuts there.',
    ],
    [
      'a slice of another shape',
      () => x.unslice([4], { axis: 0, start: 0, step: 3, length: 1 }),
      'unslice: x has shape [2]. Expected [1].',
    ],
    ['bounds in the wrong order', () => x.clip(2, 1), 'clip: min 2 is above max 1. Expected min <= max.'],
    [
      'a bound that is NaN',
      () => x.clip(Number.NaN),
      'clip: min is NaN. Expected a number; bounds that are tensors go to maximum and minimum.',
    ],
    [
      'a bound that is a tensor',
      () => x.clip(0, wrong(scalar(1))),
      'clip: max is a tensor. Expected a number; bounds that are tensors go to maximum and minimum.',
    ],
  ])('refuse %s', (_, call, message) => {
    expect(call).toThrow(refusal(message));
  });

  it('may be left out', () => {
    expect(x.leakyRelu({}).toArray()).toEqual([1, 2]);
    expect(x.gelu({}).toArray()).toEqual(x.gelu().toArray());
    expect(addcmul(x, x, x, {}).toArray()).toEqual([2, 6]);
  });
});

describe('hostile arguments', () => {
  const hostile: readonly unknown[] = [
    ...[null, true, 'x', '', Number.NaN, 1.5, -9, Number.POSITIVE_INFINITY],
    ...[[], [null], [Number.NaN], [1.5], [-9], ['x'], [[1]], [undefined]],
    ...[{}, { zz: 1 }, new Date(0), new Float32Array(2), x, () => 1],
  ];
  const isOptions = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

  /** The sample's arguments, each in turn, and each option, put in the place of which something hostile stands. */
  function* attacks(args: readonly unknown[]): Generator<readonly unknown[]> {
    for (const value of hostile) {
      for (const [i, arg] of args.entries()) {
        yield args.with(i, value);
        if (!isOptions(arg)) continue;
        for (const option of Object.keys(arg)) yield args.with(i, { ...arg, [option]: value });
      }
    }
  }

  it.each(entries)('of $name are understood, or refused by name', (entry) => {
    for (const sample of entry.samples) {
      const inputs = drawInputs(sample.inputs, new RandomGenerator(1));
      for (const args of attacks(sample.args ?? [])) {
        try {
          call(entry, inputs, { ...sample, args });
        } catch (error) {
          expect(error, `${entry.name} of ${JSON.stringify(args)}`).toBeInstanceOf(TapegradError);
        }
      }
    }
  });

  const optional = entries.flatMap((entry) =>
    entry.samples
      .filter(({ args = [] }) => args.some(isOptions))
      .map((sample) => ({ name: entry.name, entry, sample })),
  );
  it.each(optional)('of $name: no option is ignored', ({ entry, sample }) => {
    const inputs = drawInputs(sample.inputs, new RandomGenerator(1));
    const args = sample.args!.map((arg) => (isOptions(arg) ? { ...arg, zz: 1 } : arg));
    expect(() => call(entry, inputs, { ...sample, args })).toThrow('no option zz');
  });
});

describe('powers of whole numbers', () => {
  const n = tensor([2, -3, 0], { dtype: 'int32' });

  it('are whole where the exponents are, and not negative', () => {
    expect(String(n.pow(2))).toBe('int32[3] [4, 9, 0]');
    expect(String(n.pow(tensor([true, false, true])))).toBe('int32[3] [2, 1, 0]');
    expect(String(n.pow(0.5).mul(0).add(1))).toBe('float32[3] [1, NaN, 1]');
    expect(String(n.asType('float32').pow(-1))).toBe('float32[3] [0.5, -0.333333, Infinity]');
  });

  it.each([
    ['a number', () => n.pow(-1)],
    ['a tensor that broadcasts', () => n.pow(tensor([[0], [-1]], { dtype: 'int32' }))],
  ])('refuse negative exponents in %s, whose powers would be cut to 0', (_, power) => {
    expect(power).toThrow(
      refusal(
        "pow: an exponent is -1, and x is of whole numbers. Expected exponents >= 0; for fractions use x.asType('float32').",
      ),
    );
  });

  it('have a gradient by a float base, at negative whole exponents too', () => {
    const inverse = (z: Tensor): Tensor => z.pow(tensor([-1, -2, 0], { dtype: 'int32' })).sum();
    expect(grad(inverse)(tensor([2, 2, 0])).toArray()).toEqual([-0.25, -0.25, 0]);
  });
});

describe('whole numbers and booleans', () => {
  const n = tensor([-7, 0, 2], { dtype: 'int32' });
  const b = tensor([true, false, true]);

  it.each<[string, Tensor, string]>([
    ['stay whole where they are rounded', n.round(), 'int32[3] [-7, 0, 2]'],
    ['leave whole remainders', mod(n, 3), 'int32[3] [2, 0, 2]'],
    ['divide to whole numbers, downwards', n.floorDiv(2), 'int32[3] [-4, 0, 1]'],
    ['divided by 0 are 0, as in NumPy', n.floorDiv(0), 'int32[3] [0, 0, 0]'],
    ['leave no remainder of 0', n.mod(0), 'int32[3] [0, 0, 0]'],
    ['stay whole between whole bounds', n.clip(-1, 1), 'int32[3] [-1, 0, 1]'],
    ['stay whole without bounds', n.clip(), 'int32[3] [-7, 0, 2]'],
    ['become float32 between other bounds', n.clip(-0.5), 'float32[3] [-0.5, 0, 2]'],
    ['stay whole in sums with products', addcmul(n, n, b, { value: 2 }), 'int32[3] [-21, 0, 6]'],
    ['become float32 where products are halved', addcmul(n, n, b, { value: 0.5 }), 'float32[3] [-10.5, 0, 3]'],
    ['stay whole in squared differences', n.squaredDifference(1), 'int32[3] [64, 1, 1]'],
    ['become float32 between two', lerp(n, 1, 0.5), 'float32[3] [-3, 0.5, 1.5]'],
    ['become float32 in functions on the reals', n.reciprocal().mul(7), 'float32[3] [-1, Infinity, 3.5]'],
    ['become float32 in special functions', b.erf().mul(0).add(n.lgamma().mul(0)), 'float32[3] [NaN, NaN, 0]'],
    ['become float32 in leakyRelu', n.leakyRelu({ negativeSlope: 1 }), 'float32[3] [-7, 0, 2]'],
    ['stay whole in relu6', n.relu6(), 'int32[3] [0, 0, 2]'],
    ['count as 1 where they are true', b.floor().add(b.clip(0, 3)), 'int32[3] [2, 0, 2]'],
    ['are true where they are not 0', n.logicalNot(), 'bool[3] [false, true, false]'],
    ['meet booleans', n.logicalAnd(b), 'bool[3] [true, false, true]'],
    ['are finite', n.isFinite().logicalXor(n.isNaN()), 'bool[3] [true, true, true]'],
  ])('%s', (_, value, text) => {
    expect(String(value)).toBe(text);
  });
});

describe('a bound', () => {
  it('is rounded as the elements are', () => {
    const g = grad((z: Tensor) => z.clip(0.1, 0.7).sum())(tensor([0.1, 0.7]));
    expect(g.toArray()).toEqual([1, 1]);
  });
});
