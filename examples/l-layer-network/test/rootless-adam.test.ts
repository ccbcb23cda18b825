import { compile } from '@tapegrad/compiler';
import { Parameter, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { RootlessAdam } from '../src/rootless-adam.ts';

describe('RootlessAdam', () => {
  it('takes lr · m̂ / (v̂ + ε), also compiled', () => {
    const [w, u] = [new Parameter(tensor([1]), 'w'), new Parameter(tensor([1]), 'u')];
    const [eager, compiled] = [new RootlessAdam({ learningRate: 1e-4 }), new RootlessAdam({ learningRate: 1e-4 })];
    const step = compile((g: Tensor) => compiled.step([g], [u]));
    let [m, v, expected] = [0, 0, 1];
    for (const [i, g] of [0.05, -0.02, 0.1].entries()) {
      eager.step([tensor([g])], [w]);
      step(tensor([g]));
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g ** 2;
      expected -= (1e-4 * (m / (1 - 0.9 ** (i + 1)))) / (v / (1 - 0.999 ** (i + 1)) + 1e-8);
      expect(w.item()).toBeCloseTo(expected, 5);
      expect(u.item()).toBeCloseTo(expected, 5);
    }
  });

  it('takes larger steps for smaller gradients', () => {
    const stepFor = (g: number): number => {
      const w = new Parameter(tensor([0]), 'w');
      new RootlessAdam({ learningRate: 1e-6 }).step([tensor([g])], [w]);
      return -w.item();
    };
    expect(stepFor(0.1)).toBeCloseTo(1e-5, 9);
    expect(stepFor(1e-3)).toBeCloseTo(1e-3 / 1.01, 6);
    // the largest, at g = √ε: lr / (2√ε)
    expect(stepFor(1e-4)).toBeCloseTo(5e-3, 6);
  });
});
