// What is minimised, and what is reported beside it.

import type { Tensor } from '@tapegrad/core';

/** −mean(log p), where p is the probability that each row gives its own class: categorical cross-entropy on integer labels. */
export class CategoricalCrossentropy {
  /** Probabilities below it count as this one, so that a class that is ruled out costs much, not infinitely much. */
  readonly least = 1e-7;

  /**
   * @param probabilities - `[batch, classes]`.
   * @param labels - the class of each row: int32, `[batch]`.
   */
  of(probabilities: Tensor, labels: Tensor): Tensor {
    const p = probabilities.takeAlongAxis(labels.reshape([-1, 1]), 1);
    return p.clip(this.least, 1).log().mean().neg();
  }
}

/** The share of rows whose most probable class is their label. */
export function accuracy(probabilities: Tensor, labels: Tensor): Tensor {
  return probabilities.argmax(1).equal(labels).mean();
}
