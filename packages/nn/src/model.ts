// The base of all models: compile, fit, evaluate, predict, summary. What a model computes is its subclass's matter.

import {
  type FloatDType,
  RandomGenerator,
  type Shape,
  TapegradError,
  type Tensor,
  type TensorData,
} from '@tapegrad/core';
import { Callback, type History, type Logs, type WatchedModel } from './callbacks.ts';
import { inNameOf, requireBoolean, requireFraction, requireKnownOptions, requireWhole, within } from './checks.ts';
import { Layer, type LayerOptions } from './layer.ts';
import { type LossFunction, type LossName, toLoss } from './losses.ts';
import { type MetricFunction, type MetricName, toMetrics } from './metrics.ts';
import { type AnyOptimizer, type OptimizerName, toOptimizer } from './optimizers/by-name.ts';
import { type Examples, type Measures, requireUsed, toExamples, toInputs, tryForward } from './preflight.ts';
import { type ProgressOptions, requireProgressOptions } from './progress.ts';
import { show } from './registry.ts';
import { type SummaryOptions, summaryText } from './summary.ts';
import { measure, type Plan, predictRows, train } from './training.ts';

export interface ModelOptions extends LayerOptions {
  /** The dtype of weights and of computation. Default: float32. */
  readonly dtype?: FloatDType;
}

export interface CompileOptions {
  readonly optimizer: OptimizerName | AnyOptimizer;
  readonly loss: LossName | LossFunction;
  readonly metrics?: readonly (MetricName | MetricFunction)[];
}

export interface BatchOptions {
  /** Rows in a batch; the last one may have fewer. Default: 32. */
  readonly batchSize?: number;
}

export interface FitOptions extends BatchOptions, ProgressOptions {
  /** Epochs until the end, counted from the very first one. Default: 1. */
  readonly epochs?: number;
  /** How many of them were trained before. Default: 0. */
  readonly initialEpoch?: number;
  /** Inputs and labels to report on after each epoch. */
  readonly validationData?: readonly [x: Tensor | TensorData, y: Tensor | TensorData];
  /** The share of rows, the last ones, that is kept for validation where `validationData` is not given. Default: 0. */
  readonly validationSplit?: number;
  /** Whether the rows are put in another order for each epoch. Default: true. */
  readonly shuffle?: boolean;
  /** Starts the random order. Default: it is drawn from the model's own stream. */
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** Ends training after the current batch. */
  readonly signal?: AbortSignal;
}

const fitOptions = [
  ...['batchSize', 'epochs', 'initialEpoch', 'validationData', 'validationSplit', 'shuffle', 'seed'],
  ...['verbose', 'logEvery', 'callbacks', 'signal'],
];

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
  /** Set to true by a callback, training ends after the current epoch. */
  stopTraining = false;
  private compiled: (Measures & { readonly optimizer: AnyOptimizer }) | undefined;
  private training = false;

  /** @throws TapegradError for options that make no sense. */
  constructor(options: ModelOptions = {}) {
    const { dtype = 'float32', ...rest } = options;
    super(rest);
    if (dtype !== 'float32' && dtype !== 'float64') {
      throw new TapegradError(this.className, `dtype is ${show(dtype)}. Expected 'float32' or 'float64'.`);
    }
    this.dtype = dtype;
  }

  /**
   * Says how to train.
   *
   * @throws TapegradError for unknown names; the model stays as it was.
   */
  compile(options: CompileOptions): void {
    requireKnownOptions('compile', options, ['optimizer', 'loss', 'metrics']);
    if (!Array.isArray(options.metrics ?? [])) {
      throw new TapegradError('compile', `metrics is ${show(options.metrics)}. Expected a list, e.g. ['accuracy'].`);
    }
    const loss = toLoss('compile', options.loss);
    const metrics = toMetrics('compile', options.metrics ?? [], loss, ['loss']);
    this.compiled = { optimizer: toOptimizer('compile', options.optimizer), loss, metrics };
  }

  /**
   * Trains. All checks come before the first step: a call that is refused changes nothing. Resolves to what each epoch came to,
   * under Keras's log names: `loss`, `accuracy`, `val_loss`, `val_accuracy`.
   *
   * @param x - `[rows, …]`; plain numbers, or a tensor of the model's dtype. `[rows]` is taken for `[rows, 1]`.
   * @param y - labels as the loss wants them; `[rows]` is taken for `[rows, 1]` where the output is that.
   * @throws TapegradError for a model that is not compiled or is being trained, options out of range, data that do not fit.
   * @throws the signal's reason, once that is aborted.
   */
  async fit(x: Tensor | TensorData, y: Tensor | TensorData, options: FitOptions = {}): Promise<History> {
    const compiled = this.requireCompiled('fit');
    if (this.training) {
      throw new TapegradError('fit', 'the model is being trained by an earlier call. Wait for its promise first.');
    }
    const random = options.seed === undefined ? this.random : within('fit', () => new RandomGenerator(options.seed));
    const plan = this.planOf(compiled, x, y, options);
    this.training = true;
    try {
      return await train(this, compiled, random, plan);
    } catch (error) {
      throw inNameOf('fit', error);
    } finally {
      this.training = false;
    }
  }

  /**
   * Loss and metrics on these data, by log name.
   *
   * @throws TapegradError as {@link Model.fit}.
   */
  async evaluate(x: Tensor | TensorData, y: Tensor | TensorData, options: BatchOptions = {}): Promise<Logs> {
    const compiled = this.requireCompiled('evaluate');
    requireKnownOptions('evaluate', options, ['batchSize']);
    const { batchSize = 32 } = options;
    requireWhole('evaluate', 'batchSize', batchSize, 1);
    const examples = this.orUnbuilt(() => toExamples('evaluate', this, compiled, x, y));
    return measure(this, compiled, examples, batchSize);
  }

  /**
   * The outputs for these inputs: `[rows, …]`.
   *
   * @throws TapegradError where the inputs do not fit.
   */
  async predict(x: Tensor | TensorData, options: BatchOptions = {}): Promise<Tensor> {
    requireKnownOptions('predict', options, ['batchSize']);
    const { batchSize = 32 } = options;
    requireWhole('predict', 'batchSize', batchSize, 1);
    const rows = this.orUnbuilt(() => {
      const inputs = toInputs('predict', this, x);
      tryForward('predict', this, inputs);
      return inputs;
    });
    return predictRows(this, rows, batchSize);
  }

  /** Prints the table of layers, or gives its text to `print`. */
  summary({ print = console.log }: SummaryOptions = {}): void {
    print(summaryText(this, this.summaryRows()));
  }

  /** @internal `call`, after building where that was not done. */
  forward(x: Tensor, training: boolean): Tensor {
    if (!this.built) this.buildFor(x.shape.slice(1));
    return this.call(x, { training });
  }

  /** The layers and what each gives for one row, as far as that is known. */
  protected summaryRows(): readonly { readonly layer: Layer; readonly outputShape: Shape | undefined }[] {
    return this.layers.map((layer) => ({
      layer,
      outputShape: layer.inputShape && layer.built ? layer.computeOutputShape(layer.inputShape) : undefined,
    }));
  }

  /** @internal Of what went wrong in a layer, that layer's name is enough. */
  protected override inMyName(error: unknown): unknown {
    return error instanceof TapegradError && error.op.startsWith('layer ') ? error : super.inMyName(error);
  }

  private requireCompiled(op: string): NonNullable<typeof this.compiled> {
    if (this.compiled !== undefined) return this.compiled;
    throw new TapegradError(op, "the model is not compiled. Call compile({ optimizer: 'adam', loss: … }) first.");
  }

  /** Runs checks that may build the model; where they fail, what they built goes. */
  private orUnbuilt<T>(check: () => T): T {
    const undo = this.undoBuild();
    try {
      return check();
    } catch (error) {
      undo();
      throw error;
    }
  }

  private planOf(measures: Measures, x: Tensor | TensorData, y: Tensor | TensorData, options: FitOptions): Plan {
    requireKnownOptions('fit', options, fitOptions);
    requireProgressOptions('fit', options);
    const { batchSize = 32, epochs = 1, initialEpoch = 0, validationSplit = 0, shuffle = true } = options;
    const { callbacks = [], validationData, verbose, logEvery, signal } = options;
    requireWhole('fit', 'batchSize', batchSize, 1);
    requireWhole('fit', 'epochs', epochs, 1);
    requireWhole('fit', 'initialEpoch', initialEpoch, 0);
    requireFraction('fit', 'validationSplit', validationSplit);
    requireBoolean('fit', 'shuffle', shuffle);
    requireCallbacks(callbacks);
    if (validationData !== undefined && !(Array.isArray(validationData) && validationData.length === 2)) {
      throw new TapegradError('fit', `validationData is ${show(validationData)}. Expected [x, y].`);
    }
    const [examples, validation] = this.orUnbuilt((): [Examples, Examples | undefined] => {
      const all = toExamples('fit', this, measures, x, y);
      requireUsed('fit', this, measures, all, this.trainableWeights);
      if (validationData === undefined) return splitLast(all, validationSplit);
      const [xOther, yOther] = validationData;
      return [all, toExamples('fit', this, measures, xOther, yOther, ' of validationData')];
    });
    return { examples, validation, batchSize, epochs, initialEpoch, shuffle, callbacks, signal, verbose, logEvery };
  }
}

function requireCallbacks(callbacks: readonly Callback[]): void {
  const bad = Array.isArray(callbacks) ? callbacks.find((callback) => !(callback instanceof Callback)) : callbacks;
  if (bad === undefined) return;
  throw new TapegradError('fit', `callbacks has ${show(bad)}. Expected a list of instances of Callback.`);
}

/** All rows but the last ones, and these; as Keras cuts them, before any shuffling. */
function splitLast({ x, y }: Examples, share: number): [Examples, Examples | undefined] {
  if (share === 0) return [{ x, y }, undefined];
  const at = Math.floor(x.count * (1 - share));
  if (at === 0 || at === x.count) {
    throw new TapegradError(
      'fit',
      `validationSplit is ${share}, which cuts ${x.count} rows into ${at} and ${x.count - at}. Expected at least one row in each part.`,
    );
  }
  return [
    { x: x.between(0, at), y: y.between(0, at) },
    { x: x.between(at, x.count), y: y.between(at, y.count) },
  ];
}
