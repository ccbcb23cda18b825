// Callbacks: what is told of training, evaluation and prediction as they go on. `History` is one; those that act on what they are told
// are in `callbacks/`.

import { type Parameter, TapegradError, type Tensor, type TensorData } from '@tapegrad/core';
import { requireKnownOptions } from './checks.ts';
import type { AnyOptimizer } from './optimizers/by-name.ts';
import { show } from './registry.ts';
import type { WeightValue } from './weight-values.ts';

/** Numbers by log name: `loss`, `accuracy`, `val_loss`, … */
export type Logs = { readonly [name: string]: number };

/** What a callback may do with the model that it watches. */
export interface WatchedModel {
  readonly name: string;
  readonly weights: readonly Parameter[];
  /** The optimizer of `compile`, whose `learningRate` may be changed; undefined before `compile`. */
  readonly optimizer: AnyOptimizer | undefined;
  /** Set to true, training ends: after a batch at once, as in Keras; the epoch is reported all the same. */
  stopTraining: boolean;
  /** The values of the weights, which stay as they are while training goes on. */
  getWeights(): readonly Tensor[];
  /** Replaces the values of the weights. */
  setWeights(values: readonly WeightValue[]): void;
  evaluate(x: Tensor | TensorData, y: Tensor | TensorData): Promise<Logs>;
  predict(x: Tensor | TensorData): Promise<Tensor>;
}

type Told = void | Promise<void>;

/**
 * Told of what happens in `fit`, `evaluate` and `predict`. Override what you need; a method that returns a promise is waited for.
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
  /** The model that is watched, from `onTrainBegin`, `onTestBegin` or `onPredictBegin` on. */
  model!: WatchedModel;

  onTrainBegin(_logs: Logs): Told {}
  /** @param _epoch - counted from 0, as in Keras. */
  onEpochBegin(_epoch: number, _logs: Logs): Told {}
  onTrainBatchBegin(_batch: number, _logs: Logs): Told {}
  /** @param _logs - the averages since the epoch began. */
  onTrainBatchEnd(_batch: number, _logs: Logs): Told {}
  onEpochEnd(_epoch: number, _logs: Logs): Told {}
  onTrainEnd(_logs: Logs): Told {}

  /** Before `evaluate`, and before the validation of each epoch. */
  onTestBegin(_logs: Logs): Told {}
  onTestBatchBegin(_batch: number, _logs: Logs): Told {}
  /** @param _logs - the averages so far, without `val_`. */
  onTestBatchEnd(_batch: number, _logs: Logs): Told {}
  onTestEnd(_logs: Logs): Told {}

  onPredictBegin(_logs: Logs): Told {}
  onPredictBatchBegin(_batch: number, _logs: Logs): Told {}
  onPredictBatchEnd(_batch: number, _logs: Logs): Told {}
  onPredictEnd(_logs: Logs): Told {}
}

/** Some of the methods of a {@link Callback}, without a class. */
export type CallbackMethods = { readonly [M in Exclude<keyof Callback, 'model'>]?: Callback[M] };

const methodNames = [
  ...(['onTrainBegin', 'onEpochBegin', 'onTrainBatchBegin', 'onTrainBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const),
  ...(['onTestBegin', 'onTestBatchBegin', 'onTestBatchEnd', 'onTestEnd'] as const),
  ...(['onPredictBegin', 'onPredictBatchBegin', 'onPredictBatchEnd', 'onPredictEnd'] as const),
] satisfies (keyof CallbackMethods)[];

/**
 * A callback of functions. `fit` makes one of a plain object of them: `callbacks: [{ onEpochEnd: (epoch, logs) => … }]`.
 *
 * ```ts
 * const seen: number[] = [];
 * const callback = new LambdaCallback({ onEpochEnd: (epoch) => { seen.push(epoch); } });
 * callback.onEpochEnd(3, {});
 * seen; // → 3
 * ```
 */
export class LambdaCallback extends Callback {
  /** @throws TapegradError for names that callbacks have not, and for what are no functions. */
  constructor(methods: CallbackMethods) {
    super();
    requireMethods('LambdaCallback', methods);
    for (const name of methodNames) {
      // Not a copy of the function: a method of the object keeps its `this`.
      const call = (...args: [never, never]): Told => (methods[name] as (...args: never[]) => Told)(...args);
      if (methods[name] !== undefined) Object.defineProperty(this, name, { value: call });
    }
  }
}

function requireMethods(op: string, methods: CallbackMethods): void {
  requireKnownOptions(op, methods, methodNames);
  for (const name of methodNames) {
    const method: unknown = methods[name];
    if (method === undefined || typeof method === 'function') continue;
    throw new TapegradError(op, `${name} is ${show(method)}. Expected a function.`);
  }
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

/**
 * The callbacks, each as an instance of {@link Callback}.
 *
 * @throws TapegradError for what is no list of callbacks or of objects of their methods.
 */
export function toCallbacks(op: string, callbacks: readonly (Callback | CallbackMethods)[]): readonly Callback[] {
  const list: readonly unknown[] = Array.isArray(callbacks) ? callbacks : [callbacks];
  const isPlain = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  const bad = list.findIndex((each) => !(each instanceof Callback || (isPlain(each) && Object.keys(each!).length > 0)));
  if (bad >= 0 || list !== callbacks) {
    throw new TapegradError(
      op,
      `callbacks has ${show(list[Math.max(bad, 0)])}. ` +
        'Expected a list of instances of Callback, or of objects of its methods, e.g. { onEpochEnd: (epoch, logs) => … }.',
    );
  }
  return callbacks.map((each) => {
    if (each instanceof Callback) return each;
    requireMethods(op, each);
    return new LambdaCallback(each);
  });
}

const hidden = { writable: true, configurable: true, enumerable: false };

/** Shows the model to its callbacks. Not enumerable: a history is to be printed and stored without its model. */
export function watchBy(callbacks: readonly Callback[], model: WatchedModel): void {
  for (const callback of callbacks) Object.defineProperty(callback, 'model', { value: model, ...hidden });
}

/** Calls all callbacks; gives a promise only where one of them does, as every await costs a turn. */
export function tell(callbacks: readonly Callback[], call: (callback: Callback) => Told): Promise<void> | undefined {
  let waiting: Promise<void> | undefined;
  for (const callback of callbacks) {
    if (waiting !== undefined) {
      waiting = waiting.then(() => call(callback));
      continue;
    }
    const told: unknown = call(callback);
    // A short function gives back whatever its last call did: `(epoch) => seen.push(epoch)`.
    if (isThenable(told)) waiting = Promise.resolve(told);
  }
  return waiting;
}

function isThenable(value: unknown): value is PromiseLike<void> {
  return typeof (value as Partial<PromiseLike<void>> | null | undefined)?.then === 'function';
}
