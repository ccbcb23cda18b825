// Metrics: what is reported beside the loss. They are read, never differentiated.

import { showShape, TapegradError, type Tensor } from '@tapegrad/core';
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
 * The share of elements where the prediction is on the label's side of 0.5. Both `[rows, outputs]`.
 *
 * ```ts
 * binaryAccuracy(tensor([[1], [0]]), tensor([[0.9], [0.6]])).item(); // → 0.5
 * ```
 */
export function binaryAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  requireTensors('binaryAccuracy', yTrue, yPred);
  return thresholdAccuracy(yTrue, yPred, 0.5);
}

/**
 * The share of rows where prediction and label are largest at the same position of the last axis. Both `[rows, classes]`.
 *
 * ```ts
 * categoricalAccuracy(tensor([[0, 1]]), tensor([[0.2, 0.8]])).item(); // → 1
 * ```
 */
export function categoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  requireTensors('categoricalAccuracy', yTrue, yPred);
  return share(yPred.argmax(-1).equal(yTrue.argmax(-1)));
}

/**
 * The share of rows where the prediction is largest at the label: labels `[rows]` or `[rows, 1]`, predictions `[rows, classes]`.
 *
 * ```ts
 * sparseCategoricalAccuracy(tensor([1, 1]), tensor([[0.2, 0.8], [0.7, 0.3]])).item(); // → 0.5
 * ```
 */
export function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  requireTensors('sparseCategoricalAccuracy', yTrue, yPred);
  const best = yPred.argmax(-1);
  return share(best.equal(labelsLike(yTrue, best)));
}

function requireTensors(op: string, yTrue: Tensor, yPred: Tensor): void {
  requireTensor(op, 'labels', yTrue);
  requireTensor(op, 'predictions', yPred);
}

function thresholdAccuracy(yTrue: Tensor, yPred: Tensor, threshold: number): Tensor {
  return share(yPred.greater(threshold).equal(labelsLike(yTrue, yPred)));
}

/** How many of them are true, in float64: 0.95 is then reported as 0.95. */
function share(hits: Tensor): Tensor {
  return hits.asType('float64').mean();
}

function labelsLike(yTrue: Tensor, like: Tensor): Tensor {
  const shape = fitLabels(yTrue.shape, like.shape);
  if (shape === undefined) {
    throw new TapegradError(
      'accuracy',
      `labels of shape ${showShape(yTrue.shape)} do not fit predictions. Expected labels of shape ${showShape(like.shape)}.`,
    );
  }
  return shape === yTrue.shape ? yTrue : yTrue.reshape(shape);
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
 * The metrics of these names or functions. Log names are Keras's: `binaryAccuracy` reports as `binary_accuracy`, a function under
 * its own name.
 *
 * @throws TapegradError for an unknown name, a name that `taken` has, and one that comes twice.
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
    if (names.has(metric.name)) {
      throw new TapegradError(op, `two metrics report as ${metric.name}. Give each function a name of its own.`);
    }
    names.add(metric.name);
    return metric;
  });
}

function toMetric(op: string, identifier: MetricName | MetricFunction, loss: LossFunction): Metric {
  if (typeof identifier === 'function') return { name: identifier.name || 'metric', measure: identifier };
  if (typeof identifier !== 'string') {
    throw new TapegradError(op, `a metric is ${show(identifier)}. Expected a name or a function.`);
  }
  const measure = byName<MetricFunction | undefined>(op, 'metric', identifier, metrics) ?? accuracyFor(loss);
  return { name: snakeCase(identifier), measure };
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
