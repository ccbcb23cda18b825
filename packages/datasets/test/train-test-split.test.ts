// trainTestSplit: sizes, order, classes against scikit-learn 1.2.1; and what it refuses.

import { concat, ones, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { breastCancer, digits, type TrainTestSplitOptions, trainTestSplit } from '../src/index.ts';
import { countTestRows } from '../src/train-test-split.ts';

/** The numbers 0 … n − 1 as rows, so that a row says which it is. */
function numbered(n: number): Tensor {
  return tensor(Int32Array.from({ length: n }, (_, i) => i));
}

/** How often each of these labels occurs. */
function countsOf(y: Tensor, labels: number): number[] {
  return Array.from({ length: labels }, (_, label) => y.equal(label).sum().item());
}

describe('trainTestSplit', () => {
  it('puts each row in exactly one part, x and y alike', () => {
    const x = numbered(10);
    const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, x.mul(2), { seed: 3 });
    const all = concat([xTrain, xTest]).toData();
    expect([...all].sort((a, b) => a - b)).toEqual(x.toArray());
    expect(yTrain.toArray()).toEqual(xTrain.mul(2).toArray());
    expect(yTest.toArray()).toEqual(xTest.mul(2).toArray());
  });

  it('keeps shape and dtype of the rows', () => {
    const { xTest, yTest } = trainTestSplit(zeros([4, 2, 3], 'float64'), zeros([4, 5]), { testSize: 1 });
    expect([xTest.shape, xTest.dtype, yTest.shape, yTest.dtype]).toEqual([[1, 2, 3], 'float64', [1, 5], 'float32']);
  });

  // len() of train_test_split(range(n), test_size=testSize); for 0.07 of 100 scikit-learn says 8, by rounding.
  it.each([
    [10, undefined, 7, 3],
    [10, 0.2, 8, 2],
    [569, 0.2, 455, 114],
    [100, 0.07, 93, 7],
    [10, 1, 9, 1],
    [10, 9, 1, 9],
    [2, 0.5, 1, 1],
    [10, 1e-10, 9, 1],
  ])('of %i rows with testSize %d trains on %i and tests with %i', (n, testSize, train, test) => {
    const { xTrain, xTest } = trainTestSplit(numbered(n), numbered(n), { testSize });
    expect([xTrain.size, xTest.size]).toEqual([train, test]);
  });

  it.each([
    [0.56, 35_000_000, 19_600_000], // 19600000.000000004 in floating point
    [0.81, 1_000_000_000, 810_000_000],
    [0.5, 999_999_999, 500_000_000],
    [1e-10, 999_999_999, 1],
  ])('counts %d of %i rows as exact numbers would', (testSize, rows, expected) => {
    expect(countTestRows(testSize, rows)).toBe(expected);
  });

  it('gives the same split for the same seed, another one for another', () => {
    const split = (seed: number) => trainTestSplit(numbered(20), numbered(20), { seed }).xTest.toArray();
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  it('tests with the last rows where it does not shuffle', () => {
    const { xTrain, xTest } = trainTestSplit(numbered(5), numbered(5), { testSize: 2, shuffle: false });
    expect([xTrain.toArray(), xTest.toArray()]).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  describe('stratified', () => {
    // np.bincount of y_train and y_test from train_test_split(X, y, test_size=testSize, stratify=y).
    it.each([
      [0.25, [159, 267], [53, 90]],
      [0.2, [170, 285], [42, 72]],
      [100, [175, 294], [37, 63]],
    ])(
      'has the class counts of scikit-learn on the breast cancer data with testSize %d',
      async (testSize, train, test) => {
        const { x, y } = await breastCancer();
        const { yTrain, yTest } = trainTestSplit(x, y, { testSize, stratify: true, seed: 5 });
        expect([countsOf(yTrain, 2), countsOf(yTest, 2)]).toEqual([train, test]);
      },
    );

    it('has the class counts of scikit-learn on the digits', async () => {
      const { x, y } = await digits();
      const { yTrain, yTest } = trainTestSplit(x, y, { stratify: true, seed: 5 });
      expect(countsOf(yTrain, 10)).toEqual([133, 136, 133, 137, 136, 136, 136, 134, 131, 135]);
      expect(countsOf(yTest, 10)).toEqual([45, 46, 44, 46, 45, 46, 45, 45, 43, 45]);
    });

    it.each([
      [3, [6, 4, 2], [1, 1, 1]],
      [4, [5, 4, 2], [2, 1, 1]],
      [5, [5, 3, 2], [2, 2, 1]],
      [6, [4, 3, 2], [3, 2, 1]],
    ])('has the class counts of scikit-learn on 7, 5 and 3 rows with testSize %d', (testSize, train, test) => {
      const y = concat([zeros([7]), ones([5]), ones([3]).mul(2)]);
      const { yTrain, yTest } = trainTestSplit(y, y, { testSize, stratify: true, seed: 5 });
      expect([countsOf(yTrain, 3), countsOf(yTest, 3)]).toEqual([train, test]);
    });

    it('decides ties at random', () => {
      const y = tensor([0, 0, 0, 1, 1, 1]);
      const zerosTested = (seed: number) =>
        countsOf(trainTestSplit(y, y, { testSize: 3, stratify: true, seed }).yTest, 2)[0];
      const counts = new Set(Array.from({ length: 20 }, (_, seed) => zerosTested(seed)));
      expect([...counts].sort()).toEqual([1, 2]);
    });

    it('goes by other labels than y', () => {
      const labels = tensor([0, 1, 0, 1]);
      const { yTrain, yTest } = trainTestSplit(numbered(4), labels.mul(10), { testSize: 2, stratify: labels, seed: 5 });
      expect(yTrain.toData().toSorted()).toEqual(Float32Array.of(0, 10));
      expect(yTest.toData().toSorted()).toEqual(Float32Array.of(0, 10));
    });

    it('has room for many rows of a class', () => {
      const y = tensor(Int32Array.from({ length: 400_000 }, (_, i) => i % 2));
      const { yTrain, yTest } = trainTestSplit(y, y, { stratify: true, seed: 5 });
      expect([countsOf(yTrain, 2), countsOf(yTest, 2)]).toEqual([
        [150_000, 150_000],
        [50_000, 50_000],
      ]);
    });

    it('mixes the classes within a part', async () => {
      const { x, y } = await breastCancer();
      const { yTrain } = trainTestSplit(x, y, { stratify: true, seed: 5 });
      expect(countsOf(yTrain.slice(0, 100), 2).every((count) => count > 20)).toBe(true);
    });
  });

  const y = tensor([0, 0, 0, 1, 1, 2]);

  it.each<[what: string, x: Tensor, y: Tensor, options: TrainTestSplitOptions, message: string]>([
    ['other lengths', zeros([3, 2]), zeros([4]), {}, 'x has 3 rows and y has 4. Expected as many in both.'],
    ['a scalar', zeros([]), y, {}, 'x is a scalar, which has no rows. Expected shape [rows, …].'],
    [
      'no test rows',
      y,
      y,
      { testSize: 0 },
      'testSize is 0. Expected a fraction between 0 and 1, or a whole number of rows.',
    ],
    [
      '1.5',
      y,
      y,
      { testSize: 1.5 },
      'testSize is 1.5. Expected a fraction between 0 and 1, or a whole number of rows.',
    ],
    [
      'NaN',
      y,
      y,
      { testSize: Number.NaN },
      'testSize is NaN. Expected a fraction between 0 and 1, or a whole number of rows.',
    ],
    ['all rows', y, y, { testSize: 6 }, 'testSize 6 takes 6 of 6 rows. Expected at least one row in each part.'],
    [
      'nearly all rows',
      y,
      y,
      { testSize: 0.99 },
      'testSize 0.99 takes 6 of 6 rows. Expected at least one row in each part.',
    ],
    ['one row', zeros([1]), zeros([1]), {}, 'testSize 0.25 takes 1 of 1 rows. Expected at least one row in each part.'],
    [
      'stratify in order',
      y,
      y,
      { stratify: true, shuffle: false },
      'stratify comes with shuffle: false. Expected one of them at most; leave one out.',
    ],
    [
      'a class of one',
      y,
      y,
      { stratify: true },
      'class 2 has 1 row. Expected at least 2 of each class to stratify; leave that row out, or do not stratify.',
    ],
    [
      'fewer test rows than classes',
      y,
      tensor([0, 0, 1, 1, 2, 2]),
      { stratify: true, testSize: 2 },
      'there are 3 classes, 4 rows to train on and 2 to test with. ' +
        'Expected at least as many rows in each part as classes to stratify; change testSize.',
    ],
    ['other labels', y, y, { stratify: zeros([5]) }, 'x has 6 rows and stratify has 5. Expected as many in both.'],
    [
      'one-hot labels',
      y,
      zeros([6, 3]),
      { stratify: true },
      'y has shape [6, 3]. Expected one label a row, [rows] or [rows, 1]; for one-hot rows pass y.argmax(1).',
    ],
  ])('refuses %s', (_what, x, y, options, message) => {
    expect(() => trainTestSplit(x, y, options)).toThrow(
      expect.objectContaining({ name: 'TapegradError', op: 'trainTestSplit', message: `trainTestSplit: ${message}` }),
    );
  });
});
