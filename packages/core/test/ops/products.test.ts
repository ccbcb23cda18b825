// What golden/ leaves open: dtypes, numbers, errors.

import { describe, expect, it } from 'vitest';
import { type ContractedAxes, dot, kron, outer, type Shape, tensor, tensordot, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const v = tensor([1, 2], { dtype: 'float64' });

describe('dtypes', () => {
  it('numbers take that of the other operand', () => {
    expect(String(dot(0.1, v))).toBe('float64[2] [0.1, 0.2]');
    expect(String(kron(v, 0.1))).toBe('float64[2] [0.1, 0.2]');
  });

  it('whole numbers stay whole in products of elements, and become float32 in sums of products', () => {
    const whole = tensor([1, 2], { dtype: 'int32' });
    expect(String(outer(whole, whole))).toBe('int32[2, 2] [[1, 2], [2, 4]]');
    expect(String(kron(whole, whole))).toBe('int32[4] [1, 2, 2, 4]');
    expect(String(dot(whole, whole))).toBe('float32[] 5');
  });
});

describe('tensordot', () => {
  it.each<[Shape, Shape, ContractedAxes | undefined, string]>([
    [[2, 3], [3, 2], undefined, 'axis 0 of [2, 3] has 2 elements, axis 0 of [3, 2] 3. Expected equal lengths.'],
    [[2, 3], [4], [1, 0], 'axis 1 of [2, 3] has 3 elements, axis 0 of [4] 4. Expected equal lengths.'],
    [[2], [2], 2, 'axes is 2, the shapes are [2] and [2]. Expected a whole number from 0 to 1, or a pair of lists.'],
    [[2, 2], [2, 2], [[0, 1], [0]], 'axes names 2 of x and 1 of y. Expected as many of both.'],
    [
      [2, 2],
      [2, 2],
      [
        [0, -2],
        [0, 1],
      ],
      'axes [0, 0] name an axis twice. Expected each axis once.',
    ],
    [[2], [2], [0] as unknown as ContractedAxes, 'axes is [0]. Expected a number, or a pair of axes or lists of them.'],
    [[2], [2], [1, 0], 'axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.'],
  ])('refuses %j and %j over %j', (x, y, axes, message) => {
    expect(() => tensordot(zeros(x), zeros(y), axes)).toThrow(refusal(`tensordot: ${message}`));
  });
});

describe('dot and outer', () => {
  it('dot refuses lengths that differ', () => {
    expect(() => dot(zeros([2, 3]), zeros([2]))).toThrow(
      refusal('dot: axis 1 of [2, 3] has 3 elements, axis 0 of [2] 2. Expected equal lengths.'),
    );
  });

  it('outer refuses what is no vector', () => {
    expect(() => outer(v, 2)).toThrow(
      refusal('outer: the shapes are [2] and []. Expected two vectors; flatten() what is none.'),
    );
  });
});
