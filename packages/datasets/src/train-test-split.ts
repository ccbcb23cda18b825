// Rows to train on and rows to test with.

import { type RandomGenerator, TapegradError, Tensor } from '@tapegrad/core';
import { randomFrom, requireBoolean, requireOptions, requireTensor, show } from './checks.ts';
import { type Class, classesOf } from './classes.ts';
import { takeRows } from './take-rows.ts';

const op = 'trainTestSplit';

/** What {@link trainTestSplit} can be told. */
export interface TrainTestSplitOptions {
  /** How many rows to test with: a fraction of all (below 1, rounded up) or a count (a whole number). Default: 0.25. */
  readonly testSize?: number;
  /** Whether rows are chosen at random; otherwise the last ones test. Default: true. */
  readonly shuffle?: boolean;
  /** Whether each class has its share in both parts: by the labels in y, or by other ones, `[rows]`. Default: false. */
  readonly stratify?: boolean | Tensor;
  /** A whole number: the same seed gives the same split. Default: another split each time. */
  readonly seed?: number;
}

/** The parts that {@link trainTestSplit} makes. */
export interface TrainTest {
  readonly xTrain: Tensor;
  readonly xTest: Tensor;
  readonly yTrain: Tensor;
  readonly yTest: Tensor;
}

/**
 * Parts the rows of x, `[rows, …]`, and of y, `[rows, …]`, into some to train on and some to test with.
 *
 * With `stratify` the classes have the same proportions in both parts, within a row: rows that do not come out even go to the
 * classes with the largest remainders, ties at random.
 *
 * ```ts
 * const { x, y } = await breastCancer();
 * const { xTrain, xTest, yTest } = trainTestSplit(x, y, { testSize: 0.2, stratify: true, seed: 1 });
 * xTrain.shape; // → 455,30
 * xTest.shape; // → 114,30
 * yTest.sum().item(); // → 72
 * ```
 *
 * @throws TapegradError for options that there are not, where x and y have different numbers of rows, where a part would be empty, where `stratify` comes
 * without `shuffle`, for a class with a single row, and where a part has fewer rows than there are classes.
 */
export function trainTestSplit(x: Tensor, y: Tensor, options: TrainTestSplitOptions = {}): TrainTest {
  requireOptions(op, options, { testSize: true, shuffle: true, stratify: true, seed: true });
  const { testSize = 0.25, shuffle = true, stratify = false, seed } = options;
  requireBoolean(op, 'shuffle', shuffle);
  if (typeof stratify !== 'boolean' && !(stratify instanceof Tensor)) {
    throw new TapegradError(op, `stratify is ${show(stratify)}. Expected true, false, or a tensor of labels.`);
  }
  const rows = rowsOf('x', x);
  requireRows('y', y, rows);
  const testRows = countTestRows(testSize, rows);
  const random = randomFrom(op, seed);
  let parts: Parts;
  if (stratify === false) {
    const order = shuffle ? random.permutation(rows) : Int32Array.from({ length: rows }, (_, row) => row);
    parts = { train: order.subarray(0, rows - testRows), test: order.subarray(rows - testRows) };
  } else {
    if (!shuffle) {
      throw new TapegradError(op, 'stratify comes with shuffle: false. Expected one of them at most; leave one out.');
    }
    const [name, labels] = stratify === true ? ['y', y] : ['stratify', stratify];
    requireRows(name, labels, rows);
    parts = stratified(classesOf(op, name, labels), rows, testRows, random);
  }
  const { train, test } = parts;
  return { xTrain: takeRows(x, train), xTest: takeRows(x, test), yTrain: takeRows(y, train), yTest: takeRows(y, test) };
}

interface Parts {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

function rowsOf(name: string, x: Tensor): number {
  requireTensor(op, name, x);
  const rows = x.shape[0];
  if (rows !== undefined) return rows;
  throw new TapegradError(op, `${name} is a scalar, which has no rows. Expected shape [rows, …].`);
}

function requireRows(name: string, labels: Tensor, rows: number): void {
  const found = rowsOf(name, labels);
  if (found !== rows)
    throw new TapegradError(op, `x has ${rows} rows and ${name} has ${found}. Expected as many in both.`);
}

/** How many of the rows to test with. @throws TapegradError for what is no size, and where a part would be empty. */
export function countTestRows(testSize: number, rows: number): number {
  const isCount = Number.isInteger(testSize);
  if (typeof testSize !== 'number' || !(testSize > 0) || (testSize > 1 && !isCount)) {
    throw new TapegradError(
      op,
      `testSize is ${show(testSize)}. Expected a fraction between 0 and 1, or a whole number of rows.`,
    );
  }
  // 0.07 · 100 is a little more than 7 in floating point: that must not become 8 rows. Two roundings were at work, of the fraction and
  // of the product, each by at most a half of EPSILON of the value.
  const testRows = isCount ? testSize : Math.ceil(testSize * rows * (1 - 2 * Number.EPSILON));
  if (testRows < 1 || testRows >= rows) {
    throw new TapegradError(
      op,
      `testSize ${testSize} takes ${testRows} of ${rows} rows. Expected at least one row in each part.`,
    );
  }
  return testRows;
}

function stratified(classes: readonly Class[], rows: number, testRows: number, random: RandomGenerator): Parts {
  const single = classes.find((one) => one.rows.length < 2);
  if (single) {
    throw new TapegradError(
      op,
      `class ${single.label} has 1 row. Expected at least 2 of each class to stratify; leave that row out, or do not stratify.`,
    );
  }
  const trainRows = rows - testRows;
  if (Math.min(testRows, trainRows) < classes.length) {
    throw new TapegradError(
      op,
      `there are ${classes.length} classes, ${trainRows} rows to train on and ${testRows} to test with. ` +
        'Expected at least as many rows in each part as classes to stratify; change testSize.',
    );
  }
  const quotas = apportion(
    trainRows,
    classes.map((one) => one.rows.length),
    random,
  );
  const train: number[] = [];
  const test: number[] = [];
  for (const [k, one] of classes.entries()) {
    // not push(...rows): a class may have more rows than a call has room for arguments
    for (const [i, row] of shuffled(one.rows, random).entries()) (i < quotas[k]! ? train : test).push(row);
  }
  return { train: shuffled(train, random), test: shuffled(test, random) };
}

/** `seats` in proportion to the counts, by largest remainder; ties at random. */
function apportion(seats: number, counts: readonly number[], random: RandomGenerator): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const quotas = counts.map((count) => Math.floor((seats * count) / total));
  const left = seats - quotas.reduce((sum, quota) => sum + quota, 0);
  const remainder = (k: number) => (seats * counts[k]!) % total;
  // Sorting is stable: equal remainders stay in the random order.
  const ranked = shuffled([...counts.keys()], random).sort((a, b) => remainder(b) - remainder(a));
  for (const k of ranked.slice(0, left)) quotas[k]!++;
  return quotas;
}

function shuffled(list: readonly number[], random: RandomGenerator): number[] {
  return Array.from(random.permutation(list.length), (i) => list[i]!);
}
