import { Tape, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { accuracy, CategoricalCrossentropy } from '../src/loss.ts';

const labels = tensor([1, 0], { dtype: 'int32' });

describe('CategoricalCrossentropy', () => {
  it('is the mean of −log p of the right class', () => {
    const p = tensor([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], { dtype: 'float64' }); // biome-ignore format: a matrix
    const expected = -(Math.log(0.25) + Math.log(0.1)) / 2;
    expect(new CategoricalCrossentropy().of(p, labels).item()).toBeCloseTo(expected, 12);
  });

  it('is (softmax − one-hot) / m behind a softmax', () => {
    const Z = tensor([[1, 2, 0.5], [0, -1, 3]], { dtype: 'float64' }); // biome-ignore format: a matrix
    const tape = new Tape();
    tape.watch({ Z });
    const loss = tape.record(() => new CategoricalCrossentropy().of(Z.softmax(1), labels));
    const oneHot = tensor([[0, 1, 0], [1, 0, 0]], { dtype: 'float64' }); // biome-ignore format: a matrix
    const byHand = Z.softmax(1).sub(oneHot).div(2);
    expect(tape.gradient(loss, Z).sub(byHand).abs().max().item()).toBeLessThan(1e-12);
  });

  it('is finite where the right class is ruled out', () => {
    const p = tensor([[1, 0], [1, 0]], { dtype: 'float64' }); // biome-ignore format: a matrix
    expect(new CategoricalCrossentropy().of(p, labels).item()).toBeCloseTo(-Math.log(1e-7) / 2, 9);
  });
});

describe('accuracy', () => {
  it('is the share of rows whose most probable class is their label', () => {
    const p = tensor([[0.5, 0.25, 0.25], [0.8, 0.1, 0.1]]); // biome-ignore format: a matrix
    expect(accuracy(p, labels).item()).toBe(0.5);
  });
});
