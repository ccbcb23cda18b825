// A function of nestings of tensors as one of lists of tensors, checked for what makes differences meaningless: promises, results that
// are no float64 tensors, results that change from call to call.

import { grad, noGrad, TapegradError, type Tensor, type Tree, vjp } from '@tapegrad/core';
import { describe, isPromise, leavesOf, rebuild } from './values.ts';

/** From the inputs, in order, the parts of the result. */
export type FlatFunction = (inputs: readonly Tensor[]) => Tensor[];

/**
 * `f` on lists.
 *
 * @throws TapegradError, when called, where `f` throws, or gives something else than float64 tensors.
 */
export function flatten(op: string, f: (inputs: never) => unknown, tree: Tree): FlatFunction {
  return (inputs) => {
    let result: unknown;
    try {
      result = f(rebuild(tree, inputs) as never);
    } catch (error) {
      throw new TapegradError(op, `the function threw: ${messageOf(error)}`, { cause: error });
    }
    return resultsOf(op, result).map(({ tensor }) => tensor);
  };
}

/** The parts of a function's result. @throws TapegradError unless they are float64 tensors, at least one. */
export function resultsOf(op: string, result: unknown): { readonly tensor: Tensor; readonly path: string }[] {
  if (isPromise(result)) {
    throw new TapegradError(
      op,
      'the function returned a promise. Expected tensors; await what it needs before the call.',
    );
  }
  const leaves = leavesOf(op, result, 'the result of the function');
  if (leaves.length === 0) {
    throw new TapegradError(op, `the function returned ${describe(result)} without a tensor. Expected at least one.`);
  }
  for (const { tensor, path } of leaves) {
    if (tensor.dtype === 'float64') continue;
    throw new TapegradError(
      op,
      `${path === '' ? 'the result' : `${path} of the result`} is ${tensor.dtype}. Expected float64, as the inputs are: differences need the digits.`,
    );
  }
  return leaves;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The elements of all tensors, one after the other. */
export function valuesOf(tensors: readonly Tensor[]): Float64Array {
  const values = new Float64Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.toData(), at);
    at += tensor.size;
  }
  return values;
}

/**
 * The values of `f`, evaluated twice.
 *
 * @throws TapegradError where the two differ.
 */
export function repeatable(op: string, f: FlatFunction, inputs: readonly Tensor[]): Float64Array {
  const [first, second] = noGrad(() => [valuesOf(f(inputs)), valuesOf(f(inputs))] as const);
  const at = first.findIndex((value, i) => !Object.is(value, second[i]));
  if (at < 0 && first.length === second.length) return first;
  const difference =
    at < 0 ? `${first.length} and ${second.length} elements` : `${first[at]} and ${second[at]} at element ${at}`;
  throw new TapegradError(
    op,
    `two calls of the function differ: ${difference}. Expected the same result from the same inputs; make its random draws from a seed inside it, e.g. new RandomGenerator(1).`,
  );
}

/** From cotangents, one for each part of the result, the adjoints of the inputs; zeros where nothing depends on them. */
export function pullbackOf(f: FlatFunction, inputs: readonly Tensor[]): (seeds: readonly Tensor[]) => Tensor[] {
  const [, pullback] = vjp((xs: readonly Tensor[]) => f(xs), inputs);
  return (seeds) => pullback([...seeds], { unconnected: 'zero' })[0] as Tensor[];
}

/** The gradient of the sum of the results, each times its weights. */
export function gradientOf(f: FlatFunction, weights: readonly Tensor[]): FlatFunction {
  const weighted = (xs: readonly Tensor[]): Tensor =>
    f(xs)
      .map((out, i) => out.mul(weights[i]!).sum())
      .reduce((a, b) => a.add(b));
  return (inputs) => grad(weighted, { unconnected: 'zero' })(inputs) as Tensor[];
}
