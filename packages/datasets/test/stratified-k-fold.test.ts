// stratifiedKFold against StratifiedKFold of scikit-learn 1.2.1; and what it refuses.

import { tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { breastCancer, digits, stratifiedKFold, takeRows } from '../src/index.ts';

const y = tensor([2, 0, 1, 1, 0, 2, 2, 1, 0, 0, 1, 2, 2, 0], { dtype: 'int32' });

describe('stratifiedKFold', () => {
  // list(StratifiedKFold(3).split(y, y)) for the labels above.
  it('has the folds of scikit-learn where it does not shuffle', () => {
    const folds = stratifiedKFold(y, { folds: 3, shuffle: false });
    expect(folds.map(({ train, test }) => [[...train], [...test]])).toEqual([
      [
        [3, 6, 7, 8, 9, 10, 11, 12, 13],
        [0, 1, 2, 4, 5],
      ],
      [
        [0, 1, 2, 4, 5, 9, 10, 12, 13],
        [3, 6, 7, 8, 11],
      ],
      [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11],
        [9, 10, 12, 13],
      ],
    ]);
  });

  // np.bincount(y[test]) for test of StratifiedKFold(5).split(X, y).
  it('has the class counts of scikit-learn on the breast cancer data', async () => {
    const { y } = await breastCancer();
    const counts = stratifiedKFold(y, { seed: 5 }).map(({ test }) => {
      const benign = takeRows(y, test).sum().item();
      return [test.length - benign, benign];
    });
    expect(counts).toEqual([
      [43, 71],
      [43, 71],
      [42, 72],
      [42, 72],
      [42, 71],
    ]);
  });

  // The first and the last of the five for the digits.
  it('has the class counts of scikit-learn on the digits', async () => {
    const { y } = await digits();
    const folds = stratifiedKFold(y, { folds: 5, seed: 5 });
    const counts = (test: Int32Array) =>
      Array.from({ length: 10 }, (_, digit) => takeRows(y, test).equal(digit).sum().item());
    expect(counts(folds[0]!.test)).toEqual([36, 36, 36, 36, 37, 36, 36, 36, 35, 36]);
    expect(counts(folds[4]!.test)).toEqual([35, 37, 35, 37, 36, 36, 36, 36, 35, 36]);
  });

  it('tests with each row once, and trains on the others', () => {
    const folds = stratifiedKFold(y, { folds: 4, seed: 5 });
    const tested = folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
    expect(tested).toEqual([...y.toData().keys()]);
    for (const { train, test } of folds) {
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(tested);
    }
  });

  it('gives the same folds for the same seed, others for another', () => {
    const folds = (seed: number) => stratifiedKFold(y, { folds: 2, seed });
    expect(folds(1)).toEqual(folds(1));
    expect(folds(1)).not.toEqual(folds(2));
  });

  it('takes labels in a column', () => {
    expect(stratifiedKFold(y.reshape([-1, 1]), { folds: 2, seed: 5 })).toEqual(
      stratifiedKFold(y, { folds: 2, seed: 5 }),
    );
  });

  it.each([1, 2.5, Number.NaN])('refuses %d folds', (folds) => {
    expect(() => stratifiedKFold(y, { folds })).toThrow(
      `stratifiedKFold: folds is ${folds}. Expected a whole number from 2 on.`,
    );
  });

  it('refuses a class that is smaller than the number of folds', () => {
    expect(() => stratifiedKFold(y)).toThrow(
      'stratifiedKFold: class 1 has fewer rows (4) than there are folds (5). ' +
        'Expected at least one row of each class a fold; take fewer folds.',
    );
  });

  it('refuses one-hot labels', () => {
    expect(() => stratifiedKFold(zeros([4, 3]))).toThrow(
      'stratifiedKFold: y has shape [4, 3]. Expected one label a row, [rows] or [rows, 1]; for one-hot rows pass y.argmax(1).',
    );
  });
});
