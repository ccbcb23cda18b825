// Callbacks: what is told of training as it goes on. `History` is one.

import { type Parameter, TapegradError, type Tensor, type TensorData } from '@tapegrad/core';
import { show } from './registry.ts';

/** Numbers by log name: `loss`, `accuracy`, `val_loss`, … */
export type Logs = { readonly [name: string]: number };

/** What a callback may do with the model that it watches. */
export interface WatchedModel {
  readonly name: string;
  readonly weights: readonly Parameter[];
  /** Set to true, training ends: after a batch at once, as in Keras; the epoch is reported all the same. */
  stopTraining: boolean;
  evaluate(x: Tensor | TensorData, y: Tensor | TensorData): Promise<Logs>;
  predict(x: Tensor | TensorData): Promise<Tensor>;
}

/**
 * Told of what happens in `fit`. Override what you need; a method that returns a promise is waited for.
 *
 * ```ts
 * class StopAt extends Callback {
 *   override onEpochEnd(_epoch: number, logs: Logs) {
 *     if (logs.loss! < 0.1) this.model.stopTraining = true;
 *   }
 * }
 * new StopAt() instanceof Callback; // → true
 * ```
 */
export abstract class Callback {
  /** The model that is trained, from `onTrainBegin` on. */
  model!: WatchedModel;

  onTrainBegin(_logs: Logs): void | Promise<void> {}
  /** @param _epoch - counted from 0, as in Keras. */
  onEpochBegin(_epoch: number, _logs: Logs): void | Promise<void> {}
  onTrainBatchBegin(_batch: number, _logs: Logs): void | Promise<void> {}
  /** @param _logs - the averages since the epoch began. */
  onTrainBatchEnd(_batch: number, _logs: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs: Logs): void | Promise<void> {}
  onTrainEnd(_logs: Logs): void | Promise<void> {}
}

/**
 * What every epoch came to. `fit` gives it back.
 *
 * ```ts
 * const history = new History();
 * history.onEpochEnd(0, { loss: 0.5 });
 * history.history.loss; // → 0.5
 * ```
 */
export class History extends Callback {
  /** The numbers of all epochs, by log name. */
  readonly history: { [name: string]: number[] } = {};
  /** Which epochs they are of, counted from 0. */
  readonly epoch: number[] = [];

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}

/** @throws TapegradError for what is no list of callbacks. */
export function requireCallbacks(op: string, callbacks: readonly Callback[]): void {
  const list: readonly unknown[] = Array.isArray(callbacks) ? callbacks : [callbacks];
  const bad = list.findIndex((callback) => !(callback instanceof Callback));
  if (bad < 0 && list === callbacks) return;
  throw new TapegradError(
    op,
    `callbacks has ${show(list[Math.max(bad, 0)])}. Expected a list of instances of Callback.`,
  );
}
