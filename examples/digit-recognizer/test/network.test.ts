import { tensor, zeros } from '@tapegrad/core';
import { exportWeights } from '@tapegrad/nn';
import { describe, expect, it } from 'vitest';
import { compileNetwork, createNetwork } from '../src/network.ts';

describe('createNetwork', () => {
  it('is 784–80–80–10, and gives probabilities', async () => {
    const model = createNetwork(1);
    expect(exportWeights(model).sizes).toEqual([784, 80, 80, 10]);
    const outputs = await model.predict(tensor([Array.from({ length: 784 }, (_, i) => (i % 7) / 7)]));
    expect(outputs.sum().item()).toBeCloseTo(1, 6);
  });

  it('starts with weights of variance 2 / inputs, and with biases 0', () => {
    const { weights, biases } = exportWeights(createNetwork(1));
    weights.forEach((matrix) => {
      const values = matrix.flat();
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      const expected = 2 / matrix[0]!.length;
      // of n draws, the variance has a relative deviation of √(2/n)
      expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    });
    expect(new Set(biases.flat())).toEqual(new Set([0]));
  });
});

describe('compileNetwork', () => {
  it('takes λ/n · W off the weights, and leaves biases to their gradients', async () => {
    const model = createNetwork(1);
    const before = exportWeights(model);
    compileNetwork(model, { loss: 'cross-entropy', learningRate: 0.5, decay: 0.1 });
    // Blank images excite no unit, so the first layer gets no gradient at all.
    await model.fit(zeros([4, 784]), [0, 1, 2, 3], { batchSize: 4, verbose: 0 });
    const after = exportWeights(model);
    const [old, now] = [before.weights[0]!.flat(), after.weights[0]!.flat()];
    expect(Math.max(...old.map((weight, i) => Math.abs(now[i]! - 0.95 * weight)))).toBeLessThan(1e-6);
    expect(new Set(after.biases[0])).toEqual(new Set([0]));
    // All classes come out at 1/10; the label's bias goes up by 0.5 · (1/4 − 1/10), the others down by 0.5 / 10.
    after.biases[2]!.forEach((bias, digit) => {
      expect(bias).toBeCloseTo(digit < 4 ? 0.075 : -0.05, 5);
    });
  });

  it('sums squared errors over the classes, and averages over the digits', async () => {
    const model = createNetwork(1);
    compileNetwork(model, { loss: 'squared-error', learningRate: 0.1, decay: 0 });
    const { loss } = await model.evaluate(zeros([2, 784]), [3, 4]);
    expect(loss).toBeCloseTo(0.9 ** 2 + 9 * 0.1 ** 2, 6);
  });
});
