// The layers: their formulas, and that the tape's derivatives, or their own, are right.

import { grad, hessian, type Tensor, tensor } from '@tapegrad/core';
import { checkGradients } from '@tapegrad/gradcheck';
import { AuditError } from '@tapegrad/nn';
import { describe, expect, it } from 'vitest';
import { Maxout } from '../src/a-class.ts';
import { squaredRelu } from '../src/a-function.ts';
import { checkRule, squareplus } from '../src/an-op.ts';
import { HandWrittenDense } from '../src/by-hand.ts';
import { digitsSplit, tryLayers } from '../src/training.ts';

describe('the function', () => {
  it('is max(0, x)², with the derivative 2 max(0, x)', () => {
    const layer = squaredRelu();
    expect(layer.apply(tensor([[-2, 3]])).toArray()).toEqual([[0, 9]]);
    expect(grad((x: Tensor) => layer.apply(x).sum())(tensor([[-2, 3]])).toArray()).toEqual([[0, 6]]);
  });
});

describe('the class', () => {
  it('gives the greatest of its linear functions, and routes the gradient to that one', () => {
    const layer = new Maxout(1, 2);
    layer.apply(tensor([[0]]));
    layer.setWeights([tensor([[1, -1]]), tensor([0, 1])]);
    expect(layer.apply(tensor([[2], [-3]])).toArray()).toEqual([[2], [4]]);
    expect(grad((x: Tensor) => layer.apply(x).sum())(tensor([[2], [-3]])).toArray()).toEqual([[1], [-1]]);
  });
});

describe('the op', () => {
  it('is (x + √(x² + 4)) / 2', () => {
    expect(squareplus(tensor([-1.5, 0, 1.5])).toArray()).toEqual([0.5, 1, 2]);
  });

  it('has a rule that central differences confirm, and that can be differentiated again', () => {
    expect(checkRule().ok).toBe(true);
    // 2 / (x² + 4)^(3/2)
    expect(hessian((x: Tensor) => squareplus(x).sum())(tensor(0)).item()).toBeCloseTo(0.25, 6);
  });
});

describe('the layer with a derivative of its own', () => {
  it('has the gradients that its call has', () => {
    const layer = new HandWrittenDense(2, 'sum');
    layer.apply(tensor([[0, 0, 0]]));
    const x = tensor([[1, 2, 3], [4, 5, 6.5]], { dtype: 'float64' }); // biome-ignore format: a matrix
    const [w, b] = layer.getWeights().map((weight) => weight.asType('float64')) as [Tensor, Tensor];
    expect(checkGradients((y: Tensor) => y.matmul(w).add(b).square().sum(), x, { seed: 1 }).ok).toBe(true);
    const byHand = grad((y: Tensor) => layer.apply(y).square().sum())(x.asType('float32'));
    const byTape = grad((y: Tensor) => y.matmul(w).add(b).square().sum())(x);
    expect(byHand.asType('float64').sub(byTape).abs().max().item()).toBeLessThan(1e-4);
  });

  it('is stopped by the audit where the bias gets the mean, and trains where it gets the sum', async () => {
    const split = await digitsSplit(1);
    const options = { epochs: 2, seed: 1, audit: { every: 5 }, verbose: 0 } as const;
    const wrong = tryLayers([new HandWrittenDense(32, 'mean')], split, options);
    await expect(wrong).rejects.toThrow(AuditError);
    await expect(wrong).rejects.toThrow('is not the gradient of its call: wrong by b, in epoch 1, batch 1.');
    const { accuracy, losses } = await tryLayers([new HandWrittenDense(32, 'sum')], split, options);
    expect(losses[1]!).toBeLessThan(losses[0]!);
    expect(accuracy).toBeGreaterThan(0.6);
  });
});
