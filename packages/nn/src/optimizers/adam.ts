// Adam, and Adam with weight decay.

import type { Tensor } from '@tapegrad/core';
import { requireFraction, requireKnownOptions, requireNumber, requireOptions } from '../checks.ts';
import { type ClippingOptions, clippingOptions } from './gradient-clipping.ts';
import { Optimizer, type Scalars, type Update } from './optimizer.ts';

export interface AdamOptions extends ClippingOptions {
  /** α. Default: 0.001. */
  readonly learningRate?: number;
  /** β₁, the decay of the mean of gradients, from 0 up to, not including, 1. Default: 0.9. */
  readonly beta1?: number;
  /** β₂, the decay of the mean of squared gradients, from 0 up to, not including, 1. Default: 0.999. */
  readonly beta2?: number;
  /** ε, added to √v̂. Default: 1e-7, as in Keras; the paper has 1e-8. */
  readonly epsilon?: number;
  /** λ: before each update w ← w − α λ w, biases included ({@link Optimizer.excludeFromWeightDecay}). Default: 0; of AdamW 0.004. */
  readonly weightDecay?: number;
}

type Slot = 'm' | 'v';
type Scalar = 'stepSize' | 'rootScale';

/**
 * Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − α m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
 *
 * D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1. ε stands beside the root of the corrected v̂, as there and in PyTorch.
 * (Keras puts it beside √v: its "epsilon hat" of section 2.)
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2], { dtype: 'float64' }), 'w');
 * new Adam({ learningRate: 0.5, epsilon: 0 }).step([tensor([3, -4], { dtype: 'float64' })], [w]);
 * w.toArray(); // → 0.5,2.5
 * ```
 */
export class Adam extends Optimizer<Slot, Scalar> {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly Slot[] = ['m', 'v'];

  /** @throws TapegradError for options out of range. */
  constructor(options: AdamOptions = {}) {
    const op = new.target.name;
    requireKnownOptions(op, options, ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', ...clippingOptions]);
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, ...others } = options;
    super({ learningRate, ...others });
    requireFraction(op, 'beta1', beta1);
    requireFraction(op, 'beta2', beta2);
    requireNumber(op, 'epsilon', epsilon, '>= 0', (value) => value >= 0);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override scalars(t: number): { readonly [S in Scalar]: number } {
    return {
      stepSize: this.learningRate / (1 - this.beta1 ** t),
      rootScale: 1 / Math.sqrt(1 - this.beta2 ** t),
    };
  }

  override update(
    w: Tensor,
    g: Tensor,
    slots: Update<Slot>['slots'],
    { stepSize, rootScale }: Scalars<Scalar>,
  ): Update<Slot> {
    const m = slots.m.lerp(g, 1 - this.beta1);
    const v = slots.v.mul(this.beta2).addcmul(g, g, { value: 1 - this.beta2 });
    // α m̂ / (√v̂ + ε): the corrections are numbers, so they cost no pass over m and v.
    const denominator = v.sqrt().mul(rootScale).add(this.epsilon);
    return { value: w.sub(m.div(denominator).mul(stepSize)), slots: { m, v } };
  }
}

/**
 * {@link Adam} whose weights decay unless told otherwise: w ← w − α λ w before each update, with λ = 0.004 as in Keras.
 *
 * I. Loshchilov and F. Hutter, arXiv:1711.05101, Algorithm 2, with the schedule η being the learning rate.
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2], { dtype: 'float64' }), 'w');
 * new AdamW({ learningRate: 0.5, weightDecay: 0.1, epsilon: 0 }).step([tensor([3, -4], { dtype: 'float64' })], [w]);
 * w.toArray(); // → 0.44999999999999996,2.4
 * ```
 */
export class AdamW extends Adam {
  /** @throws TapegradError for options out of range. */
  constructor(options: AdamOptions = {}) {
    requireOptions('AdamW', options);
    super({ ...options, weightDecay: options.weightDecay ?? 0.004 });
  }
}
