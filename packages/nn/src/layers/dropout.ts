// Dropout: random zeros while training.

import type { Shape, Tensor } from '@tapegrad/core';
import { requireFraction } from '../checks.ts';
import { type CallOptions, Layer } from '../layer.ts';
import { type LayerOptions, requireLayerOptions } from '../layer-options.ts';

/**
 * While training, sets each element to 0 with probability `rate`, and divides the others by 1 − rate, so that the expected
 * value stays ("inverted" dropout). Otherwise gives its input on.
 *
 * N. Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 15 (2014), p. 1929.
 *
 * ```ts
 * const layer = new Dropout(0.5, { seed: 1 });
 * layer.apply(tensor([[1, 2]])).toArray(); // → 1,2
 * ```
 */
export class Dropout extends Layer {
  static readonly className: string = 'Dropout';
  readonly rate: number;

  /**
   * @param rate - from 0 up to, not including, 1.
   * @throws TapegradError for a rate outside of that.
   */
  constructor(rate: number, options: LayerOptions = {}) {
    requireFraction('Dropout', 'rate', rate);
    requireLayerOptions('Dropout', options, []);
    super(options);
    this.rate = rate;
  }

  override call(inputs: Tensor, { training }: CallOptions): Tensor {
    if (!training || this.rate === 0) return inputs;
    const kept = this.random.mask(inputs.shape, 1 - this.rate);
    return inputs.mul(kept).div(1 - this.rate);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
