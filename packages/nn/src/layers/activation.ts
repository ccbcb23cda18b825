// An activation as a layer of its own.

import type { Shape, Tensor } from '@tapegrad/core';
import { type ActivationFunction, type ActivationName, toActivation } from '../activations.ts';
import { Layer } from '../layer.ts';
import { type LayerOptions, requireLayerOptions } from '../layer-options.ts';

/**
 * Applies an activation to its input, whose shape stays.
 *
 * ```ts
 * new Activation('relu').apply(tensor([[-1, 2]])).toArray(); // → 0,2
 * ```
 */
export class Activation extends Layer {
  static readonly className: string = 'Activation';
  private readonly activation: ActivationFunction;

  /** @throws TapegradError for an unknown name. */
  constructor(activation: ActivationName | ActivationFunction, options: LayerOptions = {}) {
    requireLayerOptions('Activation', options, []);
    super(options);
    this.activation = toActivation('Activation', activation);
  }

  override call(inputs: Tensor): Tensor {
    return this.activation(inputs);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
