// Gradient descent, with momentum.

import type { Tensor } from '@tapegrad/core';
import { requireBoolean, requireFraction, requireKnownOptions } from '../checks.ts';
import { type ClippingOptions, clippingOptions } from './gradient-clipping.ts';
import { Optimizer, type Scalars, type Update } from './optimizer.ts';

export interface SGDOptions extends ClippingOptions {
  /** Default: 0.01. */
  readonly learningRate?: number;
  /** How much of the last step is taken again, from 0 up to, not including, 1. Default: 0. */
  readonly momentum?: number;
  /** Whether the momentum is looked ahead by. Default: false. */
  readonly nesterov?: boolean;
  /** λ: before each update w ← w − η λ w, biases included ({@link Optimizer.excludeFromWeightDecay}). Default: 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent: w ← w − η g. With momentum μ, as Keras has it: v ← μ v − η g, then w ← w + v, or with
 * Nesterov's w ← w + μ v − η g.
 *
 * With weight decay λ and without momentum, w ← w − η g − η λ w. So the rule W ← W − η (Σ dW / batch) − η (r/n) W for kernels,
 * with biases left to their gradients, is `weightDecay: r / n` and `excludeFromWeightDecay({ names: ['bias'] })`. A penalty that the loss
 * then shows takes the same step: `kernelRegularizer: l2(r / (2 * n))` ({@link l2}).
 *
 * I. Sutskever et al., On the importance of initialization and momentum in deep learning, ICML 2013, eq. 1–4.
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2]), 'w');
 * new SGD({ learningRate: 0.5 }).step([tensor([1, 1])], [w]);
 * w.toArray(); // → 0.5,1.5
 * ```
 */
export class SGD extends Optimizer<'velocity'> {
  readonly momentum: number;
  readonly nesterov: boolean;
  protected override readonly slotNames: readonly 'velocity'[];

  /** @throws TapegradError for options out of range. */
  constructor(options: SGDOptions = {}) {
    requireKnownOptions('SGD', options, ['learningRate', 'momentum', 'nesterov', 'weightDecay', ...clippingOptions]);
    const { learningRate = 0.01, momentum = 0, nesterov = false, ...others } = options;
    super({ learningRate, ...others });
    requireFraction('SGD', 'momentum', momentum);
    requireBoolean('SGD', 'nesterov', nesterov);
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.slotNames = momentum === 0 ? [] : ['velocity'];
  }

  override update(
    w: Tensor,
    g: Tensor,
    slots: Update<'velocity'>['slots'],
    { learningRate }: Scalars<'learningRate'>,
  ): Update<'velocity'> {
    const step = g.mul(learningRate);
    if (this.momentum === 0) return { value: w.sub(step), slots };
    const velocity = slots.velocity.mul(this.momentum).sub(step);
    const value = this.nesterov ? w.add(velocity.mul(this.momentum)).sub(step) : w.add(velocity);
    return { value, slots: { velocity } };
  }
}
