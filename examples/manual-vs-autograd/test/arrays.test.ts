// The operations that the authors' formulas are written with, beside those of tensors.

import { RandomGenerator, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import * as arrays from '../src/arrays.ts';

const random = new RandomGenerator(1);
const [a, b] = [random.normal([3, 4], 0, 1, 'float64'), random.normal([3, 4], 0, 1, 'float64')];
const [x, y] = [a.toNdarray(), b.toNdarray()];

function expectSame(actual: Parameters<typeof tensor>[0], expected: Tensor): void {
  const value = tensor(actual, { dtype: 'float64' });
  expect(value.shape).toEqual(expected.shape);
  expect(value.sub(expected).abs().max().item()).toBeLessThan(1e-14);
}

describe('arrays', () => {
  it('multiplies matrices, also transposed ones', () => {
    expectSame(arrays.dot(x, arrays.transpose(y)), a.matmul(b.transpose()));
    expectSame(arrays.dot(arrays.transpose(x), y), a.transpose().matmul(b));
  });

  it('computes element by element', () => {
    expectSame(arrays.plus(x, y), a.add(b));
    expectSame(arrays.minus(1, y), b.neg().add(1));
    expectSame(arrays.times(x, 3), a.mul(3));
    expectSame(arrays.over(arrays.transpose(x), arrays.transpose(y)), a.div(b).transpose());
    expectSame(arrays.magnitude(x), a.abs());
    expectSame(arrays.atLeast(x, 0), a.relu());
    expectSame(arrays.isPositive(x), a.greater(0).asType('float64'));
    expectSame(arrays.sigmoid(x), a.sigmoid());
  });

  it('sums over an axis, which stays', () => {
    expectSame(arrays.sumOver(x, 0), a.sum(0, { keepDims: true }));
    expectSame(arrays.sumOver(arrays.transpose(x), 1), a.transpose().sum(1, { keepDims: true }));
    expectSame(arrays.meanOfAll(x), a.mean());
  });

  it('takes the softmax of large numbers without overflow', () => {
    expect(arrays.softmax([1000, 1000])).toEqual([0.5, 0.5]);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => arrays.plus(x, arrays.transpose(y))).toThrow(
      new RangeError('arrays of the shapes [3,4] and [4,3]. Expected the same shape.'),
    );
    expect(() => arrays.dot(x, y)).toThrow(new RangeError('inner sizes differ: [3,4] × [3,4].'));
  });
});
