// The layer of our own: its formula, the gradient that it did not write, its training.

import { grad, type Tensor, tensor } from '@tapegrad/core';
import { breastCancer } from '@tapegrad/datasets';
import { describe, expect, it } from 'vitest';
import { createSwishNetwork, Swish } from '../src/custom-layer.ts';
import { splitFirstHundred, train } from '../src/fixed-split.ts';

describe('Swish', () => {
  it('is x σ(x) at first', () => {
    const [left, middle, right] = new Swish().apply(tensor([[-1, 0, 2]])).toData();
    expect([left, middle, right]).toEqual([
      expect.closeTo(-1 / (1 + Math.E), 6),
      0,
      expect.closeTo(2 / (1 + Math.exp(-2)), 6),
    ]);
  });

  it('has the derivative σ(x) + x σ(x) σ(−x)', () => {
    const swish = new Swish();
    const slope = grad((x: Tensor) => swish.apply(x).sum())(tensor([[0.7]]));
    const sigmoid = 1 / (1 + Math.exp(-0.7));
    expect(slope.item()).toBeCloseTo(sigmoid + 0.7 * sigmoid * (1 - sigmoid), 6);
  });

  it('learns: the network is above 0.9 after a few epochs, and β has moved', async () => {
    const { x, y } = await breastCancer();
    const swish = new Swish();
    const { history } = await train(createSwishNetwork(swish, 1), splitFirstHundred(x, y), {
      epochs: 30,
      seed: 1,
      verbose: 0,
    });
    expect(history.val_accuracy.at(-1)).toBeGreaterThan(0.9);
    expect(swish.weights[0]!.sub(1).abs().max().item()).toBeGreaterThan(0.01);
  });
});
