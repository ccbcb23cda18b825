// All that is checked before training or evaluation begins: data against model, labels against loss. It changes nothing.

import {
  type FloatDType,
  noGrad,
  type Parameter,
  type Shape,
  showShape,
  Tape,
  TapegradError,
  Tensor,
  type TensorData,
} from '@tapegrad/core';
import { type AppliedLayer, watching } from './applied-layers.ts';
import { onTrial, type Restorable } from './as-before.ts';
import { inNameOf, within } from './checks.ts';
import { type Rows, requireSameCount, toRows } from './data.ts';
import { entryOf, fitLabels, type LossEntry, type LossFunction } from './losses.ts';
import type { Metric } from './metrics.ts';
import { show } from './registry.ts';
import { penalized, penaltiesOf } from './regularizers.ts';

/** What a model was compiled to measure. */
export interface Measures {
  readonly loss: LossFunction;
  readonly metrics: readonly Metric[];
}

/** What the checks need of a model. */
export interface Checkable extends Restorable {
  readonly dtype: FloatDType;
  readonly trainableWeights: readonly Parameter[];
  forward(x: Tensor, training: boolean): Tensor;
}

/** Inputs and labels that fit each other and the model. */
export interface Examples {
  readonly x: Rows;
  readonly y: Rows;
}

/**
 * The data as rows that model, loss and metrics can take, which are tried on the first two rows.
 *
 * @throws TapegradError for data that do not fit.
 */
export function toExamples(
  op: string,
  model: Checkable,
  { loss, metrics }: Measures,
  x: Tensor | TensorData,
  y: Tensor | TensorData,
  of: string = '',
): Examples {
  const inputs = toInputs(op, model, x, of);
  const labels = toRows(op, `y${of}`, y, model.dtype);
  requireSameCount(op, inputs, labels);
  const predictions = tryForward(op, model, inputs);
  const fitted = withFittingShape(op, labels, predictions.shape, entryOf(loss));
  requireLabels(op, fitted, predictions.shape, entryOf(loss));
  const sample = fitted.batch(0, predictions.shape[0]!);
  noGrad(() => {
    within(op, () => penaltiesOf(model.trainableWeights));
    requireScalar(op, `the loss ${loss.name}`, () => loss(sample, predictions));
    for (const { name, measure } of metrics)
      requireScalar(op, `the metric ${name}`, () => measure(sample, predictions));
  });
  return { x: inputs, y: fitted };
}

/** Inputs as rows; a list of numbers is taken for rows of one feature, as Keras takes it. */
export function toInputs(op: string, model: Checkable, x: Tensor | TensorData, of: string = ''): Rows {
  const rows = toRows(op, `x${of}`, x, model.dtype);
  return rows.rowShape.length === 0 ? rows.reshaped([1]) : rows;
}

/** The predictions for the first two rows. @throws TapegradError where the model does not take them. */
export function tryForward(op: string, model: Checkable, x: Rows): Tensor {
  const rows = Math.min(2, x.count);
  let predictions: Tensor;
  try {
    predictions = noGrad(() => model.forward(x.batch(0, rows), false));
  } catch (error) {
    if (!(error instanceof TapegradError) || x.given.length > 1) throw inNameOf(op, error);
    const flat = `${x.name} has shape ${showShape(x.given)}, which is ${x.count} rows of one number`;
    throw new TapegradError(op, `${error.message} ${flat}; a single row is [${x.name}].`, { cause: error });
  }
  if (predictions.shape[0] === rows) return predictions;
  throw new TapegradError(
    op,
    `the model gave ${showShape(predictions.shape)} for ${rows} rows. Expected [${rows}, …]: one result for each row.`,
  );
}

function withFittingShape(op: string, y: Rows, predictions: Shape, entry: LossEntry | undefined): Rows {
  const output = predictions.slice(1);
  const expected = entry === undefined ? output : entry.labelShape(predictions).slice(1);
  const shape = fitLabels(y.rowShape, expected);
  if (shape !== undefined) return y.reshaped(shape);
  // A loss of the user's may take labels of any shape.
  if (entry === undefined) return y;
  throw new TapegradError(
    op,
    `${y.name} has shape ${showShape(y.shape)}, the output of the model ${showShape([y.count, ...output])}. ` +
      `Expected ${y.name} of shape ${showShape([y.count, ...expected])} for ${entry.name}.` +
      (entry.otherLabels === undefined ? '' : ` ${entry.otherLabels}`),
  );
}

function requireLabels(op: string, y: Rows, predictions: Shape, entry: LossEntry | undefined): void {
  const bad = entry?.badLabel(y.data, predictions.at(-1)!);
  if (bad === undefined) return;
  const place = bad.wholeRow ? y.place(bad.at).split(',')[0]! : y.place(bad.at);
  throw new TapegradError(op, `${y.name} has ${bad.what} at ${place}. Expected ${bad.expected}, for ${entry!.name}.`);
}

function requireScalar(op: string, what: string, f: () => Tensor): void {
  const value = within(op, f);
  if (value instanceof Tensor && value.rank === 0) return;
  throw new TapegradError(
    op,
    `${what} gave ${value instanceof Tensor ? `shape ${showShape(value.shape)}` : show(value)}. ` +
      'Expected a scalar tensor: end it with .mean().',
  );
}

/**
 * Tries the gradient of a step of training: the penalties of weights are in the loss, and layers do what they do in training.
 *
 * @throws TapegradError naming a parameter that the loss does not depend on, or a layer that the model does not know of: training
 * could not change them.
 */
export function requireUsed(op: string, model: Checkable, { loss }: Measures, { x, y }: Examples): void {
  const rows = Math.min(2, x.count);
  const tape = new Tape({ persistent: true });
  const lossOfStep = (): Tensor => {
    const value = loss(y.batch(0, rows), model.forward(x.batch(0, rows), true));
    return penalized(value, model.trainableWeights);
  };
  // with the gradient in the trial: it refuses weights that were assigned since
  onTrial(model, () => {
    const { result, layers } = watching(() => within(op, () => tape.record(lossOfStep)));
    requireFound(op, layers, model);
    requireConnected(op, tape, result, model.trainableWeights);
  });
}

/** @throws TapegradError naming a parameter that the loss on the tape does not depend on. */
function requireConnected(op: string, tape: Tape, value: Tensor, parameters: readonly Parameter[]): void {
  const failureOf = (sources: readonly Parameter[]): unknown => {
    try {
      tape.gradient(value, sources);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const failure = parameters.length === 0 ? undefined : failureOf(parameters);
  if (failure === undefined) return;
  // What a layer's own backward complains of is no missing connection.
  if (failure instanceof TapegradError && failure.op.startsWith('layer ')) throw inNameOf(op, failure);
  const unused = parameters.find((parameter) => failureOf([parameter]) instanceof TapegradError);
  if (unused === undefined) throw inNameOf(op, failure);
  // Derivatives may also end on the way, at an op without one or a layer whose own backward gives none.
  const { state, reasons } = tape.explain(value, [unused]).sources[0]!;
  const why = state === 'stopped' ? ` ${reasons.join(' ')}` : '';
  throw new TapegradError(
    op,
    `the loss does not depend on the weight ${unused.name}.${why} Use it in call(), with tensor operations alone from there to the loss ` +
      '(no noGrad, no toArray), or freeze it by trainable: false.',
  );
}

function requireFound(op: string, applied: ReadonlySet<AppliedLayer>, { weights }: Checkable): void {
  const frozen = [...applied].filter(({ trainable }) => !trainable);
  const found = new Set([...weights, ...frozen.flatMap((layer) => layer.weights)]);
  const stray = [...applied].find((layer) => layer.trainableWeights.some((weight) => !found.has(weight)));
  if (stray === undefined) return;
  throw new TapegradError(
    op,
    `the model applies the layer ${stray.name} (${stray.className}), which is not among its layers, so that training would leave it ` +
      'as it is. Make it a property, alone or in an array (# fields and plain objects are not searched), or set its trainable to false.',
  );
}

/** All rows but the last ones, and these; as Keras cuts them, before any shuffling. */
export function splitLast(op: string, { x, y }: Examples, share: number): [Examples, Examples | undefined] {
  if (share === 0) return [{ x, y }, undefined];
  const at = Math.floor(x.count * (1 - share));
  if (at === 0 || at === x.count) {
    throw new TapegradError(
      op,
      `validationSplit is ${share}, which cuts ${x.count} rows into ${at} and ${x.count - at}. Expected at least one row in each part.`,
    );
  }
  return [
    { x: x.between(0, at), y: y.between(0, at) },
    { x: x.between(at, x.count), y: y.between(at, y.count) },
  ];
}
