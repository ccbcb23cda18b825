// What golden/structure.json leaves open of stack, split and unstack: dtypes, views, errors. concat is in structure.test.ts.

import { describe, expect, it } from 'vitest';
import { grad, scalar, split, stack, type Tensor, tensor, unstack, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const shapes = (xs: readonly Tensor[]): (readonly number[])[] => xs.map((x) => x.shape);

describe('stack', () => {
  it('takes numbers in the dtype of the tensors beside them', () => {
    expect(String(stack([scalar(1, 'float64'), 2]))).toBe('float64[2] [1, 2]');
    expect(String(stack([scalar(1, 'int32'), 2]))).toBe('int32[2] [1, 2]');
    expect(String(stack([1, 2]))).toBe('float32[2] [1, 2]');
  });

  it('gives the same tensor twice the sum of both gradients', () => {
    const f = (x: Tensor): Tensor =>
      stack([x, x])
        .mul(tensor([[1], [10]]))
        .sum();
    expect(grad(f)(tensor([3, 4])).toArray()).toEqual([11, 11]);
  });

  it.each<[() => Tensor, string]>([
    [() => stack([zeros([2]), zeros([3])]), 'stack: the shapes [2], [3] differ. Expected equal ones.'],
    [() => stack([zeros([2]), 1]), 'stack: the shapes [2], [] differ. Expected equal ones.'],
    [() => stack([]), 'stack: got an empty list. Expected a list of tensors.'],
    [() => stack(zeros([2]) as unknown as Tensor[]), 'stack: got object. Expected a list of tensors.'],
    [() => stack([null as unknown as Tensor]), 'stack: xs[0] is null. Expected a tensor or a number.'],
    [
      () => stack([zeros([2])], 2),
      'stack: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('split', () => {
  it('gives views of equal parts, or of the lengths in the list', () => {
    const x = zeros([2, 6]);
    expect(shapes(split(x, 2))).toEqual([
      [1, 6],
      [1, 6],
    ]);
    expect(shapes(x.split([1, 0, 5], -1))).toEqual([
      [2, 1],
      [2, 0],
      [2, 5],
    ]);
    expect(x.split(3, 1).every((part) => part.array.data === x.array.data)).toBe(true);
    expect(shapes(zeros([0]).split(2))).toEqual([[0], [0]]);
    expect(zeros([0]).split([])).toEqual([]);
  });

  it.each<[number | readonly number[], string]>([
    [4, 'split: axis 1 of length 6 does not split into 4 equal parts. Expected a divisor, or a list of lengths.'],
    [0, 'split: axis 1 of length 6 does not split into 0 equal parts. Expected a divisor, or a list of lengths.'],
    [[2, 3], 'split: the sections are [2,3]. Expected lengths that add up to 6, the length of axis 1.'],
    [[7, -1], 'split: the sections are [7,-1]. Expected lengths that add up to 6, the length of axis 1.'],
  ])('refuses %j', (sections, message) => {
    expect(() => split(zeros([2, 6]), sections, 1)).toThrow(refusal(message));
  });
});

describe('unstack', () => {
  it('is what stack undoes, along any axis', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    for (const axis of [0, 1, -1]) expect(stack(unstack(x, axis), axis).toArray()).toEqual(x.toArray());
    expect(x.unstack(1).map((part) => part.toArray())).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(unstack(zeros([0, 2]))).toEqual([]);
  });

  it('refuses a scalar', () => {
    expect(() => unstack(scalar(1))).toThrow(
      refusal('unstack: axis 0 does not exist in a tensor of rank 0. A scalar has no axes.'),
    );
  });
});
