// What a model is run by: functions from batches, compiled unless that is not wanted or cannot be.

import { noGrad, type Tensor } from '@tapegrad/core';
import { Jit } from './jit.ts';
import type { Checkable, Measures } from './preflight.ts';
import { penalized } from './regularizers.ts';
import { type Measured, withMetrics } from './training-step.ts';

/** The functions of a model; new ones whenever it is compiled. */
export class ModelFunctions {
  private readonly jit: Jit | undefined;
  /** The outputs for a batch. */
  readonly predict: (x: Tensor) => Tensor;
  /** Loss and metrics of a batch. */
  readonly evaluate: (x: Tensor, y: Tensor) => Measured;

  /** @param measures - undefined for a model that was not compiled: it only predicts. */
  constructor(model: Checkable, measures: Measures | undefined, jit: boolean) {
    this.jit = jit ? new Jit() : undefined;
    const predict = (x: Tensor): Tensor => noGrad(() => model.forward(x, false));
    this.predict = this.compiled(predict, warn);
    this.evaluate = this.compiled((x, y) => {
      const { loss, metrics } = measures!;
      const predictions = predict(x);
      return withMetrics(
        noGrad(() => penalized(loss(y, predictions), model.trainableWeights)),
        y,
        predictions,
        metrics,
      );
    }, warn);
  }

  /** The compiled form of a function of this model, where there is one; `warn` is told why there is none. */
  compiled<Args extends Tensor[], Result extends object>(
    f: (...args: Args) => Result,
    warn: (line: string) => void,
  ): (...args: Args) => Result {
    return this.jit === undefined ? f : this.jit.compiled(f, warn);
  }
}

function warn(line: string): void {
  console.warn(line);
}
