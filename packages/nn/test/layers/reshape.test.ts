// Reshape and Flatten.

import { arange, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, Flatten, Reshape, Sequential } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

describe('Flatten', () => {
  test.each([
    [
      [2, 28, 28],
      [2, 784],
    ],
    [
      [2, 3],
      [2, 3],
    ],
    [[2], [2, 1]],
    [
      [2, 1, 3, 1],
      [2, 3],
    ],
  ])('makes %j to %j', (from, to) => {
    expect(new Flatten().apply(zeros(from)).shape).toEqual(to);
    expect(new Flatten().computeOutputShape(from.slice(1))).toEqual(to.slice(1));
  });

  test('keeps the order of the numbers', () => {
    expect(new Flatten().apply(arange(0, 8).reshape([2, 2, 2])).toArray()).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  test('lets a Dense layer read images', async () => {
    const model = new Sequential([new Flatten({ inputShape: [2, 2] }), new Dense(1, { kernelInitializer: 'ones' })]);
    expect(model.countParams()).toBe(5);
    const image = [
      [1, 2],
      [3, 4],
    ];
    expect((await model.predict([image])).toArray()).toEqual([[10]]);
  });
});

describe('Reshape', () => {
  test('gives rows another shape, and works out -1', () => {
    expect(new Reshape([2, 3]).apply(zeros([5, 6])).shape).toEqual([5, 2, 3]);
    expect(new Reshape([-1, 2]).apply(zeros([5, 3, 4])).shape).toEqual([5, 6, 2]);
    expect(new Reshape([]).apply(tensor([[1], [2]])).toArray()).toEqual([1, 2]);
    expect(new Reshape([2, -1]).computeOutputShape([8])).toEqual([2, 4]);
  });

  test.each([
    [[10, 78], 'Expected 780 for the shape [10, 78].'],
    [[-1, 3, 3], 'Expected a multiple of 9 for the shape [-1, 3, 3].'],
  ])('refuses rows that do not fill %j', (targetShape, expected) => {
    const message = `layer reshape (Reshape): got rows of shape [28, 28], which are 784 numbers. ${expected}`;
    expect(() => new Reshape(targetShape).apply(zeros([1, 28, 28]))).toThrow(mistake(message));
    expect(() => new Reshape(targetShape).computeOutputShape([28, 28])).toThrow(mistake(message));
  });

  test.each([
    [[0], '[0]'],
    [[-1, -1], '[-1, -1]'],
    [[2.5], '[2.5]'],
    [784, '784'],
  ])('refuses the shape %j', (shape, shown) => {
    expect(() => new Reshape(shape as number[])).toThrow(
      mistake(
        `Reshape: targetShape is ${shown}. Expected the shape of one row, without the batch, in whole numbers >= 1, one of which may be -1.`,
      ),
    );
  });
});
