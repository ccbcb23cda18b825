// The network: its size, and that a seed decides it.

import { describe, expect, it } from 'vitest';
import { createNetwork } from '../src/network.ts';

describe('createNetwork', () => {
  it('has 14,337 parameters, in the layers of the summary', () => {
    let text = '';
    createNetwork(1, 1e-3).summary({ print: (summary) => (text = summary) });
    for (const line of ['3,968', '8,256', '2,080', '33', 'Total params: 14,337']) expect(text).toContain(line);
  });

  it('starts with weights of the standard deviation √(2 / (inputs + outputs)), and biases of 0', () => {
    const [kernel, bias] = createNetwork(1, 1e-3).weights;
    expect(kernel!.shape).toEqual([30, 128]);
    expect(kernel!.square().mean().sqrt().item()).toBeCloseTo(Math.sqrt(2 / (30 + 128)), 2);
    expect(bias!.abs().max().item()).toBe(0);
  });

  it('starts the same from the same seed, otherwise from another', () => {
    const first = (seed: number) => createNetwork(seed, 1e-3).weights[0]!.toData();
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });
});
