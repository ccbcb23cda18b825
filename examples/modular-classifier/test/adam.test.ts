import { Parameter, tensor } from '@tapegrad/core';
import { expect, it } from 'vitest';
import { Adam } from '../src/adam.ts';

it('takes the steps of the published algorithm', () => {
  const w = new Parameter(tensor([1, -2]), 'w');
  const adam = new Adam([w], 0.1);
  let [m, v] = [0, 0];
  let expected = 1;
  for (const [i, g] of [0.5, -0.25, 2].entries()) {
    adam.step([tensor([g, 0])]);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g ** 2;
    expected -= (0.1 * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-7);
    expect(w.toData()[0]).toBeCloseTo(expected, 5);
    expect(w.toData()[1]).toBe(-2);
  }
});
