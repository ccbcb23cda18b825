// Dense and Activation.

import { tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Activation, Dense, type DenseOptions } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

describe('Dense', () => {
  test('computes activation(x · kernel + bias)', () => {
    const layer = new Dense(2, { activation: 'relu', biasInitializer: 'ones', seed: 1 });
    layer.apply(zeros([1, 2]));
    layer.weights[0]!.assign(
      tensor([
        [1, -1],
        [2, -3],
      ]),
    );
    expect(layer.apply(tensor([[1, 1]])).toArray()).toEqual([[4, 0]]);
    expect(layer.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['dense/kernel', 2, 2],
      ['dense/bias', 2],
    ]);
  });

  test('works on the last axis of more than two', () => {
    const layer = new Dense(4, { useBias: false });
    expect(layer.apply(zeros([2, 5, 3])).shape).toEqual([2, 5, 4]);
    expect(layer.countParams()).toBe(12);
    expect(layer.computeOutputShape([5, 3])).toEqual([5, 4]);
  });

  test.each([
    [0, {}, 'Dense: units is 0. Expected a whole number >= 1.'],
    [2.5, {}, 'Dense: units is 2.5. Expected a whole number >= 1.'],
    [
      1,
      { activation: 'rleu' },
      'Dense: no activation rleu. Did you mean relu? Known: linear, relu, sigmoid, tanh, softmax, softplus.',
    ],
    [1, { activation: 3 }, 'Dense: activation is 3. Expected a name or a function.'],
    [1, { useBias: 'no' }, 'Dense: useBias is "no". Expected true or false.'],
    [
      1,
      { inputShape: [0] },
      'Dense: inputShape is [0]. Expected the shape of one row, without the batch, in whole numbers >= 1.',
    ],
    [1, { inputShape: 30 }, 'Dense: inputShape is 30. Expected the shape of one row, e.g. [30].'],
    [1, { name: '' }, 'Dense: name is "". Expected some letters.'],
    [
      1,
      { use_bias: true },
      'Dense: no option use_bias. Did you mean useBias? ' +
        'Known: activation, useBias, kernelInitializer, biasInitializer, ' +
        'kernelRegularizer, biasRegularizer, name, inputShape, trainable, seed.',
    ],
  ])('refuses %s units with %j', (units, options, message) => {
    expect(() => new Dense(units, options as DenseOptions)).toThrow(mistake(message));
  });

  test('says how many features it was built for', () => {
    const layer = new Dense(1);
    layer.apply(zeros([4, 30]));
    expect(() => layer.apply(zeros([4, 29]))).toThrow(
      'layer dense (Dense): got [*, 29], expected 30 features. Pass inputs of shape [*, 30].',
    );
    expect(() => new Dense(1).apply(zeros([4]))).toThrow(
      'layer dense (Dense): got one number a row, expected rows of features. Reshape x to [rows, 1].',
    );
  });
});

describe('Activation', () => {
  test('applies a name or a function', () => {
    const x = tensor([[-1, 2]]);
    expect(new Activation('relu').apply(x).toArray()).toEqual([[0, 2]]);
    expect(new Activation((z) => z.mul(3)).apply(x).toArray()).toEqual([[-3, 6]]);
    expect(new Activation('softmax').apply(x).sum().item()).toBeCloseTo(1, 6);
  });
});

test('a softmax over one unit, which is 1 whatever its input, is refused', () => {
  expect(() => new Dense(1, { activation: 'softmax' })).toThrow(
    'Dense: units is 1, activation is softmax, which then gives 1 for any input. Expected units >= 2, or sigmoid for one unit.',
  );
});

test('call before apply says so', () => {
  expect(() => new Dense(1).call(zeros([1, 2]))).toThrow(
    'layer dense (Dense): has no weights yet. Call it by apply(inputs), which makes them first.',
  );
});
