// Metrics: what is reported beside the loss. They are read, never differentiated.

import { type Shape, showShape, TapegradError, type Tensor } from '@tapegrad/core';
import { requireTensor } from './checks.ts';
import { entryOf, fitLabels, type LossFunction, meanSquaredError } from './losses.ts';
import { byName, show, snakeCase } from './registry.ts';

/** The mean of some measure over the rows of a batch, a scalar, from labels and predictions. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** A metric as a model reports it. */
export interface Metric {
  /** Its name in the logs. */
  readonly name: string;
  readonly measure: MetricFunction;
}

/** The metrics that have a name. */
export type MetricName =
  | 'accuracy'
  | 'binaryAccuracy'
  | 'categoricalAccuracy'
  | 'sparseCategoricalAccuracy'
  | 'meanSquaredError'
  | 'mse';

/**
 * The share of elements where the prediction, taken for 1 where it is above 0.5 and for 0 elsewhere, equals the label. Both
 * `[rows, outputs]`; labels `[rows]` are taken for `[rows, 1]`. A label that is neither 0 nor 1 is never hit.
 *
 * ```ts
 * binaryAccuracy(tensor([[1], [0]]), tensor([[0.9], [0.6]])).item(); // → 0.5
 * ```
 *
 * @throws TapegradError where labels and predictions do not fit in shape.
 */
export function binaryAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return thresholdAccuracy(yTrue, yPred, 0.5);
}

/**
 * The share of rows where prediction and label are largest at the same position of the last axis. Both `[rows, classes]`.
 *
 * ```ts
 * categoricalAccuracy(tensor([[0, 1]]), tensor([[0.2, 0.8]])).item(); // → 1
 * ```
 *
 * @throws TapegradError where labels and predictions differ in shape: class numbers are for {@link sparseCategoricalAccuracy}.
 */
export function categoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const op = 'categoricalAccuracy';
  requireTensors(op, yTrue, yPred);
  // Without this check the position of the largest of all class numbers, a scalar, would be held against each row.
  if (showShape(yTrue.shape) !== showShape(yPred.shape)) {
    throw unfit(op, yTrue, yPred, yPred.shape, 'For class numbers use sparseCategoricalAccuracy.');
  }
  return share(yPred.argmax(-1).equal(yTrue.argmax(-1)));
}

/**
 * The share of rows where the prediction is largest at the label: labels `[rows]` or `[rows, 1]`, predictions `[rows, classes]`.
 *
 * ```ts
 * sparseCategoricalAccuracy(tensor([1, 1]), tensor([[0.2, 0.8], [0.7, 0.3]])).item(); // → 0.5
 * ```
 *
 * @throws TapegradError where labels and predictions do not fit in shape: one-hot rows are for {@link categoricalAccuracy}.
 */
export function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const op = 'sparseCategoricalAccuracy';
  requireTensors(op, yTrue, yPred);
  const best = yPred.argmax(-1);
  const shape = fitLabels(yTrue.shape, best.shape);
  if (shape === undefined) throw unfit(op, yTrue, yPred, best.shape, 'For one-hot rows use categoricalAccuracy.');
  return share(best.equal(inShape(yTrue, shape)));
}

function requireTensors(op: string, yTrue: Tensor, yPred: Tensor): void {
  requireTensor(op, 'labels', yTrue);
  requireTensor(op, 'predictions', yPred);
}

function thresholdAccuracy(yTrue: Tensor, yPred: Tensor, threshold: number): Tensor {
  const op = 'binaryAccuracy';
  requireTensors(op, yTrue, yPred);
  const shape = fitLabels(yTrue.shape, yPred.shape);
  if (shape === undefined) throw unfit(op, yTrue, yPred, yPred.shape);
  return share(yPred.greater(threshold).equal(inShape(yTrue, shape)));
}

/** How many of them are true, in float64: 0.95 is then reported as 0.95. */
function share(hits: Tensor): Tensor {
  return hits.asType('float64').mean();
}

function inShape(labels: Tensor, shape: Shape): Tensor {
  return shape === labels.shape ? labels : labels.reshape(shape);
}

function unfit(op: string, yTrue: Tensor, yPred: Tensor, expected: Shape, otherLabels?: string): TapegradError {
  return new TapegradError(
    op,
    `labels of shape ${showShape(yTrue.shape)} do not fit predictions of shape ${showShape(yPred.shape)}. ` +
      `Expected labels of shape ${showShape(expected)}.${otherLabels === undefined ? '' : ` ${otherLabels}`}`,
  );
}

const metrics: { readonly [N in MetricName]: MetricFunction | undefined } = {
  accuracy: undefined, // which one it is, the loss and the shapes decide
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  meanSquaredError,
  mse: meanSquaredError,
};

/**
 * The metrics of these names or functions. Log names are Keras's: `binaryAccuracy`, the name or the function, reports as
 * `binary_accuracy`, a function of the user's under its own name.
 *
 * @throws TapegradError for an unknown name, a name that `taken` has, one that comes twice, and one that other logs have.
 */
export function toMetrics(
  op: string,
  identifiers: readonly (MetricName | MetricFunction)[],
  loss: LossFunction,
  taken: readonly string[],
): readonly Metric[] {
  const names = new Set(taken);
  return identifiers.map((identifier) => {
    const metric = toMetric(op, identifier, loss);
    requireOwnName(op, metric.name);
    if (names.has(metric.name)) {
      throw new TapegradError(op, `two metrics report as ${metric.name}. Give each function a name of its own.`);
    }
    names.add(metric.name);
    return metric;
  });
}

/** Logs of validation would take the place of a metric's of the same name. */
function requireOwnName(op: string, name: string): void {
  if (name !== 'loss' && !name.startsWith('val_')) return;
  throw new TapegradError(
    op,
    `a metric reports as ${name}. Expected a name other than loss and without val_, which begins those of validation: ` +
      'give the function another name.',
  );
}

function toMetric(op: string, identifier: MetricName | MetricFunction, loss: LossFunction): Metric {
  if (typeof identifier === 'function') return { name: logName(identifier), measure: identifier };
  if (typeof identifier !== 'string') {
    throw new TapegradError(op, `a metric is ${show(identifier)}. Expected a name or a function.`);
  }
  const measure = byName<MetricFunction | undefined>(op, 'metric', identifier, metrics) ?? accuracyFor(loss);
  return { name: snakeCase(identifier), measure };
}

function logName(metric: MetricFunction): string {
  const isOurs = entryOf(metric) !== undefined || Object.values(metrics).includes(metric);
  return isOurs ? snakeCase(metric.name) : metric.name || 'metric';
}

/** The accuracy that fits the loss, or else the shapes, as Keras has it. */
function accuracyFor(loss: LossFunction): MetricFunction {
  const entry = entryOf(loss);
  // Logits are on the side of 0 on which their probabilities are of 0.5.
  const binary: MetricFunction = (y, p) => thresholdAccuracy(y, p, entry?.fromLogits === true ? 0 : 0.5);
  const byKind = { binary, categorical: categoricalAccuracy, sparse: sparseCategoricalAccuracy };
  return (yTrue, yPred) => byKind[entry?.accuracy ?? kindOf(yTrue, yPred)](yTrue, yPred);
}

function kindOf(yTrue: Tensor, yPred: Tensor): 'binary' | 'categorical' | 'sparse' {
  if (yPred.rank < 2 || yPred.shape.at(-1) === 1) return 'binary';
  return yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1 ? 'sparse' : 'categorical';
}
