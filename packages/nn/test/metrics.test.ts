// Metrics by themselves, and as a model reports them.

import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  Activation,
  binaryAccuracy,
  binaryCrossentropy,
  categoricalAccuracy,
  Dense,
  EarlyStopping,
  type LossFunction,
  meanSquaredError,
  Sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
} from '../src/index.ts';
import { mistake } from './support/errors.ts';

describe('accuracies', () => {
  test('binary: on the label’s side of 0.5, which itself counts as 0', () => {
    expect(binaryAccuracy(tensor([1, 0, 1, 0]), tensor([[0.51], [0.5], [0.5], [0.1]])).item()).toBe(0.75);
  });

  test('binary: over all outputs', () => {
    expect(binaryAccuracy(tensor([[1, 0]]), tensor([[0.9, 0.9]])).item()).toBe(0.5);
  });

  test('categorical: the largest at the same position', () => {
    const y = tensor([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    const p = tensor([
      [0.1, 0.6, 0.3],
      [0.1, 0.6, 0.3],
    ]);
    expect(categoricalAccuracy(y, p).item()).toBe(0.5);
  });

  test('sparse: the largest at the label, also for labels [rows, 1]', () => {
    const p = tensor([
      [0.1, 0.9],
      [0.8, 0.2],
    ]);
    expect(sparseCategoricalAccuracy(tensor([1, 1]), p).item()).toBe(0.5);
    expect(sparseCategoricalAccuracy(tensor([[1], [0]]), p).item()).toBe(1);
  });

  test('are exact shares, not float32 ones', () => {
    const y = tensor(Array.from({ length: 100 }, (_, i) => [i < 95 ? 1 : 0]));
    expect(binaryAccuracy(y, y.mul(0).add(1)).item()).toBe(0.95);
  });
});

describe('labels that do not fit are refused, naming both shapes', () => {
  const p = tensor([
    [0.9, 0.1],
    [0.2, 0.8],
    [0.1, 0.9],
  ]);

  test('class numbers where one-hot rows are wanted, not broadcast', () => {
    expect(() => categoricalAccuracy(tensor([0, 1, 1]), p)).toThrow(
      mistake(
        'categoricalAccuracy: labels of shape [3] do not fit predictions of shape [3, 2]. Expected labels of shape [3, 2]. ' +
          'For class numbers use sparseCategoricalAccuracy.',
      ),
    );
    expect(() => categoricalAccuracy(tensor([[0], [1], [1]]), p)).toThrow(
      'categoricalAccuracy: labels of shape [3, 1] do not fit predictions of shape [3, 2].',
    );
  });

  test('one-hot rows where class numbers are wanted', () => {
    expect(() => sparseCategoricalAccuracy(p, p)).toThrow(
      mistake(
        'sparseCategoricalAccuracy: labels of shape [3, 2] do not fit predictions of shape [3, 2]. Expected labels of shape [3]. ' +
          'For one-hot rows use categoricalAccuracy.',
      ),
    );
  });

  test('another number of outputs', () => {
    expect(() => binaryAccuracy(tensor([[0, 1, 1]]), tensor([[0.5], [0.5]]))).toThrow(
      mistake(
        'binaryAccuracy: labels of shape [1, 3] do not fit predictions of shape [2, 1]. Expected labels of shape [2, 1].',
      ),
    );
  });

  test('by a model too, before the first step', async () => {
    const model = new Sequential([new Dense(2, { inputShape: [1], activation: 'softmax' })]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['categoricalAccuracy'] });
    await expect(model.evaluate([-1, 1], [0, 1])).rejects.toThrow(
      'categoricalAccuracy: labels of shape [2] do not fit predictions of shape [2, 2]. Expected labels of shape [2, 2].',
    );
  });
});

describe('the metric "accuracy"', () => {
  const passThrough = new Activation('linear', { inputShape: [2], name: 'pass' });

  async function accuracy(loss: Parameters<Sequential['compile']>[0]['loss'], x: number[][], y: number[] | number[][]) {
    const model = new Sequential([passThrough]);
    model.compile({ optimizer: 'sgd', loss, metrics: ['accuracy'] });
    return (await model.evaluate(x, y)).accuracy;
  }

  test('is binary for binaryCrossentropy, also with several outputs', async () => {
    expect(await accuracy('binaryCrossentropy', [[0.9, 0.8]], [[1, 0]])).toBe(0.5);
  });

  test('is decided by 0 where binaryCrossentropy is given logits', async () => {
    expect(await accuracy(binaryCrossentropy.with({ fromLogits: true }), [[0.1, -0.1]], [[1, 0]])).toBe(1);
  });

  test('is categorical and sparse for the losses of that name', async () => {
    expect(await accuracy('categoricalCrossentropy', [[0.9, 0.1]], [[1, 0]])).toBe(1);
    expect(await accuracy('sparseCategoricalCrossentropy', [[0.9, 0.1]], [1])).toBe(0);
  });

  test('goes by the shapes for other losses', async () => {
    expect(await accuracy('meanSquaredError', [[0.9, 0.1]], [[0.6, 0.4]])).toBe(1);
    const first: LossFunction = (_y, p) => p.mean();
    expect(await accuracy(first, [[0.9, 0.1]], [0])).toBe(1);
  });
});

describe('metrics of a model', () => {
  const model = () => new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'ones' })]);

  test('report under Keras’s names, functions under their own', async () => {
    const offset = (y: Tensor, p: Tensor) => p.sub(y).mean();
    const m = model();
    m.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['binaryAccuracy', 'mse', offset] });
    expect(await m.evaluate([1, 2], [0, 0])).toEqual({ loss: 2.5, binary_accuracy: 0, mse: 2.5, offset: 1.5 });
  });

  test('report under Keras’s names also where our own functions are given, which "auto" knows', async () => {
    const m = model();
    const metrics = [meanSquaredError, binaryAccuracy, sparseCategoricalCrossentropy.with({ fromLogits: true })];
    m.compile({ optimizer: 'sgd', loss: (_y, p) => p.mean(), metrics: metrics.slice(0, 2) });
    const logs = await m.evaluate([1, 2], [0, 0]);
    expect(logs).toEqual({ loss: 1.5, mean_squared_error: 2.5, binary_accuracy: 0 });
    for (const name in logs) expect(new EarlyStopping({ monitor: `val_${name}` })).toBeInstanceOf(EarlyStopping);
    m.compile({ optimizer: 'sgd', loss: (_y, p) => p.mean(), metrics: metrics.slice(2) });
    expect(Object.keys(await m.evaluate([1, 2], [0, 0]))).toEqual(['loss', 'sparse_categorical_crossentropy']);
  });

  test('are averaged over batches by their rows', async () => {
    const m = model();
    m.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
    const logs = await m.evaluate([1, 1, 1, 0, 2], [1, 1, 0, 0, 0], { batchSize: 2 });
    expect(logs.loss).toBeCloseTo(1, 12);
    expect(logs.accuracy).toBeCloseTo(0.6, 12);
  });

  test('of one name are refused', () => {
    expect(() => model().compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mse', 'mse'] })).toThrow(
      'compile: two metrics report as mse. Give each function a name of its own.',
    );
    expect(() =>
      model().compile({ optimizer: 'sgd', loss: 'mse', metrics: [meanSquaredError, 'meanSquaredError'] }),
    ).toThrow('compile: two metrics report as mean_squared_error. Give each function a name of its own.');
  });

  test.each(['loss', 'val_loss', 'val_offset'])('named %s are refused: logs of that name are others’', (name) => {
    const measure = Object.defineProperty((_y: Tensor, p: Tensor) => p.mean(), 'name', { value: name });
    expect(() => model().compile({ optimizer: 'sgd', loss: 'mse', metrics: [measure] })).toThrow(
      mistake(
        `compile: a metric reports as ${name}. Expected a name other than loss and without val_, which begins those of validation: ` +
          'give the function another name.',
      ),
    );
  });
});

test('what is no tensor is refused', () => {
  for (const metric of [binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy]) {
    expect(() => metric(tensor([[1]]), [1] as unknown as Tensor)).toThrow(
      `${metric.name}: predictions are [1]. Expected a tensor, e.g. tensor([[1, 2]]).`,
    );
  }
});
