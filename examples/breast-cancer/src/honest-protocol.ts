// The accuracy to expect on new rows: nothing of a test row is used before the model is done.

import type { Tensor } from '@tapegrad/core';
import { StandardScaler, stratifiedKFold, type TrainTest, takeRows, trainTestSplit } from '@tapegrad/datasets';
import { createNetwork } from './network.ts';

/** Epochs and step size, fixed before any test row was looked at: see the README. */
export const protocol = { epochs: 20, learningRate: 1e-3, testSize: 0.2, folds: 5 } as const;

/** What a model said of rows that it had never seen. */
export interface Tested {
  readonly accuracy: number;
  /** The true class of each test row: 0 malignant, 1 benign. */
  readonly labels: readonly number[];
  /** Of each test row, how likely the model took it for benign. */
  readonly probabilities: readonly number[];
}

/** A test on a fifth of the rows, which has the classes in the proportions of the whole. */
export function holdOut(x: Tensor, y: Tensor, seed: number): Promise<Tested> {
  return testOn(trainTestSplit(x, y, { testSize: protocol.testSize, stratify: true, seed }), seed);
}

/** The tests of a stratified cross-validation, fold by fold: each row tests once. */
export async function* crossValidate(x: Tensor, y: Tensor, seed: number): AsyncGenerator<Tested, void> {
  for (const { train, test } of stratifiedKFold(y, { folds: protocol.folds, seed })) {
    const parts = {
      xTrain: takeRows(x, train),
      xTest: takeRows(x, test),
      yTrain: takeRows(y, train),
      yTest: takeRows(y, test),
    };
    yield await testOn(parts, seed);
  }
}

async function testOn({ xTrain, xTest, yTrain, yTest }: TrainTest, seed: number): Promise<Tested> {
  const scaler = new StandardScaler().fit(xTrain);
  const { epochs, learningRate } = protocol;
  const model = createNetwork(seed, learningRate);
  await model.fit(scaler.transform(xTrain), yTrain, { batchSize: 100, epochs, seed, verbose: 0 });
  const rows = scaler.transform(xTest);
  const { accuracy } = await model.evaluate(rows, yTest);
  const probabilities = await model.predict(rows);
  return { accuracy: accuracy!, labels: [...yTest.toData()], probabilities: [...probabilities.toData()] };
}

/** The mean, and the standard deviation of a sample (n − 1). */
export function meanAndDeviation(values: readonly number[]): readonly [mean: number, deviation: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (values.length - 1))];
}
