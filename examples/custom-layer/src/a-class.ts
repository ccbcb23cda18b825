// The second way: a class, which has weights. It says what it computes; the tape finds the derivative.

import type { Parameter, Shape, Tensor } from '@tapegrad/core';
import { Layer } from '@tapegrad/nn';

/**
 * Of several linear functions of its inputs the greatest, unit by unit: [rows, inputs] → [rows, units].
 *
 * I. J. Goodfellow et al., Maxout Networks, arXiv:1302.4389, equation in section 3.
 */
export class Maxout extends Layer {
  private readonly units: number;
  private readonly pieces: number;
  private kernel!: Parameter;
  private bias!: Parameter;

  constructor(units: number, pieces: number) {
    super();
    this.units = units;
    this.pieces = pieces;
  }

  override build([inputs]: Shape): void {
    this.kernel = this.addWeight('kernel', [inputs!, this.units * this.pieces]);
    this.bias = this.addWeight('bias', [this.units * this.pieces], 'zeros');
  }

  override call(x: Tensor): Tensor {
    return x.matmul(this.kernel).add(this.bias).reshape([-1, this.units, this.pieces]).max(2);
  }
}
