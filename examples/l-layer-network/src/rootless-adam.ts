// Adam as the write-up has it: without the square root.

import type { Tensor } from '@tapegrad/core';
import { Optimizer, type Scalars, type Update } from '@tapegrad/nn';

type Slot = 'm' | 'v';
type Scalar = 'learningRate' | 'correction1' | 'correction2';

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − lr · m̂ / (v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
 *
 * The published Adam divides by √v̂ + ε, so that a step does not depend on the gradient's scale. This one divides by its square: the
 * smaller the gradients, the larger the step, up to lr / (2√ε).
 */
export class RootlessAdam extends Optimizer<Slot, Scalar> {
  readonly beta1 = 0.9;
  readonly beta2 = 0.999;
  readonly epsilon = 1e-8;
  protected override readonly slotNames: readonly Slot[] = ['m', 'v'];

  override scalars(t: number): { readonly [S in Scalar]: number } {
    const [correction1, correction2] = [1 / (1 - this.beta1 ** t), 1 / (1 - this.beta2 ** t)];
    return { learningRate: this.learningRate, correction1, correction2 };
  }

  override update(w: Tensor, g: Tensor, slots: Update<Slot>['slots'], numbers: Scalars<Scalar>): Update<Slot> {
    const m = slots.m.mul(this.beta1).add(g.mul(1 - this.beta1));
    const v = slots.v.mul(this.beta2).add(g.square().mul(1 - this.beta2));
    const [mHat, vHat] = [m.mul(numbers.correction1), v.mul(numbers.correction2)];
    return { value: w.sub(mHat.div(vHat.add(this.epsilon)).mul(numbers.learningRate)), slots: { m, v } };
  }
}
