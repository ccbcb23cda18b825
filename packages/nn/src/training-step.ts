// One step of training, as a function from a batch. What is around the steps (epochs, logs, batches) is in training.ts.

import { type Parameter, Tape, type TapeOptions, type Tensor } from '@tapegrad/core';
import type { LossFunction } from './losses.ts';
import type { AnyOptimizer } from './optimizers/by-name.ts';

/** What a step computed, from the weights before it changed them. */
export interface StepResult {
  readonly loss: Tensor;
  readonly predictions: Tensor;
}

/** What a step is made of. */
export interface StepParts {
  readonly forward: (x: Tensor) => Tensor;
  readonly loss: LossFunction;
  readonly optimizer: AnyOptimizer;
  readonly parameters: readonly Parameter[];
  readonly tape: TapeOptions;
}

/** The step: forward and loss on a tape, gradients out of it, and one step of the optimizer. */
export function trainingStep(parts: StepParts): (x: Tensor, y: Tensor) => StepResult {
  const { forward, loss, optimizer, parameters, tape: options } = parts;
  return (x, y) => {
    const tape = new Tape(options);
    const result = tape.record(() => {
      const predictions = forward(x);
      return { predictions, loss: loss(y, predictions) };
    });
    // A model without weights to train still has a loss.
    if (parameters.length > 0) optimizer.step(tape.gradient(result.loss, [...parameters]), parameters);
    return result;
  };
}
