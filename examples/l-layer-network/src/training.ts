// One training, epoch by epoch, with what it came to and how long it took.

import { RandomGenerator } from '@tapegrad/core';
import { takeRows } from '@tapegrad/datasets';
import { Callback, type Logs, type Sequential } from '@tapegrad/nn';
import type { Digits } from './data.ts';

/** What an epoch came to. */
export interface EpochReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Spent in steps since the first epoch began: without validation, shuffling, and checks of the data. */
  readonly seconds: number;
  /** Over the rows trained on, while they were. */
  readonly loss: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

/** How a model is trained. */
export interface Training {
  readonly train: Digits;
  readonly test: Digits;
  readonly epochs: number;
  /** Rows in a step. */
  readonly batchSize: number;
  /** Decides the order of the rows. */
  readonly seed: number;
  /** Told of each epoch. */
  readonly onEpoch: (report: EpochReport) => void;
}

/** Trains a model; rows are put in another order before every second epoch, the first one included. */
export async function trainModel(model: Sequential, training: Training): Promise<readonly EpochReport[]> {
  const { train, test, epochs, batchSize, seed, onEpoch } = training;
  const stopwatch = new Stopwatch(onEpoch);
  const fit = ({ x, y }: Digits, initialEpoch: number, until: number) =>
    model.fit(x, y, {
      ...{ initialEpoch, epochs: until, batchSize, shuffle: false, verbose: 0 },
      validationData: [test.x, test.y],
      callbacks: [stopwatch],
    });
  const count = train.y.size;
  // The order of rows means nothing to a step that takes all of them.
  if (batchSize >= count) await fit(train, 0, epochs);
  else {
    const random = new RandomGenerator(seed);
    for (let epoch = 0; epoch < epochs; epoch += 2) {
      const order = random.permutation(count);
      const shuffled = { x: takeRows(train.x, order), y: takeRows(train.y, order) };
      await fit(shuffled, epoch, Math.min(epoch + 2, epochs));
    }
  }
  return stopwatch.reports;
}

/** Measures the time of the steps, from each epoch's beginning to the beginning of its validation. */
class Stopwatch extends Callback {
  readonly reports: EpochReport[] = [];
  private readonly tell: (report: EpochReport) => void;
  private seconds = 0;
  private start = 0;

  constructor(tell: (report: EpochReport) => void) {
    super();
    this.tell = tell;
  }

  override onEpochBegin(): void {
    this.start = performance.now();
  }

  override onTestBegin(): void {
    this.seconds += (performance.now() - this.start) / 1000;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const { loss, val_loss: testLoss, val_accuracy: testAccuracy } = logs;
    const report = { loss: loss!, testLoss: testLoss!, testAccuracy: testAccuracy! };
    this.reports.push({ epoch: epoch + 1, seconds: this.seconds, ...report });
    this.tell(this.reports.at(-1)!);
  }
}
