// The run on the fixed split, at a small size.

import { breastCancer } from '@tapegrad/datasets';
import { describe, expect, it } from 'vitest';
import { splitFirstHundred, train } from '../src/fixed-split.ts';
import { createNetwork } from '../src/network.ts';

const { x, y } = await breastCancer();
const split = splitFirstHundred(x, y);

describe('splitFirstHundred', () => {
  it('validates with the first 100 rows and trains on the other 469', () => {
    expect([split.xVal.shape, split.yVal.shape]).toEqual([[100, 30], [100]]);
    expect([split.xTrain.shape, split.yTrain.shape]).toEqual([[469, 30], [469]]);
    expect(split.yVal.toArray()).toEqual(y.slice(0, 100).toArray());
  });

  it('standardises over all rows, not over the training rows alone', () => {
    const total = split.xVal.sum(0).add(split.xTrain.sum(0));
    expect(total.div(569).abs().max().item()).toBeLessThan(1e-6);
    expect(split.xTrain.mean(0).abs().max().item()).toBeGreaterThan(0.1);
  });
});

describe('train', () => {
  it('is above 0.9 on the validation rows after a few epochs of larger steps', async () => {
    const { history } = await train(createNetwork(1, 1e-3), split, { epochs: 10, seed: 1, verbose: 0 });
    expect(Object.values(history).map(({ length }) => length)).toEqual([10, 10, 10, 10]);
    expect(history.val_accuracy.at(-1)).toBeGreaterThan(0.9);
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0]! / 2);
  });

  it('gives the same numbers for the same seed', async () => {
    const run = () => train(createNetwork(7, 1e-3), split, { epochs: 2, seed: 7, verbose: 0 });
    const [first, second] = [await run(), await run()];
    expect(first.history).toEqual(second.history);
  });
});
