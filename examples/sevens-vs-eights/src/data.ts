// Sevens and eights out of MNIST. As in the write-up, each example is a column.

import { RandomGenerator, type Tensor, tensor } from '@tapegrad/core';
import { mnist, takeRows } from '@tapegrad/datasets';

/** Digits that are 7 or 8. */
export interface Digits {
  /** The pixels, 0 where the paper is white: float32, `[784, digits]`. */
  readonly X: Tensor;
  /** 1 for a 7, 0 for an 8: float32, `[1, digits]`. */
  readonly Y: Tensor;
}

/** How many sevens and eights are taken, and how many of them only measure. */
export interface Amounts {
  readonly digits: number;
  readonly heldOut: number;
}

/** So many sevens and eights of MNIST's training file, in random order, with pixels up to 255: the first ones are held out. */
export async function sevensAndEights(
  { digits, heldOut }: Amounts,
  seed: number,
): Promise<{ readonly train: Digits; readonly heldOut: Digits }> {
  const { x, y } = await mnist({ part: 'train' });
  const labels = y.toData();
  const all = [...labels.keys()].filter((row) => labels[row] === 7 || labels[row] === 8);
  const order = new RandomGenerator(seed).permutation(all.length);
  const rows = Array.from(order.subarray(0, digits), (at) => all[at]!);
  const taken = (some: readonly number[]): Digits => ({
    X: takeRows(x, some).reshape([-1, 784]).transpose(),
    Y: tensor([some.map((row) => Number(labels[row] === 7))]),
  });
  return { train: taken(rows.slice(heldOut)), heldOut: taken(rows.slice(0, heldOut)) };
}

/** How many digits there are. */
export function countOf({ Y }: Digits): number {
  return Y.shape[1]!;
}

/** The first `count` of the digits. */
export function firstOf({ X, Y }: Digits, count: number): Digits {
  return { X: X.slice(0, count, { axis: 1 }), Y: Y.slice(0, count, { axis: 1 }) };
}

/** The same digits with pixels from 0 to 1. */
export function normalised({ X, Y }: Digits): Digits {
  return { X: X.div(255), Y };
}
