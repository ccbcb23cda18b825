// The networks of the write-up: sigmoid in every layer.

import { inScope, Parameter, RandomGenerator, type Tensor, zeros } from '@tapegrad/core';

/** A layer's weights: W `[outputs, inputs]`, b `[outputs, 1]`. */
interface Weights {
  readonly W: Parameter;
  readonly b: Parameter;
}

/** What a network makes of examples: before and after the last sigmoid, `[1, examples]`. */
export interface Output {
  readonly Z: Tensor;
  readonly A: Tensor;
}

/** Layers of any sizes, the inputs first. W is 0.1 · N(0, 1) at first, b is 0. */
export class SigmoidNetwork {
  readonly sizes: readonly number[];
  readonly weights: readonly Weights[];

  constructor(sizes: readonly number[], seed: number) {
    const random = new RandomGenerator(seed);
    this.sizes = sizes;
    this.weights = sizes.slice(1).map((outputs, i) => ({
      W: new Parameter(random.normal([outputs, sizes[i]!], 0, 0.1), `W${i + 1}`),
      b: new Parameter(zeros([outputs, 1]), `b${i + 1}`),
    }));
  }

  /** `784–10–5–1`. */
  get name(): string {
    return this.sizes.join('–');
  }

  /** @param X - `[inputs, examples]`. */
  forward(X: Tensor): Output {
    let [Z, A] = [X, X];
    for (const [i, { W, b }] of this.weights.entries()) {
      const l = i + 1;
      inScope(String(l), () => {
        Z = W.matmul(A).add(b).named(`Z${l}`);
        A = Z.sigmoid().named(`A${l}`);
      });
    }
    return { Z, A };
  }
}
