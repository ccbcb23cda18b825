// RMSprop.

import type { Tensor } from '@tapegrad/core';
import { requireFraction, requireKnownOptions, requireNumber } from '../checks.ts';
import { type ClippingOptions, clippingOptions } from './gradient-clipping.ts';
import { Optimizer, type Scalars, type Update } from './optimizer.ts';

export interface RMSpropOptions extends ClippingOptions {
  /** Default: 0.001. */
  readonly learningRate?: number;
  /** ρ, the decay of the mean of squared gradients, from 0 up to, not including, 1. Default: 0.9. */
  readonly rho?: number;
  /** ε, added to √v. Default: 1e-7. */
  readonly epsilon?: number;
  /** λ: before each update w ← w − η λ w, biases included ({@link Optimizer.excludeFromWeightDecay}). Default: 0. */
  readonly weightDecay?: number;
}

/**
 * RMSprop: v ← ρ v + (1 − ρ) g², w ← w − η g / (√v + ε).
 *
 * T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012). ε stands beside the root as in PyTorch. (Keras has
 * √(v + ε).)
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2], { dtype: 'float64' }), 'w');
 * new RMSprop({ learningRate: 0.5, rho: 0.75, epsilon: 0 }).step([tensor([3, -4], { dtype: 'float64' })], [w]);
 * w.toArray(); // → 0,3
 * ```
 */
export class RMSprop extends Optimizer<'v'> {
  readonly rho: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly 'v'[] = ['v'];

  /** @throws TapegradError for options out of range. */
  constructor(options: RMSpropOptions = {}) {
    requireKnownOptions('RMSprop', options, ['learningRate', 'rho', 'epsilon', 'weightDecay', ...clippingOptions]);
    const { learningRate = 0.001, rho = 0.9, epsilon = 1e-7, ...others } = options;
    super({ learningRate, ...others });
    requireFraction('RMSprop', 'rho', rho);
    requireNumber('RMSprop', 'epsilon', epsilon, '>= 0', (value) => value >= 0);
    this.rho = rho;
    this.epsilon = epsilon;
  }

  override update(
    w: Tensor,
    g: Tensor,
    slots: Update<'v'>['slots'],
    { learningRate }: Scalars<'learningRate'>,
  ): Update<'v'> {
    const v = slots.v.mul(this.rho).addcmul(g, g, { value: 1 - this.rho });
    return { value: w.sub(g.mul(learningRate).div(v.sqrt().add(this.epsilon))), slots: { v } };
  }
}
