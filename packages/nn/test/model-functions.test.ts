// Compiled functions of a model that changes: they are made anew where it computes something else, and only there.

import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test, vi } from 'vitest';
import { type CompileOptions, Dense, Lambda, Layer, l2, Optimizer, Sequential, SGD } from '../src/index.ts';

const quiet = { verbose: 0 } as const;
const one = (options = {}): Dense =>
  new Dense(1, { inputShape: [1], kernelInitializer: 'ones', useBias: false, ...options });
const still = { optimizer: new SGD({ learningRate: 0 }), loss: 'meanSquaredError' } as const;

function made(layers: readonly Layer[], options: CompileOptions): Sequential {
  const model = new Sequential(layers, { seed: 1 });
  model.compile(options);
  return model;
}

describe.each([true, false])('with jit: %s', (jit) => {
  test('a layer that is added is used by predict, evaluate and fit', async () => {
    const model = made([one()], { ...still, jit });
    const validationData = [[1], [1]] as const;
    expect((await model.predict([1])).toArray()).toEqual([[1]]);
    expect(await model.evaluate([1], [1])).toEqual({ loss: 0 });
    expect((await model.fit([1], [1], { ...quiet, validationData })).history).toEqual({ loss: [0], val_loss: [0] });
    model.add(new Lambda((x) => x.mul(3)));
    expect((await model.predict([1])).toArray()).toEqual([[3]]);
    expect(await model.evaluate([1], [1])).toEqual({ loss: 4 });
    expect((await model.fit([1], [1], { ...quiet, validationData })).history).toEqual({ loss: [4], val_loss: [4] });
    model.add(new Dense(3));
    expect((await model.predict([1])).shape).toEqual([1, 3]);
  });

  test('one that is added to a model within the model, too', async () => {
    const inner = new Sequential([one()]);
    const model = new Sequential([inner, new Lambda((x) => x.add(1))]);
    expect((await model.predict([1])).toArray()).toEqual([[2]]);
    inner.add(new Lambda((x) => x.mul(3)));
    expect((await model.predict([1])).toArray()).toEqual([[4]]);
  });

  test('a layer that is frozen costs nothing and stays, from the next call on', async () => {
    const dense = one({ kernelRegularizer: l2(1) });
    const model = made([dense], { optimizer: new SGD({ learningRate: 0.25 }), loss: 'meanSquaredError', jit });
    expect(await model.evaluate([1], [1])).toEqual({ loss: 1 });
    await model.fit([1], [1], quiet);
    expect(dense.kernel!.item()).toBe(0.5);
    dense.trainable = false;
    expect(await model.evaluate([1], [1])).toEqual({ loss: 0.25 });
    expect((await model.fit([1], [1], quiet)).history).toEqual({ loss: [0.25] });
    expect(dense.kernel!.item()).toBe(0.5);
    dense.trainable = true;
    expect(await model.evaluate([1], [1])).toEqual({ loss: 0.5 });
    await model.fit([1], [1], quiet);
    expect(dense.kernel!.item()).toBe(0.5); // 2 (w − 1) + 2 w = 0
  });

  test('a number or a tensor among a layer’s properties that changes is seen by the next call', async () => {
    class Scaled extends Layer {
      factor = 2;
      shift: Tensor = tensor(1);
      override call(inputs: Tensor): Tensor {
        return inputs.mul(this.factor).add(this.shift);
      }
    }
    const layer = new Scaled();
    const model = made([one(), layer], { ...still, jit });
    expect((await model.predict([1])).item()).toBe(3);
    layer.factor = 5;
    expect((await model.predict([1])).item()).toBe(6);
    layer.shift = tensor(-5);
    expect((await model.predict([1])).item()).toBe(0);
    expect((await model.fit([1], [1], quiet)).history).toEqual({ loss: [1] });
    layer.factor = 6;
    expect((await model.fit([1], [1], quiet)).history).toEqual({ loss: [0] });
  });

  test('a number among an optimizer’s properties, too', async () => {
    class Stretched extends Optimizer {
      stretch = 1;
      override update(value: Tensor, gradient: Tensor, slots: object) {
        return { value: value.sub(gradient.mul(this.stretch)), slots };
      }
    }
    const optimizer = new Stretched({ learningRate: 1 });
    const dense = one();
    const model = made([dense], { optimizer, loss: (_y, p) => p.mean(), jit });
    await model.fit([1], [1], quiet);
    expect(dense.kernel!.item()).toBe(0);
    optimizer.stretch = 3;
    await model.fit([1], [1], quiet);
    expect(dense.kernel!.item()).toBe(-3);
  });
});

test('nothing is compiled again where nothing changed but weights, the learning rate and who trains', async () => {
  const calls = vi.fn();
  const optimizer = new SGD({ learningRate: 0.1 });
  const spy = new Lambda((x) => {
    calls();
    return x;
  });
  const model = made([one(), spy], { optimizer, loss: 'meanSquaredError' });
  const stopping = {
    onEpochEnd: () => {
      model.stopTraining = true;
    },
  };
  const all = async (): Promise<number> => {
    calls.mockClear();
    await model.fit([1, 2], [1, 3], { ...quiet, validationData: [[1], [1]], callbacks: [stopping] });
    await model.evaluate([1], [1]);
    await model.predict([1]);
    return calls.mock.calls.length;
  };
  const first = await all();
  model.setWeights([[[4]]]);
  optimizer.learningRate = 0.01;
  const checks = 5; // of x and y, of gradients, of the validation data, of evaluate, of predict
  expect(await all()).toBe(checks);
  expect(await all()).toBe(checks);
  expect(first).toBe(checks + 3); // a step, evaluation and prediction traced
  expect(model.optimizer!.iterations).toBe(3);
});

test('compile makes them anew, with or without jit as it says', async () => {
  const calls = vi.fn();
  const spy = new Lambda((x) => {
    calls();
    return x;
  });
  const model = made([one(), spy], { ...still, jit: false });
  const predictions = async (): Promise<number> => {
    calls.mockClear();
    for (let i = 0; i < 3; i++) await model.predict([1]);
    return calls.mock.calls.length;
  };
  expect(await predictions()).toBe(6);
  model.add(new Lambda((x) => x.mul(2)));
  expect(await predictions()).toBe(6);
  model.compile(still);
  expect(await predictions()).toBe(4);
});
