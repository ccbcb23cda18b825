// One step of training, as a function from a batch. What is around the steps (epochs, logs, batches) is in training.ts.

import { noGrad, type Parameter, Tape, type TapeOptions, type Tensor } from '@tapegrad/core';
import type { LossFunction } from './losses.ts';
import type { Metric } from './metrics.ts';
import type { AnyOptimizer } from './optimizers/by-name.ts';
import { penalized } from './regularizers.ts';

/** What a batch came to, by log name: scalars. */
export type Measured = { readonly [name: string]: Tensor };

/** What a step is made of. */
export interface StepParts {
  readonly forward: (x: Tensor) => Tensor;
  readonly loss: LossFunction;
  readonly metrics: readonly Metric[];
  readonly optimizer: AnyOptimizer;
  readonly parameters: readonly Parameter[];
  readonly tape: TapeOptions;
}

/**
 * The step: forward and loss, with the penalties of weights, on a tape, gradients out of it, and one step of the optimizer. Gives loss
 * and metrics, from the weights before it changed them.
 */
export function trainingStep(parts: StepParts): (x: Tensor, y: Tensor) => Measured {
  const { forward, loss, metrics, optimizer, parameters, tape: options } = parts;
  return (x, y) => {
    const tape = new Tape(options);
    const [predictions, value] = tape.record((): [Tensor, Tensor] => {
      const outputs = forward(x);
      return [outputs, penalized(loss(y, outputs), parameters)];
    });
    const measured = withMetrics(value, y, predictions, metrics);
    // A model without weights to train still has a loss.
    if (parameters.length > 0) optimizer.step(tape.gradient(value, [...parameters]), parameters);
    return measured;
  };
}

/** Loss and metrics of a batch by their log names. */
export function withMetrics(loss: Tensor, y: Tensor, predictions: Tensor, metrics: readonly Metric[]): Measured {
  const entries = metrics.map(({ name, measure }) => [name, noGrad(() => measure(y, predictions))] as const);
  return { loss, ...Object.fromEntries(entries) };
}
