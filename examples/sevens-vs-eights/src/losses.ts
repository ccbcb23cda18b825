// The same loss twice: as the write-up has it, and from the value before the sigmoid.

import { inScope, sigmoidCrossEntropy, sub, type Tensor } from '@tapegrad/core';
import type { Output } from './network.ts';

/** From what a network gives and the labels, both `[1, examples]`, to a number. */
export type Loss = (output: Output, Y: Tensor) => Tensor;

/** −(1/m) Σ (Y log A + (1 − Y) log(1 − A)), operation by operation. */
export const asWritten: Loss = ({ A }, Y) =>
  inScope('loss', () => {
    const logOfA = A.log().named('log A');
    const logOfRest = sub(1, A).named('1 − A').log().named('log(1 − A)');
    const likelihood = Y.mul(logOfA).add(sub(1, Y).mul(logOfRest));
    return likelihood.sum().div(-Y.shape[1]!);
  });

/** The same number out of Z: log(1 + eᶻ) − Y Z, which is finite for any Z. */
export const fromLogits: Loss = ({ Z }, Y) => sigmoidCrossEntropy(Z, Y).mean();
