// Everything that `@tapegrad/nn` offers.

export { type ActivationFunction, type ActivationName, activations } from './activations.ts';
export { Callback, History, type Logs, type WatchedModel } from './callbacks.ts';
export type { BackwardContext, HandWrittenGradients } from './hand-written.ts';
export { type Initializer, type InitializerName, initializers } from './initializers.ts';
export { type CallOptions, Layer, type WeightOptions } from './layer.ts';
export type { LayerOptions } from './layer-options.ts';
export { Activation } from './layers/activation.ts';
export { Dense, type DenseOptions } from './layers/dense.ts';
export { Dropout } from './layers/dropout.ts';
export {
  type BadLabel,
  binaryCrossentropy,
  categoricalCrossentropy,
  type Loss,
  type LossEntry,
  type LossFunction,
  type LossName,
  type LossOptions,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from './losses.ts';
export {
  binaryAccuracy,
  categoricalAccuracy,
  type MetricFunction,
  type MetricName,
  sparseCategoricalAccuracy,
} from './metrics.ts';
export {
  type BatchOptions,
  type CompileOptions,
  type EvaluateOptions,
  type FitOptions,
  Model,
  type ModelOptions,
} from './model.ts';
export { Adam, type AdamOptions } from './optimizers/adam.ts';
export type { AnyOptimizer, OptimizerName } from './optimizers/by-name.ts';
export { Optimizer, type Update } from './optimizers/optimizer.ts';
export { SGD, type SGDOptions } from './optimizers/sgd.ts';
export type { ProgressOptions, Verbosity } from './progress.ts';
export { Sequential } from './sequential.ts';
export { AuditError, type AuditOptions } from './shadow-audit.ts';
export type { SummaryOptions } from './summary.ts';
