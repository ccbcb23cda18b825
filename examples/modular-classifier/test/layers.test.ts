import { RandomGenerator, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { DenseLayer, Relu, Softmax, Stack } from '../src/layers.ts';
import { createNetwork } from '../src/network.ts';

describe('DenseLayer', () => {
  it('starts from 0.10 · N(0, 1) and biases of 0, kept as a row', () => {
    const { W, b } = new DenseLayer(400, 50, 1, new RandomGenerator(1));
    expect(W.shape).toEqual([400, 50]);
    expect(Math.abs(W.mean().item())).toBeLessThan(0.003);
    expect(W.standardDeviation().item()).toBeCloseTo(0.1, 2);
    expect(b.shape).toEqual([1, 50]);
    expect(b.abs().sum().item()).toBe(0);
  });

  it('computes X W + b, a row for each row', () => {
    const layer = new DenseLayer(2, 1, 1, new RandomGenerator(1));
    layer.W.assign(tensor([[2], [-1]]));
    layer.b.assign(tensor([[0.5]]));
    expect(layer.forward(tensor([[1, 1], [3, 0]])).toArray()).toEqual([[1.5], [6.5]]); // biome-ignore format: a matrix
  });
});

describe('activations', () => {
  it('have no parameters', () => {
    const x = tensor([[-1, 2]]);
    expect(new Relu().forward(x).toArray()).toEqual([[0, 2]]);
    expect(new Softmax().forward(x).sum(1).item()).toBeCloseTo(1, 6);
    expect([...new Relu().parameters, ...new Softmax().parameters]).toEqual([]);
  });
});

describe('Stack', () => {
  it('hands on what each layer gives, and lists the parameters of all', () => {
    const random = new RandomGenerator(2);
    const dense = new DenseLayer(2, 3, 1, random);
    const stack = new Stack([dense, new Relu()]);
    const x = tensor([[1, -2]]);
    expect(stack.forward(x).toArray()).toEqual(dense.forward(x).relu().toArray());
    expect(stack.parameters).toEqual([dense.W, dense.b]);
  });

  it('has 109,386 parameters as the network of the example', () => {
    const { parameters } = createNetwork(new RandomGenerator(1));
    expect(parameters.map(({ name }) => name)).toEqual(['W1', 'b1', 'W2', 'b2', 'W3', 'b3']);
    expect(parameters.reduce((sum, { size }) => sum + size, 0)).toBe(109_386);
  });
});
