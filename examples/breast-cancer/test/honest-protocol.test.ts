// The honest protocol: its numbers on the real data, and its arithmetic.

import { breastCancer } from '@tapegrad/datasets';
import { describe, expect, it } from 'vitest';
import { crossValidate, holdOut, meanAndDeviation } from '../src/honest-protocol.ts';

const { x, y } = await breastCancer();

describe('holdOut', () => {
  it('is above 0.9 on rows that were never seen', { timeout: 30_000 }, async () => {
    const { accuracy, labels, probabilities } = await holdOut(x, y, 1);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(labels).toHaveLength(114);
    const right = labels.filter((label, i) => label === Number(probabilities[i]! > 0.5)).length;
    expect(right / labels.length).toBeCloseTo(accuracy, 6);
  });
});

describe('crossValidate', () => {
  it('tests one fold after the other', { timeout: 30_000 }, async () => {
    const folds = crossValidate(x, y, 1);
    const { value } = await folds.next();
    expect(value!.accuracy).toBeGreaterThan(0.9);
    expect(value!.labels).toHaveLength(114);
    expect(value!.probabilities).toHaveLength(114);
    await folds.return();
  });
});

describe('meanAndDeviation', () => {
  it('divides the squares by n − 1', () => {
    expect(meanAndDeviation([1, 2, 3])).toEqual([2, 1]);
  });
});
