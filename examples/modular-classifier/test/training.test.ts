import { RandomGenerator } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { Adam } from '../src/adam.ts';
import { loadDigits } from '../src/data.ts';
import { CategoricalCrossentropy } from '../src/loss.ts';
import { createNetwork } from '../src/network.ts';
import { guesses } from '../src/test-loop.ts';
import { type EpochReport, evaluate, train } from '../src/training.ts';

const digits = await loadDigits(200);
const test = { x: digits.test.x.slice(0, 50), y: digits.test.y.slice(0, 50) };

async function trained(epochs: number, eager: boolean) {
  const network = createNetwork(new RandomGenerator(1));
  const loss = new CategoricalCrossentropy();
  const optimizer = new Adam(network.parameters, 1e-3);
  const reports: EpochReport[] = [];
  for await (const report of train({ network, loss, optimizer, epochs, eager }, digits.train, test))
    reports.push(report);
  return { network, loss, reports };
}

describe('train', () => {
  it('learns the digits by heart, and reports the first, each tenth and the last epoch', {
    timeout: 15_000,
  }, async () => {
    const { network, loss, reports } = await trained(101, false);
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 101]);
    expect(reports[0]!.loss).toBeGreaterThan(2);
    expect(reports.at(-1)!.loss).toBeLessThan(0.1);
    const [after, accuracy] = evaluate(network, loss, digits.train);
    expect(after).toBeLessThan(reports.at(-1)!.loss);
    expect(accuracy).toBe(1);
    expect(reports.at(-1)!.testAccuracy).toBeGreaterThan(0.6);
  });

  it('does op by op what it does compiled', async () => {
    const [compiled, eager] = [await trained(3, false), await trained(3, true)];
    expect(compiled.reports.map(({ epoch }) => epoch)).toEqual([1, 3]);
    for (const [i, { loss, accuracy }] of eager.reports.entries()) {
      expect(compiled.reports[i]!.loss).toBeCloseTo(loss, 5);
      expect(compiled.reports[i]!.accuracy).toBeCloseTo(accuracy, 6);
    }
  });
});

describe('guesses', () => {
  it('are those of the whole batch, one image at a time', () => {
    const network = createNetwork(new RandomGenerator(3));
    const all = [...guesses(network, test)];
    const batch = network.forward(test.x);
    expect(all.map(({ guess }) => guess)).toEqual([...batch.argmax(1).toData()]);
    expect(all.map(({ label }) => label)).toEqual([...test.y.toData()]);
    const most = batch.max(1).toData();
    for (const { image, probability } of all) expect(probability).toBeCloseTo(most[image]!, 5);
  });
});
