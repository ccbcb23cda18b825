// The arguments that element-wise ops take after their operands, and what dtype comes of them.

import { describe, expect, it } from 'vitest';
import { grad, ops, scalar, type Tensor, tensor } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

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
      'leakyRelu: negativeSlope is 0.2. Expected a finite number.',
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
