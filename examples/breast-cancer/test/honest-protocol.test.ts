// The honest protocol: its numbers on the real data, and its arithmetic.

import { breastCancer } from '@tapegrad/datasets';
import { describe, expect, it } from 'vitest';
import { crossValidate, holdOut, meanAndDeviation } from '../src/honest-protocol.ts';

const { x, y } = await breastCancer();

describe('holdOut', () => {
  it('is above 0.9 on rows that were never seen', { timeout: 30_000 }, async () => {
    expect(await holdOut(x, y, 1)).toBeGreaterThan(0.9);
  });
});

describe('crossValidate', () => {
  it('gives the accuracy of one fold after the other', { timeout: 30_000 }, async () => {
    const folds = crossValidate(x, y, 1);
    const { value } = await folds.next();
    expect(value).toBeGreaterThan(0.9);
    // The first fold has 114 rows.
    expect((value! * 114) % 1).toBeCloseTo(0, 4);
    await folds.return();
  });
});

describe('meanAndDeviation', () => {
  it('divides the squares by n − 1', () => {
    expect(meanAndDeviation([1, 2, 3])).toEqual([2, 1]);
  });
});
