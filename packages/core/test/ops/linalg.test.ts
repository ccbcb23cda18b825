// What golden/pytorch.test.ts and kernels/matmul.test.ts leave open: dtypes, errors, gradients through views.

import { describe, expect, it } from 'vitest';
import { grad, matmul, ones, type Shape, type Tensor, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

describe('matmul', () => {
  it('of whole numbers and booleans is float32, beside float64 that', () => {
    const whole = tensor([[1, 2]], { dtype: 'int32' });
    expect(String(whole.matmul(tensor([[true], [true]])))).toBe('float32[1, 1] [[3]]');
    expect(String(whole.matmul(tensor([[0.1], [0.2]], { dtype: 'float64' })))).toBe('float64[1, 1] [[0.5]]');
    expect(String(tensor([[0.5]]).matmul(whole))).toBe('float32[1, 2] [[0.5, 1]]');
  });

  it('lets the float operand beside whole numbers have its gradient', () => {
    const mask = tensor([[true, false]]);
    expect(grad((x: Tensor) => x.matmul(mask).sum())(tensor([[1], [2]])).toArray()).toEqual([[1], [1]]);
  });

  it.each<[Shape, Shape, string]>([
    [[2, 3], [4, 5], 'matmul: inner sizes differ: [2, 3] × [4, 5]. Expected the second operand to be [3, n].'],
    [
      [7, 2, 3],
      [7, 4, 5],
      'matmul: inner sizes differ: [7, 2, 3] × [7, 4, 5]. Expected the second operand to be [7, 3, n].',
    ],
    [
      [2, 2, 3],
      [4, 3, 2],
      'matmul: shapes [2] and [4] do not broadcast: 2 against 4 at axis -1. Expected equal lengths, or 1.',
    ],
    [[4], [3, 2], 'matmul: inner sizes differ: [4] × [3, 2]. Expected the second operand to be [4, n].'],
    [[2, 3], [2], 'matmul: inner sizes differ: [2, 3] × [2]. Expected the second operand to be [3].'],
    [[], [2, 2], 'matmul: the shapes are [] × [2, 2]. Expected vectors or matrices; multiply by a number with mul().'],
  ])('refuses %j × %j', (x, y, message) => {
    expect(() => matmul(zeros(x), zeros(y))).toThrow(refusal(message));
  });

  it.each<[Shape, Shape, Shape]>([
    [[3], [3], []],
    [[2, 3], [3], [2]],
    [[3], [3, 2], [2]],
    [[5, 2, 3], [3], [5, 2]],
    [[3], [5, 3, 2], [5, 2]],
    [[0], [0], []],
    [[2, 0], [0], [2]],
  ])('of %j × %j has shape %j: vectors are rows on the left, columns on the right', (x, y, shape) => {
    expect(ones(x).matmul(ones(y)).shape).toEqual(shape);
  });

  it('refuses a number', () => {
    expect(() => ones([2, 2]).matmul(2)).toThrow(
      refusal('matmul: the shapes are [2, 2] × []. Expected vectors or matrices; multiply by a number with mul().'),
    );
  });

  it('differentiates a matrix times its own transpose', () => {
    // d sum(x xᵀ)/dx: each row's gradient is twice the sum of all rows
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(grad((y: Tensor) => y.matmul(y.transpose()).sum())(x).toArray()).toEqual([
      [8, 12],
      [8, 12],
    ]);
  });

  it('differentiates through repeated rows and reversed columns', () => {
    const f = (x: Tensor): Tensor =>
      x
        .broadcastTo([3, 2])
        .matmul(tensor([[1], [10]]).slice(undefined, undefined, { step: -1 }))
        .sum();
    expect(grad(f)(tensor([1, 2])).toArray()).toEqual([30, 3]);
  });
});
