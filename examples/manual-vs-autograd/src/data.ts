// A handful of real examples for each system, and weights from a seed. Small, so that an audit takes a fraction of a second: a formula is
// as right or wrong on ten examples as on ten thousand.

import { oneHot, RandomGenerator, type Tensor } from '@tapegrad/core';
import { breastCancer, digits, StandardScaler, takeRows } from '@tapegrad/datasets';

/** Features and labels, one example a row. */
export interface Examples {
  /** float32, `[examples, features]`. */
  readonly x: Tensor;
  /** The class of each: int32, `[examples]`. */
  readonly y: Tensor;
}

/** The first `count` of the 8 × 8 digits that are among `kinds`, with pixels from 0 to 1. */
export async function someDigits(
  count: number,
  kinds: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
): Promise<Examples> {
  const { x, y } = await digits();
  return firstOf({ x: x.div(16), y }, count, (label) => kinds.includes(label));
}

/** `count` rows of breast cancer, standardised over all rows: 30 features; label 0 malignant, 1 benign. */
export async function someTumours(count: number): Promise<Examples> {
  const { x, y } = await breastCancer();
  // The first twenty rows are all but one malignant: every 11th is a fair mix.
  return firstOf({ x: new StandardScaler().fitTransform(x), y }, count, (_label, row) => row % 11 === 0);
}

function firstOf({ x, y }: Examples, count: number, isWanted: (label: number, row: number) => boolean): Examples {
  const rows = [...y.toData()].flatMap((label, row) => (isWanted(label, row) ? [row] : [])).slice(0, count);
  return { x: takeRows(x, rows), y: takeRows(y, rows) };
}

/** Labels as one row of a matrix, [1, examples]: 1 for `positive`, else 0. */
export function labelRow(y: Tensor, positive: number): Tensor {
  return y.equal(positive).asType('float32').reshape([1, -1]);
}

/** Labels as columns of a matrix, [classes, examples]: a 1 in the row of the class. */
export function oneHotColumns(y: Tensor, classes: number): Tensor {
  return oneHot(y, classes).transpose();
}

/** How a layer's weights are drawn: their standard deviation. */
export type Deviation = (fanIn: number, fanOut: number) => number;

/** One of the seeds of a run, which differ from each other and from those of other runs. */
export function seedOf(run: number, use: number): number {
  return 16 * (run - 1) + use;
}

/** `W1`, `b1`, `W2`, …: weights [outputs, inputs] ~ N(0, deviation²); biases [outputs, 1], small and not 0, so that each one counts. */
export function weights(
  sizes: readonly number[],
  deviation: Deviation,
  seed: number,
): { readonly [name: string]: Tensor } {
  const random = new RandomGenerator(seed);
  const entries = sizes.slice(1).flatMap((fanOut, i) => {
    const fanIn = sizes[i]!;
    const W = random.normal([fanOut, fanIn], 0, deviation(fanIn, fanOut), 'float64');
    const b = random.normal([fanOut, 1], 0, 0.1, 'float64');
    return [
      [`W${i + 1}`, W],
      [`b${i + 1}`, b],
    ] as const;
  });
  return Object.fromEntries(entries);
}
