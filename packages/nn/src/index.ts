// Everything that `@tapegrad/nn` offers.

export { type ActivationFunction, type ActivationName, activations } from './activations.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './callbacks/early-stopping.ts';
export { type LearningRateSchedule, LearningRateScheduler } from './callbacks/learning-rate-scheduler.ts';
export type { MonitorMode } from './callbacks/monitor.ts';
export { TerminateOnNaN } from './callbacks/terminate-on-nan.ts';
export {
  Callback,
  type CallbackMethods,
  History,
  LambdaCallback,
  type Logs,
  type WatchedModel,
} from './callbacks.ts';
export type { BackwardContext, HandWrittenGradients } from './hand-written.ts';
export { type Initializer, type InitializerName, initializers } from './initializers.ts';
export { type CallOptions, Layer } from './layer.ts';
export type { LayerOptions } from './layer-options.ts';
export { Activation } from './layers/activation.ts';
export { Dense, type DenseOptions } from './layers/dense.ts';
export { Dropout } from './layers/dropout.ts';
export { Lambda, type LambdaFunction } from './layers/lambda.ts';
export { Flatten, Reshape } from './layers/reshape.ts';
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
export { Model } from './model.ts';
export type { BatchOptions, CompileOptions, EvaluateOptions, FitOptions, ModelOptions } from './model-options.ts';
export type { WeightOptions } from './new-weight.ts';
export { Adam, type AdamOptions, AdamW } from './optimizers/adam.ts';
export type { AnyOptimizer, OptimizerName } from './optimizers/by-name.ts';
export type { ClippingOptions } from './optimizers/gradient-clipping.ts';
export { Optimizer, type OptimizerOptions, type Scalars, type Update } from './optimizers/optimizer.ts';
export { RMSprop, type RMSpropOptions } from './optimizers/rmsprop.ts';
export { SGD, type SGDOptions } from './optimizers/sgd.ts';
export type { ProgressOptions, Verbosity } from './progress.ts';
export { l1, l1l2, l2, type Regularizer, type RegularizerName } from './regularizers.ts';
export { Sequential } from './sequential.ts';
export { AuditError, type AuditOptions } from './shadow-audit.ts';
export type { SummaryOptions } from './summary.ts';
export type { WeightValue } from './weight-values.ts';
export { exportWeights, importWeights, parseWeights, type WeightsJson } from './weights-json.ts';
