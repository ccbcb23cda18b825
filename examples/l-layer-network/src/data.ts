// MNIST as this network takes it: a row of 784 pixels from 0 to 1 for each image.

import type { Tensor } from '@tapegrad/core';
import { type LabelledImages, mnist } from '@tapegrad/datasets';

/** Images as rows, with their classes. */
export interface Digits {
  /** float32, `[images, 784]`. */
  readonly x: Tensor;
  /** int32, `[images]`. */
  readonly y: Tensor;
}

/** The first `rows` images to train on, and all 10,000 to test with. */
export async function loadDigits(rows: number): Promise<{ readonly train: Digits; readonly test: Digits }> {
  const train = toRows(await mnist({ part: 'train', limit: rows }));
  return { train, test: toRows(await mnist({ part: 'test' })) };
}

function toRows({ x, y }: LabelledImages<readonly string[]>): Digits {
  return { x: x.reshape([-1, 784]).div(255), y };
}
