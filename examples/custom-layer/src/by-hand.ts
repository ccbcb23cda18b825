// The fourth way: a layer that brings its backward pass, derived by hand. fit follows it; under audit it is held against the tape first.

import type { Parameter, Shape, Tensor } from '@tapegrad/core';
import { type BackwardContext, type HandWrittenGradients, Layer } from '@tapegrad/nn';

/** How the gradient of the bias is taken together over the rows of a batch: the derivation says by their sum. */
export type BiasRule = 'sum' | 'mean';

/** x W + b, with a derivative of its own. */
export class HandWrittenDense extends Layer {
  private readonly units: number;
  private readonly rule: BiasRule;
  private w!: Parameter;
  private b!: Parameter;

  constructor(units: number, rule: BiasRule) {
    super();
    this.units = units;
    this.rule = rule;
  }

  override build([inputs]: Shape): void {
    this.w = this.addWeight('w', [inputs!, this.units]);
    this.b = this.addWeight('b', [this.units], 'zeros');
  }

  override call(x: Tensor): Tensor {
    return x.matmul(this.w).add(this.b);
  }

  override backward(g: Tensor, { inputs }: BackwardContext): HandWrittenGradients {
    return {
      inputs: g.matmul(this.w.transpose()),
      weights: { w: inputs.transpose().matmul(g), b: this.rule === 'sum' ? g.sum(0) : g.mean(0) },
    };
  }
}
