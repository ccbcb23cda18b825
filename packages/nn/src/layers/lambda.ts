// A function as a layer.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { type CallOptions, Layer } from '../layer.ts';
import { type LayerOptions, requireLayerOptions } from '../layer-options.ts';
import { show } from '../registry.ts';

/** From a batch of inputs `[rows, …]` its outputs `[rows, …]`. */
export type LambdaFunction = (inputs: Tensor, options: CallOptions) => Tensor;

/**
 * Applies a function of tensors, which has no weights of its own; the shape of its outputs is found by a call with zeros. For a step
 * with weights, write a {@link Layer}.
 *
 * ```ts
 * new Lambda((x) => x.mul(2)).apply(tensor([[1, 2]])).toArray(); // → 2,4
 * ```
 */
export class Lambda extends Layer {
  static readonly className: string = 'Lambda';
  private readonly f: LambdaFunction;

  /** @throws TapegradError for what is no function. */
  constructor(f: LambdaFunction, options: LayerOptions = {}) {
    requireLayerOptions('Lambda', options, []);
    super(options);
    if (typeof f !== 'function') {
      throw new TapegradError('Lambda', `got ${show(f)}. Expected a function of tensors, e.g. (x) => x.div(255).`);
    }
    this.f = f;
  }

  override call(inputs: Tensor, options: CallOptions): Tensor {
    return this.f(inputs, options);
  }
}
