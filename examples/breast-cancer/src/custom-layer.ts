// A layer that nn does not have. Its derivative is written nowhere: it comes from the tape.

import type { Parameter, Shape, Tensor } from '@tapegrad/core';
import { Adam, Dense, Layer, Sequential } from '@tapegrad/nn';

/**
 * Swish: x σ(β x), with a β of its own for each feature, which training finds. It starts at 1.
 *
 * P. Ramachandran, B. Zoph and Q. V. Le, Searching for Activation Functions, arXiv:1710.05941, section 4.
 */
// biome-ignore format: a layer is five lines, and looks like it
export class Swish extends Layer {
  private beta!: Parameter;
  override build(inputShape: Shape): void { this.beta = this.addWeight('beta', inputShape, 'ones'); }
  override call(x: Tensor): Tensor { return x.mul(x.mul(this.beta).sigmoid()); }
}

/** 30 → 32 → 1 with this layer in between. */
export function createSwishNetwork(swish: Swish, seed: number): Sequential {
  const model = new Sequential([new Dense(32, { inputShape: [30] }), swish, new Dense(1, { activation: 'sigmoid' })], {
    seed,
  });
  model.compile({ optimizer: new Adam(), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  return model;
}
