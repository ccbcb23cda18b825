// What a model is run by: functions from batches, compiled unless that is not wanted or cannot be.

import { noGrad, type TapeOptions, type Tensor } from '@tapegrad/core';
import { compositionOf, sameComposition } from './composition.ts';
import { Jit } from './jit.ts';
import type { AnyOptimizer } from './optimizers/by-name.ts';
import type { Checkable, Measures } from './preflight.ts';
import { penalized } from './regularizers.ts';
import { type Measured, trainingStep, withMetrics } from './training-step.ts';

/** What a model was compiled to measure, and what it is trained by. */
export interface Compilation extends Measures {
  readonly optimizer: AnyOptimizer;
}

type Step = (x: Tensor, y: Tensor) => Measured;

/** The functions of a model as it was when they were made. */
export class ModelFunctions {
  /** The outputs for a batch. */
  readonly predict: (x: Tensor) => Tensor;
  /** Loss and metrics of a batch. */
  readonly evaluate: Step;
  private readonly compiledStep: Step;
  private readonly stepOf: (tape: TapeOptions) => Step;
  private warnOfStep: (line: string) => void = warn;

  /** @param compilation - undefined for a model that was not compiled: it only predicts. */
  constructor(model: Checkable, compilation: Compilation | undefined, jit: Jit | undefined) {
    const compiled = <Args extends Tensor[], Result extends object>(
      f: (...args: Args) => Result,
      tell: (line: string) => void = warn,
    ): ((...args: Args) => Result) => (jit === undefined ? f : jit.compiled(f, tell));
    const parameters = model.trainableWeights;
    const predict = (x: Tensor): Tensor => noGrad(() => model.forward(x, false));
    this.predict = compiled(predict);
    this.evaluate = compiled((x, y) => {
      const { loss, metrics } = compilation!;
      const predictions = predict(x);
      return withMetrics(
        noGrad(() => penalized(loss(y, predictions), parameters)),
        y,
        predictions,
        metrics,
      );
    });
    this.stepOf = (tape) =>
      trainingStep({ forward: (batch) => model.forward(batch, true), ...compilation!, parameters, tape });
    this.compiledStep = compiled(
      (x, y) => this.stepOf({})(x, y),
      (line) => this.warnOfStep(line),
    );
  }

  /** One step of training, compiled where that can be; `warn` is told where it cannot. */
  step(warn: (line: string) => void): Step {
    this.warnOfStep = warn;
    return this.compiledStep;
  }

  /** One step of training op by op, for what looks at single values. */
  eagerStep(tape: TapeOptions): Step {
    return this.stepOf(tape);
  }
}

/** The functions of a model from one call of `fit`, `evaluate` or `predict` to the next. */
export class KeptFunctions {
  private readonly model: Checkable;
  private readonly compilation: Compilation | undefined;
  private readonly jit: Jit | undefined;
  private kept: { readonly composition: readonly unknown[]; readonly functions: ModelFunctions } | undefined;

  constructor(model: Checkable, compilation: Compilation | undefined, jit: boolean) {
    this.model = model;
    this.compilation = compilation;
    this.jit = jit ? new Jit() : undefined;
  }

  /** Those of the model as it is now: the ones of the call before, unless what they compute by has changed since. */
  now(): ModelFunctions {
    const { model, compilation, jit } = this;
    const composition = compositionOf(model, compilation?.optimizer);
    if (this.kept === undefined || !sameComposition(this.kept.composition, composition)) {
      this.kept = { composition, functions: new ModelFunctions(model, compilation, jit) };
    }
    return this.kept.functions;
  }
}

function warn(line: string): void {
  console.warn(line);
}
