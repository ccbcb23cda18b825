// What a model, and each of its methods, can be told. What they do with it: model.ts.

import type { FloatDType, Tensor, TensorData } from '@tapegrad/core';
import type { Callback, CallbackMethods } from './callbacks.ts';
import type { LayerOptions } from './layer-options.ts';
import type { LossFunction, LossName } from './losses.ts';
import type { MetricFunction, MetricName } from './metrics.ts';
import type { AnyOptimizer, OptimizerName } from './optimizers/by-name.ts';
import type { ProgressOptions } from './progress.ts';
import type { AuditOptions } from './shadow-audit.ts';

export interface ModelOptions extends LayerOptions {
  /** The dtype of weights and of computation. Default: float32. */
  readonly dtype?: FloatDType;
}

export interface CompileOptions {
  readonly optimizer: OptimizerName | AnyOptimizer;
  readonly loss: LossName | LossFunction;
  readonly metrics?: readonly (MetricName | MetricFunction)[];
  /**
   * Whether steps of training, evaluation and prediction are compiled to WebAssembly when they are first taken, and run op by op only
   * where a layer, a loss or a metric reads values. What these take from JavaScript is read once then. They are compiled again by the next
   * `fit`, `evaluate` or `predict` after a layer was added or frozen, or a number, text, function or tensor among the properties of a layer
   * or of the optimizer was replaced; not after what a function has around it (a variable, a list) changed. Default: true.
   */
  readonly jit?: boolean;
}

export interface BatchOptions {
  /** Rows in a batch; the last one may have fewer. Default: 32. */
  readonly batchSize?: number;
}

/** Options of `evaluate` and `predict`. */
export interface EvaluateOptions extends BatchOptions {
  /** Told of each batch. */
  readonly callbacks?: readonly (Callback | CallbackMethods)[];
  /** Nothing is shown either way: 0 is here for those who write it in Keras. */
  readonly verbose?: 0;
}

export interface FitOptions extends BatchOptions, ProgressOptions {
  /** Epochs until the end, counted from the very first one. Default: 1. */
  readonly epochs?: number;
  /** How many of them were trained before. Default: 0. */
  readonly initialEpoch?: number;
  /** Inputs and labels to report on after each epoch. */
  readonly validationData?: readonly [x: Tensor | TensorData, y: Tensor | TensorData];
  /** The share of rows, the last ones, that is kept for validation where `validationData` is not given. Default: 0. */
  readonly validationSplit?: number;
  /** Whether the rows are put in another order for each epoch. Default: true. */
  readonly shuffle?: boolean;
  /** Starts the random order. Default: it is drawn from the model's own stream. */
  readonly seed?: number;
  /** Told of training as it goes on: instances, or plain objects of their methods, `{ onEpochEnd: (epoch, logs) => … }`. */
  readonly callbacks?: readonly (Callback | CallbackMethods)[];
  /** Ends training after the current batch. */
  readonly signal?: AbortSignal;
  /**
   * Whether the first NaN or infinity in a batch, forward or backward, ends training with an `AnomalyError` that says in which op, layer and
   * line it was born, and of which values; `'NaN'` looks for NaN alone. Takes time. Default: false.
   */
  readonly detectAnomaly?: boolean | 'NaN';
  /** Holds the hand-written gradients of layers against the tape's, every so many batches; `@tapegrad/gradcheck` is loaded then. */
  readonly audit?: AuditOptions;
}

/** The names of the options of `fit`. */
export const fitOptions: readonly string[] = [
  ...['batchSize', 'epochs', 'initialEpoch', 'validationData', 'validationSplit', 'shuffle', 'seed'],
  ...['verbose', 'logEvery', 'callbacks', 'signal', 'audit', 'detectAnomaly'],
];
