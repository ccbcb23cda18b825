// The values of weights, read and replaced in one go. As JSON: weights-json.ts.

import { fromData, Parameter, showShape, TapegradError, Tensor, type TensorData, tensor } from '@tapegrad/core';
import { show } from './registry.ts';

/** What the value of a weight may be given as: a tensor, nested lists, or a flat typed array. */
export type WeightValue = Tensor | TensorData;

/** Copies: what becomes of the weights does not change them. */
export function valuesOf(weights: readonly Parameter[]): readonly Tensor[] {
  return weights.map((weight) => fromData(weight.toData(), weight.shape, weight.dtype));
}

/** What has weights. */
interface Weighted {
  readonly name: string;
  readonly built: boolean;
  readonly weights: readonly Parameter[];
}

/**
 * Assigns each weight its value, once all of them are known to fit.
 *
 * @throws TapegradError where they do not, with every weight as it was.
 */
export function assignAll(op: string, { name, built, weights }: Weighted, values: readonly WeightValue[]): void {
  if (!built) throw unbuilt(op, name);
  if (!Array.isArray(values)) {
    throw new TapegradError(op, `the weights are ${show(values)}. Expected a list, as getWeights() gives it.`);
  }
  if (values.length !== weights.length) {
    const expected = `Expected one for each of its ${weights.length} weights, in the order of weights.`;
    throw new TapegradError(op, `got ${values.length} values for ${name}. ${expected}`);
  }
  const checked = weights.map((weight, i) => fitting(op, weight, values[i]!));
  weights.forEach((weight, i) => {
    weight.assign(checked[i]!);
  });
}

/** The error where there are no weights to read or to replace. */
export function unbuilt(op: string, name: string): TapegradError {
  return new TapegradError(
    op,
    `${name} has no weights yet. Give its first layer an inputShape, or call build(inputShape) first.`,
  );
}

function fitting(op: string, { name, shape, dtype }: Parameter, given: WeightValue): Tensor {
  // A weight is copied: it may itself be one of those that are replaced.
  const fixed = given instanceof Parameter ? valuesOf([given])[0]! : given;
  const value = fixed instanceof Tensor ? fixed : toTensor(op, name, shape, dtype, fixed);
  const [got, expected] = [`${value.dtype}${showShape(value.shape)}`, `${dtype}${showShape(shape)}`];
  if (got === expected) return value;
  throw new TapegradError(op, `the value for ${name} is ${got}. Expected ${expected}.`);
}

function toTensor(
  op: string,
  name: string,
  shape: Parameter['shape'],
  dtype: Parameter['dtype'],
  data: TensorData,
): Tensor {
  try {
    // A typed array is flat; the shape of lists is their own, and is compared.
    return ArrayBuffer.isView(data) ? tensor(data, { dtype, shape }) : tensor(data, { dtype });
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    const what = error.message.slice(`${error.op}: `.length);
    throw new TapegradError(op, `the value for ${name}: ${what}`, { cause: error });
  }
}
