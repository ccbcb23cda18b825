// Metrics by themselves, and as a model reports them.

import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  Activation,
  binaryAccuracy,
  binaryCrossentropy,
  categoricalAccuracy,
  Dense,
  type LossFunction,
  Sequential,
  sparseCategoricalAccuracy,
} from '../src/index.ts';

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
  });
});

test('what is no tensor is refused', () => {
  for (const metric of [binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy]) {
    expect(() => metric(tensor([[1]]), [1] as unknown as Tensor)).toThrow(
      `${metric.name}: predictions are [1]. Expected a tensor, e.g. tensor([[1, 2]]).`,
    );
  }
});
