// The list of layers: building, names, what it refuses.

import { type Shape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, Dropout, Layer, Sequential } from '../src/index.ts';
import { expectClose } from './support/close.ts';

describe('building', () => {
  test('happens at once where the first layer knows its inputShape', () => {
    const model = new Sequential([new Dense(4, { inputShape: [3] }), new Dense(2)]);
    expect(model.weights.map(({ shape }) => shape)).toEqual([[3, 4], [4], [4, 2], [2]]);
    model.add(new Dense(1));
    expect(model.countParams()).toBe(16 + 10 + 3);
  });

  test('otherwise waits for build or the first data', () => {
    const model = new Sequential([new Dropout(0.5), new Dense(2)]);
    expect(model.weights).toEqual([]);
    model.build([3]);
    expect(model.countParams()).toBe(8);
    const other = new Sequential([new Dense(2)]);
    expect(other.call(zeros([1, 5])).shape).toEqual([1, 2]);
    expect(other.countParams()).toBe(12);
  });

  test('gives the same weights for the same seed, however it comes about', () => {
    const weights = (model: Sequential) => model.weights.map((weight) => weight.toArray());
    const whole = new Sequential([new Dense(4, { inputShape: [3] }), new Dense(2)], { seed: 8 });
    const late = new Sequential([], { seed: 8 });
    late.add(new Dense(4));
    late.add(new Dense(2));
    late.build([3]);
    expect(weights(late)).toEqual(weights(whole));
    expect(weights(new Sequential([new Dense(4, { inputShape: [3] }), new Dense(2)], { seed: 9 }))).not.toEqual(
      weights(whole),
    );
  });

  test('that fails leaves the model as it was', () => {
    class Odd extends Layer {
      override build(): void {
        throw new Error('on purpose');
      }
      override call(): never {
        throw new Error('unreachable');
      }
    }
    const model = new Sequential([new Dense(4, { inputShape: [3] })]);
    expect(() => model.add(new Odd())).toThrow('layer odd (Odd): on purpose');
    expect(model.layers.length).toBe(1);
    const lazy = new Sequential([new Dense(4), new Odd()]);
    expect(() => lazy.call(zeros([1, 3]))).toThrow('layer odd (Odd): on purpose');
  });

  test('without a shape says so', () => {
    expect(() => new Sequential([new Dense(1)]).build()).toThrow(
      'build: no layer has an inputShape. Give it: build([30]).',
    );
    expect(() => new Sequential().build([3])).toThrow('build: the model has no layers. Add one first.');
  });
});

describe('shapes of rows', () => {
  test('may be given by the model, which then is built at once', () => {
    const model = new Sequential([new Dense(2), new Dense(1)], { inputShape: [3] });
    expect(model.countParams()).toBe(8 + 3);
  });

  test('that contradict a layer’s inputShape are refused', () => {
    expect(() => new Sequential([new Dense(2, { inputShape: [3] }), new Dense(1, { inputShape: [7] })])).toThrow(
      'layer dense_1 (Dense): got rows of shape [2], inputShape is [7]. Make them agree, or leave inputShape out.',
    );
  });

  test('that are none are refused', () => {
    const model = new Sequential([new Dense(1)]);
    expect(() => model.build(30 as unknown as Shape)).toThrow(
      'build: inputShape is 30. Expected the shape of one row, e.g. [30].',
    );
    expect(() => model.build([null, 30] as unknown as Shape)).toThrow(
      'build: inputShape is [null, 30]. Expected the shape of one row, without the batch, in whole numbers >= 1.',
    );
    expect(model.built).toBe(false);
  });
});

describe('layers', () => {
  test('are named after their class and numbered', () => {
    const model = new Sequential([
      new Dense(1),
      new Dropout(0.1),
      new Dense(1),
      new Dense(1, { name: 'out' }),
      new Dense(1),
    ]);
    expect(model.layers.map(({ name }) => name)).toEqual(['dense', 'dropout', 'dense_1', 'out', 'dense_2']);
  });

  test('leave the names that the user gave to those that have them', () => {
    const model = new Sequential([new Dense(1, { inputShape: [1] }), new Dense(1, { name: 'dense' })]);
    expect(model.layers.map(({ name }) => name)).toEqual(['dense_1', 'dense']);
    expect(model.weights[0]!.name).toBe('dense_1/kernel');
  });

  test('within layers name their weights after all of these', () => {
    const inner = () => new Sequential([new Dense(2)]);
    const model = new Sequential([inner(), new Sequential([inner()], { name: 'deep' })], { inputShape: [1] });
    const names = ['sequential/dense', 'deep/sequential/dense'].flatMap((name) => [`${name}/kernel`, `${name}/bias`]);
    expect(model.weights.map(({ name }) => name)).toEqual(names);
    expect(model.layers.map(({ name }) => name)).toEqual(['sequential', 'deep']);
  });

  test('of one name, the same one twice, and what is no layer are refused', () => {
    const dense = new Dense(1);
    expect(() => new Sequential([dense, dense])).toThrow(
      'Sequential: the layer dense is in the model already. Make another one.',
    );
    expect(() => new Sequential([new Dense(1, { name: 'a' }), new Dense(1, { name: 'a' })])).toThrow(
      'Sequential: two layers have the name a. Give each a name of its own.',
    );
    expect(() => new Sequential([7 as unknown as Layer])).toThrow(
      'Sequential: layer 0 is 7. Expected a layer, e.g. new Dense(1).',
    );
    expect(() => new Sequential(new Dense(1) as unknown as Layer[])).toThrow(
      'Sequential: layers is an instance of Dense. Expected a list of layers.',
    );
  });

  test('may be models themselves', () => {
    const inner = new Sequential([new Dense(3, { activation: 'relu' }), new Dense(2)]);
    const model = new Sequential([inner, new Dense(1)]);
    model.build([4]);
    expect(model.countParams()).toBe(15 + 8 + 3);
    expect(model.call(zeros([5, 4])).shape).toEqual([5, 1]);
  });
});

test('a model cannot contain itself', () => {
  const inner = new Sequential([], { name: 'inner' });
  const outer = new Sequential([inner], { name: 'outer' });
  const message = 'add: the model inner would contain itself. Make another one.';
  expect(() => inner.add(inner)).toThrow(message);
  expect(() => inner.add(outer)).toThrow(message);
  expect(inner.layers).toEqual([]);
});

test('a layer of another dtype is refused', () => {
  const shared = new Dense(2, { inputShape: [2] });
  new Sequential([shared]);
  const refusal = "is float32, what it is in float64. Make both with the same dtype, e.g. { dtype: 'float64' }.";
  expect(() => new Sequential([shared], { dtype: 'float64' })).toThrow(`layer dense (Dense): ${refusal}`);
  expect(() => new Sequential([new Sequential([])], { dtype: 'float64' })).toThrow(
    `layer sequential (Sequential): ${refusal}`,
  );
});

test('options that there are not are refused', () => {
  expect(() => new Sequential([], { dtype: 'int32' as 'float32' })).toThrow(
    "Sequential: dtype is \"int32\". Expected 'float32' or 'float64'.",
  );
  expect(() => new Sequential([], { sed: 1 } as object)).toThrow(
    'Sequential: no option sed. Did you mean seed? Known: dtype, name, inputShape, trainable, seed.',
  );
});

test('a call with what is no tensor is refused', () => {
  expect(() => new Sequential([new Dense(1)]).call([[1]] as unknown as Tensor)).toThrow(
    'call: inputs are [[1]]. Expected a tensor, e.g. tensor([[1, 2]]).',
  );
});

test('a call by hand is what predict gives', async () => {
  const model = new Sequential([new Dense(2, { activation: 'softmax', inputShape: [3] })]);
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
    [-7, 8, 9],
  ]);
  expectClose((await model.predict(x, { batchSize: 2 })).toArray(), model.call(x).toArray(), 1e-6);
});
