// How each of the layers is tried: in one network, on the 8 × 8 digits.

import type { Tensor } from '@tapegrad/core';
import { digits, type TrainTest, trainTestSplit } from '@tapegrad/datasets';
import { Adam, Dense, type FitOptions, type Layer, Sequential } from '@tapegrad/nn';

/** Four fifths of the 1,797 digits train, the others test; pixels are divided by 16. */
export async function digitsSplit(seed: number): Promise<TrainTest> {
  const { x, y } = await digits();
  return trainTestSplit(x.div(16), y, { testSize: 0.2, stratify: true, seed });
}

/** What came of a training. */
export interface Tried {
  readonly parameters: number;
  /** Of the test digits. */
  readonly accuracy: number;
  /** The training loss, epoch by epoch. */
  readonly losses: readonly number[];
  readonly seconds: number;
}

/** Trains 64 → 32 → the layers → 10 in batches of 32. */
export async function tryLayers(
  layers: readonly Layer[],
  { xTrain, yTrain, xTest, yTest }: TrainTest,
  { seed, ...options }: { readonly epochs: number; readonly seed: number } & Pick<FitOptions, 'audit' | 'verbose'>,
): Promise<Tried> {
  const first = new Dense(32, { inputShape: [64] });
  const model = new Sequential([first, ...layers, new Dense(10, { activation: 'softmax' })], { seed });
  model.compile({ optimizer: new Adam(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const start = performance.now();
  const { history } = await model.fit(xTrain, yTrain, { ...options, batchSize: 32, seed });
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = await model.evaluate(xTest, yTest);
  return { parameters: model.countParams(), accuracy: accuracy!, losses: history.loss!, seconds };
}

/** How many rows. */
export function rowsOf(x: Tensor): number {
  return x.shape[0]!;
}
