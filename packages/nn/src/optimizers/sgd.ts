// Gradient descent, with momentum.

import type { Tensor } from '@tapegrad/core';
import { requireBoolean, requireFraction, requireKnownOptions } from '../checks.ts';
import { Optimizer, type Scalars, type Update } from './optimizer.ts';

export interface SGDOptions {
  /** Default: 0.01. */
  readonly learningRate?: number;
  /** How much of the last step is taken again, from 0 up to, not including, 1. Default: 0. */
  readonly momentum?: number;
  /** Whether the momentum is looked ahead by. Default: false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent: w ← w − η g. With momentum μ, as Keras has it: v ← μ v − η g, then w ← w + v, or with
 * Nesterov's w ← w + μ v − η g.
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
    requireKnownOptions('SGD', options, ['learningRate', 'momentum', 'nesterov']);
    const { learningRate = 0.01, momentum = 0, nesterov = false } = options;
    super({ learningRate });
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
