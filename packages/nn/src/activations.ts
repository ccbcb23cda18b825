// Activations by name, and the memory of what a sigmoid or softmax was computed from, which losses ask.

import { relu, sigmoid, softmax, softplus, TapegradError, type Tensor, tanh } from '@tapegrad/core';
import { byName, show } from './registry.ts';

/** A function of a layer's output before it is given on. */
export type ActivationFunction = (x: Tensor) => Tensor;

/** The activations that have a name. */
export type ActivationName = keyof typeof activations;

/** The activations whose input a loss can use in place of their output. */
export type Squashing = 'sigmoid' | 'softmax';

// Held by the output, so that the memory goes when the output goes.
const sources = new WeakMap<Tensor, { readonly squashing: Squashing; readonly logits: Tensor }>();

/** What `x` was made of, where it is the output of this activation; otherwise undefined. */
export function logitsOf(x: Tensor, squashing: Squashing): Tensor | undefined {
  const source = sources.get(x);
  return source?.squashing === squashing ? source.logits : undefined;
}

function remembering(squashing: Squashing, f: (x: Tensor) => Tensor): ActivationFunction {
  return (logits) => {
    const out = f(logits);
    sources.set(out, { squashing, logits });
    return out;
  };
}

/**
 * Keras's activations, by name. `sigmoid` and `softmax` (along the last axis) remember their input: a loss on their output is
 * computed from it, and stays finite where the output is saturated at 0 or 1.
 *
 * ```ts
 * activations.relu(tensor([-1, 2])).toArray(); // → 0,2
 * ```
 */
export const activations: {
  readonly linear: ActivationFunction;
  readonly relu: ActivationFunction;
  readonly sigmoid: ActivationFunction;
  readonly tanh: ActivationFunction;
  readonly softmax: ActivationFunction;
  readonly softplus: ActivationFunction;
} = {
  linear: (x) => x,
  relu: (x) => relu(x),
  sigmoid: remembering('sigmoid', (x) => sigmoid(x)),
  tanh: (x) => tanh(x),
  softmax: remembering('softmax', (x) => softmax(x)),
  softplus: (x) => softplus(x),
};

/**
 * The activation of this name, or the function itself. The core's `sigmoid` and `softmax` are taken for those of that name here.
 *
 * @throws TapegradError for an unknown name.
 */
export function toActivation(
  op: string,
  identifier: ActivationName | ActivationFunction | null | undefined,
): ActivationFunction {
  if (identifier === null || identifier === undefined) return activations.linear;
  if ((identifier as unknown) === sigmoid) return activations.sigmoid;
  if ((identifier as unknown) === softmax) return activations.softmax;
  if (typeof identifier === 'function') return identifier;
  if (typeof identifier === 'string') return byName(op, 'activation', identifier, activations);
  throw new TapegradError(op, `activation is ${show(identifier)}. Expected a name or a function.`);
}
