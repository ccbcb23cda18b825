// The loops of training, evaluation and prediction over data that were checked. The single step is in training-step.ts.

import { AnomalyError, concat, noGrad, type RandomGenerator, type Tensor } from '@tapegrad/core';
import { type Callback, History, type Logs, tell, type WatchedModel, watchBy } from './callbacks.ts';
import { batchBounds, type Rows } from './data.ts';
import type { ModelFunctions } from './model-functions.ts';
import type { Checkable, Examples } from './preflight.ts';
import { lossWarning, type ProgressOptions, startProgress } from './progress.ts';
import { type AuditOptions, auditor, type BatchPlace } from './shadow-audit.ts';
import type { Measured } from './training-step.ts';

/** A model as the loops see it. */
export interface Trainable extends Checkable, WatchedModel {
  history: History | undefined;
}

/** Options of `fit`, with their defaults filled in. */
export interface Plan extends ProgressOptions {
  readonly examples: Examples;
  readonly validation: Examples | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly shuffle: boolean;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
  readonly audit: AuditOptions | undefined;
  readonly detectAnomaly: boolean | 'NaN';
}

/** Trains by the plan. Rejects with the signal's reason where that is aborted; what was trained until then stays. */
export async function train(
  model: Trainable,
  functions: ModelFunctions,
  random: RandomGenerator,
  plan: Plan,
): Promise<History> {
  const { examples, validation, batchSize, epochs, initialEpoch, shuffle, signal } = plan;
  const { x, y } = examples;
  const bounds = batchBounds('fit', x.count, batchSize);
  const { detectAnomaly } = plan;
  // what looks at single values needs them
  const eager = detectAnomaly !== false || plan.audit !== undefined;
  const step = eager ? functions.eagerStep({ detectAnomaly }) : functions.step((line) => progress.warn(line));
  const audited = plan.audit === undefined ? undefined : await auditor(plan.audit);
  const history = new History();
  const callbacks = [history, ...plan.callbacks];
  const turns = new Turns(signal);
  signal?.throwIfAborted();
  model.history = history;
  model.stopTraining = false;
  watchBy(callbacks, model);
  const progress = startProgress({ initialEpoch, epochs, batches: bounds.length }, plan);
  let logs: Logs = {};
  let warned = false;
  try {
    await tell(callbacks, (callback) => callback.onTrainBegin({}));
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining; epoch++) {
      await tell(callbacks, (callback) => callback.onEpochBegin(epoch, {}));
      const order = shuffle ? random.permutation(x.count) : undefined;
      signal?.throwIfAborted(); // a callback may have done it
      const averages = new Averages();
      for (const [batch, [start, stop]] of bounds.entries()) {
        const told = tell(callbacks, (callback) => callback.onTrainBatchBegin(batch, {}));
        if (told !== undefined) await told;
        const yBatch = y.batch(start, stop, order);
        const place = { epoch: epoch + 1, batch: batch + 1 };
        const take = (): Measured => placed(place, () => step(x.batch(start, stop, order), yBatch));
        const values = numbersOf(audited === undefined ? take() : audited(place, take));
        if (!warned && !Number.isFinite(values.loss)) {
          warned = true;
          progress.warn(lossWarning(values.loss!, epoch + 1, batch + 1));
        }
        averages.add(stop - start, values);
        logs = averages.logs();
        const heard = tell(callbacks, (callback) => callback.onTrainBatchEnd(batch, logs));
        if (heard !== undefined) await heard;
        progress.batch(epoch + 1, batch + 1, logs);
        await turns.take();
        if (model.stopTraining) break;
      }
      if (validation !== undefined) {
        const results = await measure(functions, validation, batchSize, callbacks, turns);
        logs = {
          ...logs,
          ...Object.fromEntries(Object.entries(results).map(([name, value]) => [`val_${name}`, value])),
        };
      }
      await tell(callbacks, (callback) => callback.onEpochEnd(epoch, logs));
      progress.epoch(epoch + 1, logs);
    }
  } finally {
    progress.close();
  }
  // With the live bar gone: callbacks may print.
  await tell(callbacks, (callback) => callback.onTrainEnd(logs));
  return history;
}

/** Runs a step; an anomaly in it is told with the batch. */
function placed<T>({ epoch, batch }: BatchPlace, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error;
    const { op, message } = error;
    const place = `In epoch ${epoch}, batch ${batch} of fit; the weights are as before that batch.`;
    throw new AnomalyError(op, `${message.slice(op.length + 2)} ${place}`, { cause: error });
  }
}

/** Loss and metrics over all examples. */
export async function measure(
  { evaluate }: ModelFunctions,
  { x, y }: Examples,
  batchSize: number,
  callbacks: readonly Callback[],
  turns: Turns = new Turns(),
): Promise<Logs> {
  const averages = new Averages();
  await tell(callbacks, (callback) => callback.onTestBegin({}));
  for (const [batch, [start, stop]] of batchBounds('evaluate', x.count, batchSize).entries()) {
    const told = tell(callbacks, (callback) => callback.onTestBatchBegin(batch, {}));
    if (told !== undefined) await told;
    averages.add(stop - start, numbersOf(evaluate(x.batch(start, stop), y.batch(start, stop))));
    const heard = tell(callbacks, (callback) => callback.onTestBatchEnd(batch, averages.logs()));
    if (heard !== undefined) await heard;
    await turns.take();
  }
  const logs = averages.logs();
  await tell(callbacks, (callback) => callback.onTestEnd(logs));
  return logs;
}

/** The model's outputs for all rows. */
export async function predictRows(
  { predict }: ModelFunctions,
  x: Rows,
  batchSize: number,
  callbacks: readonly Callback[],
): Promise<Tensor> {
  const turns = new Turns();
  const outputs: Tensor[] = [];
  await tell(callbacks, (callback) => callback.onPredictBegin({}));
  for (const [batch, [start, stop]] of batchBounds('predict', x.count, batchSize).entries()) {
    const told = tell(callbacks, (callback) => callback.onPredictBatchBegin(batch, {}));
    if (told !== undefined) await told;
    outputs.push(predict(x.batch(start, stop)));
    const heard = tell(callbacks, (callback) => callback.onPredictBatchEnd(batch, {}));
    if (heard !== undefined) await heard;
    await turns.take();
  }
  await tell(callbacks, (callback) => callback.onPredictEnd({}));
  return outputs.length === 1 ? outputs[0]! : noGrad(() => concat(outputs));
}

/** Lets others have their turn now and then: timers, key presses, the page. */
export class Turns {
  private readonly signal: AbortSignal | undefined;
  private last: number = performance.now();

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** Called after each batch. Mostly does nothing. @throws the signal's reason once it is aborted. */
  take(): Promise<void> | undefined {
    this.signal?.throwIfAborted();
    return performance.now() - this.last < 50 ? undefined : this.wait();
  }

  private async wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      // Browsers have no setImmediate; their setTimeout waits up to 4 ms.
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve);
    });
    this.last = performance.now();
    this.signal?.throwIfAborted();
  }
}

function numbersOf(measured: Measured): Logs {
  const values: { [name: string]: number } = {};
  for (const name in measured) values[name] = measured[name]!.item();
  return values;
}

/** Averages over batches, weighted by their rows. */
class Averages {
  private readonly totals: { [name: string]: number } = {};
  private rows = 0;

  add(rows: number, values: Logs): void {
    this.rows += rows;
    for (const name in values) this.totals[name] = (this.totals[name] ?? 0) + rows * values[name]!;
  }

  logs(): Logs {
    const logs: { [name: string]: number } = {};
    for (const name in this.totals) logs[name] = this.totals[name]! / this.rows;
    return logs;
  }
}
