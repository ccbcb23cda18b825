// Gradients cut to a length before a step is taken by them.

import { div, TapegradError, type Tensor } from '@tapegrad/core';
import { requireNumber } from '../checks.ts';

/** How gradients are cut; at most one of these. */
export interface ClippingOptions {
  /** The longest that the gradient of one parameter may be: a longer one is scaled to that, g ← g · c / max(‖g‖, c). Default: none. */
  readonly clipnorm?: number;
  /** The same for the gradients of all parameters as one vector. R. Pascanu et al., arXiv:1211.5063, Algorithm 1. Default: none. */
  readonly globalClipnorm?: number;
  /** The largest that an element may be, of either sign: others are cut. Default: none. */
  readonly clipvalue?: number;
}

/** The names of these options. */
export const clippingOptions: readonly (keyof ClippingOptions)[] = ['clipnorm', 'globalClipnorm', 'clipvalue'];

/** @throws TapegradError for more than one of the options, and for what is no number > 0. */
export function requireClipping(op: string, options: ClippingOptions): void {
  const given = clippingOptions.filter((name) => options[name] !== undefined);
  for (const name of given) requireNumber(op, name, options[name]!, '> 0', (value) => value > 0);
  if (given.length <= 1) return;
  const values = given.map((name) => `${name} is ${options[name]}`).join(', ');
  throw new TapegradError(op, `${values}. Expected at most one of ${clippingOptions.join(', ')}.`);
}

/** The gradients as the options want them, in tensor operations. */
export function clipped(gradients: readonly Tensor[], options: ClippingOptions): readonly Tensor[] {
  const { clipnorm, globalClipnorm, clipvalue } = options;
  if (clipvalue !== undefined) return gradients.map((g) => g.clip(-clipvalue, clipvalue));
  if (clipnorm !== undefined) return gradients.map((g) => shortened(g, squaredLength(g), clipnorm));
  if (globalClipnorm === undefined || gradients.length === 0) return gradients;
  // A model has weights of one dtype; where an optimizer is used alone there may be two.
  const total = gradients.map(squaredLength).reduce((sum, each) => sum.add(each.asType(sum.dtype)));
  return gradients.map((g) => shortened(g, total.asType(g.dtype), globalClipnorm));
}

function squaredLength(g: Tensor): Tensor {
  return g.square().sum();
}

function shortened(g: Tensor, squared: Tensor, limit: number): Tensor {
  // limit / limit is 1: a gradient that is short enough keeps every bit
  return g.mul(div(limit, squared.sqrt().maximum(limit)));
}
