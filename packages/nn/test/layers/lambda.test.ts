// A function as a layer.

import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test, vi } from 'vitest';
import { Dense, Lambda, type LambdaFunction, Sequential } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

describe('Lambda', () => {
  test('applies its function, whose shape is found by a call', () => {
    const layer = new Lambda((x) => x.slice(0, 1, { axis: 1 }).mul(2));
    expect(layer.apply(tensor([[3, 4]])).toArray()).toEqual([[6]]);
    expect(layer.computeOutputShape([7])).toEqual([1]);
    expect([layer.name, layer.countParams()]).toEqual(['lambda', 0]);
  });

  test('is told whether the call is part of training', () => {
    const seen: boolean[] = [];
    const layer = new Lambda((x, { training }) => {
      seen.push(training);
      return x;
    });
    layer.apply(tensor([[1]]));
    layer.apply(tensor([[1]]), { training: true });
    expect(seen).toEqual([false, true]);
  });

  test.each([true, false])('trains through its function, with jit: %s', async (jit) => {
    const calls = vi.fn();
    const square: LambdaFunction = (x) => {
      calls();
      return x.square();
    };
    const model = new Sequential([
      new Dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'ones' }),
      new Lambda(square, { name: 'square' }),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'mse', jit });
    await model.fit([2], [3], { epochs: 20, verbose: 0 });
    // w: 1 − 0.01 · d((4 w² − 3)²)/dw = 1 − 0.01 · 2 · 1 · 8 at first, towards √3 / 2
    expect(model.weights[0]!.item()).toBeCloseTo(Math.sqrt(3) / 2, 3);
    if (jit) expect(calls.mock.calls.length).toBeLessThan(10);
    else expect(calls.mock.calls.length).toBeGreaterThan(20);
  });

  test('refuses what is no function, and names itself where the function fails', () => {
    expect(() => new Lambda('relu' as unknown as LambdaFunction)).toThrow(
      mistake('Lambda: got "relu". Expected a function of tensors, e.g. (x) => x.div(255).'),
    );
    expect(() => new Lambda(() => 3 as unknown as Tensor, { name: 'three' }).apply(tensor([[1]]))).toThrow(
      mistake('layer three (Lambda): returned 3. Expected a tensor.'),
    );
  });
});
