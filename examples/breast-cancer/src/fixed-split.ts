// The run that the example is built around: one fixed split, a thousand epochs. Nothing is printed here but progress.

import type { Tensor } from '@tapegrad/core';
import { StandardScaler } from '@tapegrad/datasets';
import type { ProgressOptions, Sequential } from '@tapegrad/nn';

/** Rows to learn from, and rows that only measure. */
export interface Split {
  readonly xTrain: Tensor;
  readonly yTrain: Tensor;
  readonly xVal: Tensor;
  readonly yVal: Tensor;
}

/**
 * The first 100 rows validate, the other 469 train. All columns are standardised by the statistics of all 569 rows, so the
 * validation rows have a say in how the training rows look: honest-protocol.ts does without.
 */
export function splitFirstHundred(x: Tensor, y: Tensor): Split {
  const z = new StandardScaler().fitTransform(x);
  return { xTrain: z.slice(100), yTrain: y.slice(100), xVal: z.slice(0, 100), yVal: y.slice(0, 100) };
}

/** How a model is trained. */
export interface Training extends ProgressOptions {
  readonly epochs: number;
  /** Decides the order of the rows. */
  readonly seed: number;
}

/** What came of a training. */
export interface Outcome {
  /** Loss and accuracy after each epoch, on the training rows and (`val_`) on those that validate. */
  readonly history: { readonly [log in 'loss' | 'accuracy' | 'val_loss' | 'val_accuracy']: readonly number[] };
  readonly seconds: number;
}

/** Trains the model in batches of 100 rows and validates after each epoch. */
export async function train(model: Sequential, split: Split, training: Training): Promise<Outcome> {
  const start = performance.now();
  const { history } = await model.fit(split.xTrain, split.yTrain, {
    ...training,
    batchSize: 100,
    validationData: [split.xVal, split.yVal],
  });
  const seconds = (performance.now() - start) / 1000;
  const log = (name: string): readonly number[] => history[name]!;
  return {
    history: {
      loss: log('loss'),
      accuracy: log('accuracy'),
      val_loss: log('val_loss'),
      val_accuracy: log('val_accuracy'),
    },
    seconds,
  };
}
