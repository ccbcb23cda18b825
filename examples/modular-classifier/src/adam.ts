// Adam, written out. What it keeps are parameters, so that a compiled step keeps them too.

import { Parameter, scalar, type Tensor, zerosLike } from '@tapegrad/core';

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − α m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
 *
 * D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1.
 */
export class Adam {
  readonly learningRate: number;
  readonly beta1 = 0.9;
  readonly beta2 = 0.999;
  readonly epsilon = 1e-7;
  /** β₁ᵗ and β₂ᵗ, where t counts the steps. */
  private readonly power1 = new Parameter(scalar(1), 'β₁ᵗ');
  private readonly power2 = new Parameter(scalar(1), 'β₂ᵗ');
  private readonly moments: readonly { readonly w: Parameter; readonly m: Parameter; readonly v: Parameter }[];

  constructor(parameters: readonly Parameter[], learningRate: number) {
    this.learningRate = learningRate;
    this.moments = parameters.map((w) => ({
      w,
      m: new Parameter(zerosLike(w), `m of ${w.name}`),
      v: new Parameter(zerosLike(w), `v of ${w.name}`),
    }));
  }

  /** Takes one step. @param gradients - one for each parameter, in their order. */
  step(gradients: readonly Tensor[]): void {
    const { learningRate, beta1, beta2, epsilon, power1, power2 } = this;
    power1.assign(power1.mul(beta1));
    power2.assign(power2.mul(beta2));
    const [correction1, correction2] = [power1.neg().add(1), power2.neg().add(1)];
    for (const [i, { w, m, v }] of this.moments.entries()) {
      const g = gradients[i]!;
      m.assign(m.mul(beta1).add(g.mul(1 - beta1)));
      v.assign(v.mul(beta2).add(g.square().mul(1 - beta2)));
      const [mHat, vHat] = [m.div(correction1), v.div(correction2)];
      w.assign(w.sub(mHat.mul(learningRate).div(vHat.sqrt().add(epsilon))));
    }
  }
}
