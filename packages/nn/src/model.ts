// The base of all models: compile, fit, evaluate, predict, summary. What a model computes is its subclass's matter.

import { RandomGenerator, type Shape, TapegradError, type Tensor, type TensorData } from '@tapegrad/core';
import { terminalWidth } from '#terminal';
import { orAsBefore } from './as-before.ts';
import { type Callback, type History, type Logs, toCallbacks, type WatchedModel, watchBy } from './callbacks.ts';
import { inNameOf, requireBoolean, requireFraction, requireKnownOptions, requireWhole, within } from './checks.ts';
import { Layer } from './layer.ts';
import { toLoss } from './losses.ts';
import { toMetrics } from './metrics.ts';
import { type Compilation, KeptFunctions } from './model-functions.ts';
import {
  type CompileOptions,
  type EvaluateOptions,
  type FitOptions,
  fitOptions,
  type ModelOptions,
} from './model-options.ts';
import { type AnyOptimizer, toOptimizer } from './optimizers/by-name.ts';
import { type Examples, type Measures, requireUsed, splitLast, toExamples, toInputs, tryForward } from './preflight.ts';
import { requireProgressOptions } from './progress.ts';
import { show } from './registry.ts';
import { requireAudit } from './shadow-audit.ts';
import { type SummaryOptions, summaryText } from './summary.ts';
import { measure, type Plan, predictRows, train } from './training.ts';

/**
 * A layer that can be trained. {@link Sequential} is the usual one; for other models, make the layers properties of a subclass,
 * and call them by `apply`.
 *
 * ```ts
 * class Residual extends Model {
 *   private readonly inner = new Dense(3, { activation: 'relu' });
 *   private readonly outer = new Dense(1);
 *   override call(inputs: Tensor) {
 *     return this.outer.apply(inputs.add(this.inner.apply(inputs)));
 *   }
 * }
 * const model = new Residual();
 * model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
 * await model.fit([[1, 2, 3]], [6], { verbose: 0 });
 * model.countParams(); // → 16
 * ```
 */
export abstract class Model extends Layer implements WatchedModel {
  /** What the last call of `fit` reported, also where it did not come to its end. */
  history: History | undefined;
  /** Set to true by a callback, training ends after the current batch. */
  stopTraining = false;
  private compiled: Compilation | undefined;
  private fitting = false;
  private functions: KeptFunctions;

  /** @throws TapegradError for options that make no sense. */
  constructor(options: ModelOptions = {}) {
    super(options);
    const { dtype = 'float32' } = options;
    if (dtype !== 'float32' && dtype !== 'float64') {
      throw new TapegradError(this.className, `dtype is ${show(dtype)}. Expected 'float32' or 'float64'.`);
    }
    this.dtype = dtype;
    this.functions = new KeptFunctions(this, undefined, true);
  }

  /**
   * Says how to train.
   *
   * @throws TapegradError for unknown names; the model stays as it was.
   */
  compile(options: CompileOptions): void {
    requireKnownOptions('compile', options, ['optimizer', 'loss', 'metrics', 'jit']);
    const { jit = true } = options;
    requireBoolean('compile', 'jit', jit);
    if (!Array.isArray(options.metrics ?? [])) {
      throw new TapegradError('compile', `metrics is ${show(options.metrics)}. Expected a list, e.g. ['accuracy'].`);
    }
    const loss = toLoss('compile', options.loss);
    const metrics = toMetrics('compile', options.metrics ?? [], loss, ['loss']);
    this.compiled = { optimizer: toOptimizer('compile', options.optimizer), loss, metrics };
    this.functions = new KeptFunctions(this, this.compiled, jit);
  }

  /**
   * Trains. All checks come before the first step: a call that is refused changes nothing. Resolves to what each epoch came to,
   * under Keras's log names: `loss`, `accuracy`, `val_loss`, `val_accuracy`.
   *
   * @param x - `[rows, …]`; plain numbers, or a tensor of the model's dtype. `[rows]` is taken for `[rows, 1]`.
   * @param y - labels as the loss wants them; `[rows]` is taken for `[rows, 1]` where the output is that.
   * @throws TapegradError for a model that is not compiled or is being trained, options out of range, data that do not fit.
   * @throws AnomalyError where `detectAnomaly` finds a NaN or an infinity; the weights are as before that batch.
   * @throws AuditError where `audit` finds a hand-written gradient that is wrong.
   * @throws the signal's reason, once that is aborted.
   */
  async fit(x: Tensor | TensorData, y: Tensor | TensorData, options: FitOptions = {}): Promise<History> {
    const compiled = this.requireCompiled('fit');
    if (this.fitting) {
      throw new TapegradError('fit', 'the model is being trained by an earlier call. Wait for its promise first.');
    }
    requireKnownOptions('fit', options, fitOptions);
    const random = options.seed === undefined ? this.random : within('fit', () => new RandomGenerator(options.seed));
    const plan = this.planOf(compiled, x, y, options);
    this.fitting = true;
    try {
      return await train(this, this.functions.now(), random, plan);
    } catch (error) {
      throw inNameOf('fit', error);
    } finally {
      this.fitting = false;
    }
  }

  /**
   * Loss and metrics on these data, by log name.
   *
   * @throws TapegradError as {@link Model.fit}.
   */
  async evaluate(x: Tensor | TensorData, y: Tensor | TensorData, options: EvaluateOptions = {}): Promise<Logs> {
    const compiled = this.requireCompiled('evaluate');
    const { batchSize, callbacks } = evaluationOf('evaluate', options);
    const examples = orAsBefore([this], () => toExamples('evaluate', this, compiled, x, y));
    watchBy(callbacks, this);
    return measure(this.functions.now(), examples, batchSize, callbacks);
  }

  /**
   * The outputs for these inputs: `[rows, …]`.
   *
   * @throws TapegradError where the inputs do not fit.
   */
  async predict(x: Tensor | TensorData, options: EvaluateOptions = {}): Promise<Tensor> {
    const { batchSize, callbacks } = evaluationOf('predict', options);
    const rows = orAsBefore([this], () => {
      const inputs = toInputs('predict', this, x);
      tryForward('predict', this, inputs);
      return inputs;
    });
    watchBy(callbacks, this);
    return predictRows(this.functions.now(), rows, batchSize, callbacks);
  }

  /**
   * Prints the table of layers, as wide as the terminal is; or gives its text to `print`, as wide as it needs.
   *
   * @throws TapegradError for options that make no sense.
   */
  summary(options: SummaryOptions = {}): void {
    requireKnownOptions('summary', options, ['print']);
    const { print } = options;
    if (print !== undefined && typeof print !== 'function') {
      throw new TapegradError('summary', `print is ${show(print)}. Expected a function.`);
    }
    const rows = this.summaryRows();
    if (print === undefined) console.log(summaryText(this, rows, terminalWidth()));
    else print(summaryText(this, rows));
  }

  /** The optimizer that `compile` was given or made; undefined before. */
  get optimizer(): AnyOptimizer | undefined {
    return this.compiled?.optimizer;
  }

  /** @internal The outputs for a batch. */
  forward(x: Tensor, training: boolean): Tensor {
    return this.apply(x, { training });
  }

  /** The layers and what each gives for one row, as far as that is known. */
  protected summaryRows(): readonly { readonly layer: Layer; readonly outputShape: Shape | undefined }[] {
    return this.layers.map((layer) => ({
      layer,
      outputShape: layer.inputShape && layer.built ? layer.computeOutputShape(layer.inputShape) : undefined,
    }));
  }

  /** @internal A model computes in the dtype that it was made with. */
  protected override get choosesDType(): boolean {
    return true;
  }

  /** @internal Of what went wrong in a layer, that layer's name is enough. */
  protected override inMyName(error: unknown): unknown {
    return error instanceof TapegradError && error.op.startsWith('layer ') ? error : super.inMyName(error);
  }

  private requireCompiled(op: string): Compilation {
    if (this.compiled !== undefined) return this.compiled;
    throw new TapegradError(op, "the model is not compiled. Call compile({ optimizer: 'adam', loss: … }) first.");
  }

  private planOf(measures: Measures, x: Tensor | TensorData, y: Tensor | TensorData, options: FitOptions): Plan {
    requireProgressOptions('fit', options);
    const { batchSize = 32, epochs = 1, initialEpoch = 0, validationSplit = 0, shuffle = true } = options;
    const { validationData, verbose, logEvery, signal, audit, detectAnomaly = false } = options;
    requireWhole('fit', 'batchSize', batchSize, 1);
    requireWhole('fit', 'epochs', epochs, 1);
    requireWhole('fit', 'initialEpoch', initialEpoch, 0);
    if (initialEpoch >= epochs) {
      throw new TapegradError(
        'fit',
        `initialEpoch is ${initialEpoch}, epochs is ${epochs}. Expected more epochs: they are counted from the very first one.`,
      );
    }
    requireFraction('fit', 'validationSplit', validationSplit);
    requireBoolean('fit', 'shuffle', shuffle);
    if (detectAnomaly !== 'NaN' && typeof detectAnomaly !== 'boolean') {
      throw new TapegradError('fit', `detectAnomaly is ${show(detectAnomaly)}. Expected true, false or 'NaN'.`);
    }
    const callbacks = toCallbacks('fit', options.callbacks ?? []);
    // Not by instanceof: a page and its frames have an AbortSignal each.
    if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
      throw new TapegradError('fit', `signal is ${show(signal)}. Expected an AbortSignal.`);
    }
    if (audit !== undefined) requireAudit('fit', audit, this);
    if (validationData !== undefined && !(Array.isArray(validationData) && validationData.length === 2)) {
      throw new TapegradError('fit', `validationData is ${show(validationData)}. Expected [x, y].`);
    }
    const [examples, validation] = orAsBefore([this], (): [Examples, Examples | undefined] => {
      const all = toExamples('fit', this, measures, x, y);
      requireUsed('fit', this, measures, all);
      if (validationData === undefined) return splitLast('fit', all, validationSplit);
      const [xOther, yOther] = validationData;
      return [all, toExamples('fit', this, measures, xOther, yOther, ' of validationData')];
    });
    return {
      examples,
      validation,
      batchSize,
      epochs,
      initialEpoch,
      shuffle,
      callbacks,
      signal,
      audit,
      detectAnomaly,
      verbose,
      logEvery,
    };
  }
}

function evaluationOf(
  op: string,
  options: EvaluateOptions,
): { readonly batchSize: number; readonly callbacks: readonly Callback[] } {
  requireKnownOptions(op, options, ['batchSize', 'callbacks', 'verbose']);
  const { batchSize = 32, verbose = 0 } = options;
  requireWhole(op, 'batchSize', batchSize, 1);
  const callbacks = toCallbacks(op, options.callbacks ?? []);
  if (verbose === 0) return { batchSize, callbacks };
  throw new TapegradError(op, `verbose is ${show(verbose)}. Expected 0: nothing is shown. Print what it resolves to.`);
}
