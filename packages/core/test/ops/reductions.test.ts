// What golden/pytorch.test.ts leaves open: dtypes, arguments, errors, precision.

import { describe, expect, it } from 'vitest';
import {
  type Axes,
  all,
  any,
  countNonzero,
  full,
  grad,
  logSumExp,
  max,
  mean,
  min,
  ones,
  prod,
  type Reduction,
  type Shape,
  scalar,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { sumTo } from '../../src/ops/reductions.ts';
import { refusal } from '../refusal.ts';

const reductions: readonly [string, Reduction][] = Object.entries({
  sum,
  mean,
  prod,
  max,
  min,
  logSumExp,
  any,
  all,
  countNonzero,
});

describe('axes', () => {
  const x = ones([2, 3, 4]);

  it.each<[Axes | undefined, Shape, Shape]>([
    [undefined, [], [1, 1, 1]],
    [0, [3, 4], [1, 3, 4]],
    [-1, [2, 3], [2, 3, 1]],
    [[0, 2], [3], [1, 3, 1]],
    [[-1, 0], [3], [1, 3, 1]],
    [[], [2, 3, 4], [2, 3, 4]],
  ])('%j leave %j, or kept %j', (axes, shape, kept) => {
    for (const [, reduce] of reductions) {
      expect(reduce(x, axes).shape).toEqual(shape);
      expect(reduce(x, axes, { keepDims: true }).shape).toEqual(kept);
    }
  });

  it.each(reductions)('of %s that do not exist, or are named twice, are refused', (name, reduce) => {
    expect(() => reduce(x, 3)).toThrow(
      refusal(`${name}: axis 3 does not exist in a tensor of rank 3. Expected a whole number from -3 to 2.`),
    );
    expect(() => reduce(x, [0, -3])).toThrow(
      refusal(`${name}: axes [0, -3] name an axis twice. Expected each axis once.`),
    );
    expect(() => reduce(scalar(1), 0)).toThrow(
      refusal(`${name}: axis 0 does not exist in a tensor of rank 0. A scalar has no axes.`),
    );
  });

  it.each([['0', '"0"'] as const, [null, 'null'] as const, [{ keepDims: true }, '{"keepDims":true}'] as const])(
    'that are %j are refused',
    (axes, shown) => {
      expect(() => x.sum(axes as unknown as Axes)).toThrow(
        refusal(`sum: axes is ${shown}. Expected an axis, a list of axes, or undefined for all.`),
      );
    },
  );
});

describe('dtypes', () => {
  it.each<[string, Tensor, string]>([
    ['the sum of whole numbers is whole', tensor([1, 2], { dtype: 'int32' }).sum(), 'int32[] 3'],
    ['the sum of booleans counts them', tensor([true, true, false]).sum(), 'int32[] 2'],
    ['the product of whole numbers is whole', tensor([-2, 3], { dtype: 'int32' }).prod(), 'int32[] -6'],
    ['the product of booleans counts as one', tensor([true, false]).prod(), 'int32[] 0'],
    ['the smallest of whole numbers is whole', tensor([-1, -2], { dtype: 'int32' }).min(), 'int32[] -2'],
    ['any and all are booleans: NaN is not 0', tensor([Number.NaN, 0]).any(), 'bool[] true'],
    ['all of booleans', tensor([true, false]).all(), 'bool[] false'],
    ['counts are whole', tensor([0, 0.5, -0]).countNonzero(), 'int32[] 1'],
    ['the mean of whole numbers is float32', tensor([1, 2], { dtype: 'int32' }).mean(), 'float32[] 1.5'],
    ['the mean of booleans is their share', tensor([true, false]).mean(), 'float32[] 0.5'],
    ['the largest of whole numbers is whole', tensor([-1, -2], { dtype: 'int32' }).max(), 'int32[] -1'],
    ['float64 stays', tensor([0.1], { dtype: 'float64' }).sum(), 'float64[] 0.1'],
    ['logSumExp of whole numbers is float32', tensor([0], { dtype: 'int32' }).logSumExp(), 'float32[] 0'],
    ['softmax of whole numbers is float32', tensor([1, 1], { dtype: 'int32' }).softmax(), 'float32[2] [0.5, 0.5]'],
    [
      'one position among all counts in row-major order',
      tensor([
        [1, 2],
        [5, 4],
      ])
        .transpose()
        .argmax(),
      'int32[] 1',
    ],
    ['positions are int32', tensor([1, 2], { dtype: 'float64' }).argmax(), 'int32[] 1'],
  ])('%s', (_, value, text) => {
    expect(String(value)).toBe(text);
  });
});

describe('nothing', () => {
  it.each<[string, Tensor, string]>([
    ['sums to 0', zeros([0, 2]).sum(0), 'float32[2] [0, 0]'],
    ['has the product 1', zeros([0, 2]).prod(0), 'float32[2] [1, 1]'],
    [
      'has none that is not 0, and all are',
      zeros([0])
        .any()
        .logicalNot()
        .logicalAnd(zeros([0]).all()),
      'bool[] true',
    ],
    ['has no mean', zeros([0]).mean(), 'float32[] NaN'],
    ['has the logarithm of 0', zeros([0]).logSumExp(), 'float32[] -Infinity'],
    ['has as many largest elements as rows', zeros([0, 3]).max(1), 'float32[0] []'],
    ['has no largest element along an axis of 0, where there is none asked for', zeros([0, 0]).max(0), 'float32[0] []'],
    ['normalises to nothing', zeros([0, 3]).softmax(), 'float32[0, 3] []'],
    ['normalises to nothing along an axis of 0', zeros([2, 0]).logSoftmax(), 'float32[2, 0] [[], []]'],
    ['has no positions', zeros([0, 3]).argmax(-1), 'int32[0] []'],
  ])('%s', (_, value, text) => {
    expect(String(value)).toBe(text);
  });

  it('has a gradient of its shape', () => {
    for (const [, reduce] of [
      ['sum', sum],
      ['mean', mean],
      ['prod', prod],
      ['logSumExp', logSumExp],
    ] as const) {
      expect(grad((x: Tensor) => reduce(x, 0).sum())(zeros([0, 2])).shape).toEqual([0, 2]);
    }
  });

  it('has no largest element', () => {
    const message = 'axis 0 has no elements. Expected at least one';
    expect(() => zeros([0, 3]).max()).toThrow(refusal(`max: ${message} to choose the largest from.`));
    expect(() => zeros([0, 3]).max(0)).toThrow(refusal(`max: ${message} to choose the largest from.`));
    expect(() => zeros([0, 3]).min(0)).toThrow(refusal(`min: ${message} to choose the smallest from.`));
    expect(() => zeros([0, 3]).argmin(0)).toThrow(
      refusal('argmin: [0, 3] has no elements along axis 0. Expected at least one.'),
    );
    expect(() => zeros([0, 3]).argmax(0)).toThrow(
      refusal('argmax: [0, 3] has no elements along axis 0. Expected at least one.'),
    );
    expect(() => zeros([0, 3]).argmax()).toThrow(refusal('argmax: [0, 3] has no elements. Expected at least one.'));
  });
});

describe('one axis', () => {
  it.each(['softmax', 'logSoftmax'] as const)('of %s is the last unless another is named', (name) => {
    const x = tensor([
      [1, 3],
      [2, 0],
    ]);
    expect(x[name]().toArray()).toEqual(x[name](-1).toArray());
    expect(x[name](0).toArray()).toEqual(x.transpose()[name]().transpose().toArray());
    expect(() => x[name](2)).toThrow(
      refusal(`${name}: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.`),
    );
    expect(() => scalar(1)[name]()).toThrow(
      refusal(`${name}: axis -1 does not exist in a tensor of rank 0. A scalar has no axes.`),
    );
  });
});

describe('precision', () => {
  it('of float32 sums and means is that of one rounding', () => {
    const x = full([100_000], 0.1);
    expect(x.sum().item()).toBe(Math.fround(100_000 * Math.fround(0.1)));
    expect(x.mean().item()).toBe(Math.fround(0.1));
  });

  it('of the weights in logSumExp is kept where the elements are large', () => {
    const gradient = grad((x: Tensor) => x.logSumExp())(tensor([1e4, 1e4, 1e4]));
    expect(gradient.toArray()).toEqual([1 / 3, 1 / 3, 1 / 3].map(Math.fround));
  });

  it('of logSoftmax does not depend on how large equal logits are', () => {
    for (const size of [1, 1e4, 1e8, 1e15]) {
      const out = full([3], size, 'float64').logSoftmax();
      expect(out.toArray()).toEqual([-Math.log(3), -Math.log(3), -Math.log(3)]);
    }
  });

  it('of softmax in float32 is kept for logits that differ by much', () => {
    const x = tensor([0, 80, 100]);
    const exact = tensor([0, 80, 100], { dtype: 'float64' }).softmax();
    [...x.softmax().toData()].forEach((value, i) => {
      const expected = Math.fround(exact.toData()[i]!);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -23);
    });
  });
});

describe('gradients', () => {
  it('of max do not turn an infinite one into NaN for elements that lost', () => {
    // d ln(max x)/dx at max = 0 is infinite for the largest alone
    const x = tensor([-1, 0], { dtype: 'float64' });
    expect(grad((y: Tensor) => y.max().log())(x).toArray()).toEqual([0, Infinity]);
  });

  it('of max share among all that are largest, over all axes together', () => {
    const x = tensor([
      [5, 1],
      [5, 5],
    ]);
    const [third, none] = [Math.fround(1 / 3), 0];
    expect(grad((y: Tensor) => y.max())(x).toArray()).toEqual([
      [third, none],
      [third, third],
    ]);
  });
});

describe('sumTo', () => {
  it.each<[Shape, Shape, unknown]>([
    [
      [2, 3],
      [2, 3],
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
    [[2, 3], [3], [2, 2, 2]],
    [[2, 3], [1, 3], [[2, 2, 2]]],
    [
      [2, 3],
      [2, 1],
      [[3], [3]],
    ],
    [[2, 3], [], 6],
    [
      [4, 2, 3],
      [2, 1],
      [[12], [12]],
    ],
    [[0, 3], [1, 3], [[0, 0, 0]]],
    [
      [2, 0],
      [2, 1],
      [[0], [0]],
    ],
    [[2, 3], [1, 1, 1].slice(1), [[6]]],
  ])('sums ones of %j to %j', (from, to, expected) => {
    expect(sumTo(ones(from), to).toArray()).toEqual(expected);
  });
});
