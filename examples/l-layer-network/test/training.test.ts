import { type Tensor, tensor } from '@tapegrad/core';
import { SGD } from '@tapegrad/nn';
import { describe, expect, it, vi } from 'vitest';
import { createNetwork } from '../src/network.ts';
import { trainModel } from '../src/training.ts';

/** Six rows; which row it is stands in the first column. */
const train = {
  x: tensor(Array.from({ length: 6 }, (_, row) => [row / 6, 1, 0])),
  y: tensor([0, 1, 0, 1, 0, 1], { dtype: 'int32' }),
};

async function trained(batchSize: number, epochs: number) {
  const model = createNetwork([3, 4, 2], new SGD({ learningRate: 0.1 }), 1);
  const fit = vi.spyOn(model, 'fit');
  const told: number[] = [];
  const reports = await trainModel(model, {
    ...{ train, test: train, epochs, batchSize, seed: 1 },
    onEpoch: ({ epoch }) => void told.push(epoch),
  });
  const orders = fit.mock.calls.map(([x]) => [...(x as Tensor).slice(0, 6).toData()].filter((_, i) => i % 3 === 0));
  return { reports, told, orders, options: fit.mock.calls.map(([, , options]) => options!) };
}

describe('trainModel', () => {
  it('puts mini-batches in another order before every second epoch', async () => {
    const { reports, told, orders, options } = await trained(2, 5);
    expect(told).toEqual([1, 2, 3, 4, 5]);
    expect(reports.map(({ epoch }) => epoch)).toEqual(told);
    expect(options.map(({ initialEpoch, epochs }) => [initialEpoch, epochs])).toEqual([[0, 2], [2, 4], [4, 5]]); // biome-ignore format: pairs
    expect(options.every(({ shuffle, batchSize }) => shuffle === false && batchSize === 2)).toBe(true);
    expect(new Set(orders.map(String)).size).toBe(3);
    const inOrder = [...train.x.toData()].filter((_, i) => i % 3 === 0);
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual(inOrder);
  });

  it('leaves a full batch as it is', async () => {
    const { reports, options } = await trained(6, 3);
    expect(options).toHaveLength(1);
    expect(options[0]).toMatchObject({ batchSize: 6, epochs: 3, shuffle: false });
    expect(reports).toHaveLength(3);
  });

  it('adds up the time of the steps', async () => {
    const { reports } = await trained(2, 4);
    const seconds = reports.map((report) => report.seconds);
    expect(seconds[0]).toBeGreaterThan(0);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(reports[0]!.testLoss).toBeGreaterThan(0);
  });
});

describe('createNetwork', () => {
  it('draws weights by N(0, 1) · √(2 / fan_in), not cut off, and biases of 0', () => {
    const model = createNetwork([784, 100, 10], new SGD(), 1);
    const [W, b] = model.weights;
    const scaled = W!.div(Math.sqrt(2 / 784));
    expect(scaled.standardDeviation().item()).toBeCloseTo(1, 1);
    expect(scaled.abs().max().item()).toBeGreaterThan(3);
    expect(b!.abs().sum().item()).toBe(0);
  });
});
