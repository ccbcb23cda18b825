// The values of weights, read and replaced.

import { tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, Sequential, type WeightValue } from '../src/index.ts';
import { mistake } from './support/errors.ts';

const made = (): Sequential => new Sequential([new Dense(2, { inputShape: [1], kernelInitializer: 'ones' })]);
const valuesOf = (model: Sequential): unknown[] => model.weights.map((weight) => weight.toArray());

describe('getWeights', () => {
  test.each([true, false])('gives values that stay while training goes on, with jit: %s', async (jit) => {
    const model = made();
    model.compile({ optimizer: 'sgd', loss: 'mse', jit });
    await model.fit([1], [[2, 3]], { verbose: 0 });
    const [values, then] = [model.getWeights(), valuesOf(model)];
    await model.fit([1], [[2, 3]], { epochs: 2, verbose: 0 });
    expect(values.map((value) => value.toArray())).toEqual(then);
    expect(valuesOf(model)).not.toEqual(then);
  });
});

describe('setWeights', () => {
  test('replaces the values by tensors, lists or flat arrays, in the parameters that there are', async () => {
    const model = made();
    const before = [...model.weights];
    model.setWeights([[[1, 2]], Float32Array.of(3, 4)]);
    expect(valuesOf(model)).toEqual([[[1, 2]], [3, 4]]);
    expect((await model.predict([[10]])).toArray()).toEqual([[13, 24]]);
    model.setWeights([Float32Array.of(5, 6), tensor([7, 8])]);
    expect(valuesOf(model)).toEqual([[[5, 6]], [7, 8]]);
    expect((await model.predict([[10]])).toArray()).toEqual([[57, 68]]);
    expect(model.weights.every((weight, i) => weight === before[i])).toBe(true);
  });

  test('takes weights of the same layer for what they were', () => {
    const layer = new Dense(1, { inputShape: [1] });
    const [first, second] = [new Sequential([layer]), new Sequential([new Dense(1, { inputShape: [1] })])];
    first.setWeights([[[1]], [2]]);
    second.setWeights(first.weights);
    first.setWeights([[[3]], [4]]);
    expect(valuesOf(second)).toEqual([[[1]], [2]]);
  });

  test.each<[unknown, string]>([
    [3, 'the weights are 3. Expected a list, as getWeights() gives it.'],
    [[[[1, 2]]], 'got 1 values for sequential. Expected one for each of its 2 weights, in the order of weights.'],
    [[[[1, 2]], [3]], 'the value for dense/bias is float32[1]. Expected float32[2].'],
    [
      [
        [[5], [6]],
        [3, 4],
      ],
      'the value for dense/kernel is float32[2, 1]. Expected float32[1, 2].',
    ],
    [[tensor([[1, 2]]), tensor(Float64Array.of(3, 4))], 'the value for dense/bias is float64[2]. Expected float32[2].'],
    [[[[1, 2]], Float32Array.of(3)], 'the value for dense/bias: 1 elements do not fill the shape [2]. Expected 2.'],
  ])('refuses %j, and leaves everything as it was', (values, message) => {
    const model = made();
    expect(() => model.setWeights(values as WeightValue[])).toThrow(mistake(`setWeights: ${message}`));
    expect(valuesOf(model)).toEqual([[[1, 1]], [0, 0]]);
  });

  test('needs weights', () => {
    expect(() => new Sequential([new Dense(1)]).setWeights([])).toThrow(
      mistake(
        'setWeights: sequential has no weights yet. Give its first layer an inputShape, or call build(inputShape) first.',
      ),
    );
  });
});
