// The base of all layers: weights, building on first use, names. What layers there are is in `layers/`.

import {
  type FloatDType,
  inScope,
  noGrad,
  type Parameter,
  RandomGenerator,
  type Shape,
  showShape,
  TapegradError,
  Tensor,
  zeros,
} from '@tapegrad/core';
import { watch } from './applied-layers.ts';
import { orAsBefore } from './as-before.ts';
import { requireBoolean, requireOptions, requireRowShape, within } from './checks.ts';
import { type BackwardContext, callByHand, type HandWrittenGradients, type OwnWeight } from './hand-written.ts';
import type { Initializer, InitializerName } from './initializers.ts';
import { inNameOfLayer, namesFor, requireDifferentNames } from './layer-names.ts';
import type { LayerOptions } from './layer-options.ts';
import { newWeight, type WeightOptions } from './new-weight.ts';
import { show, snakeCase } from './registry.ts';
import { penaltiesOf } from './regularizers.ts';
import { assignAll, valuesOf, type WeightValue } from './weight-values.ts';

export interface CallOptions {
  /** Whether this call is part of training: Dropout drops only then. */
  readonly training: boolean;
}

/** What a model gives its layers before they are built. */
export interface Surroundings {
  readonly dtype: FloatDType;
  readonly random: RandomGenerator;
}

/**
 * A step of a model, with its weights. A layer of your own says how it is built and what it computes; derivatives come from the tape.
 *
 * Shapes are those of one row: without the batch axis. `call` is given the whole batch.
 *
 * ```ts
 * class Scale extends Layer {
 *   private factor!: Parameter;
 *   override build(inputShape: Shape) {
 *     this.factor = this.addWeight('factor', inputShape, 'ones');
 *   }
 *   override call(inputs: Tensor) {
 *     return inputs.mul(this.factor);
 *   }
 * }
 * new Scale().apply(tensor([[1, 2]])).toArray(); // → 1,2
 * ```
 */
export abstract class Layer {
  /** Whether training changes its weights and those of the layers in it. */
  trainable: boolean;
  /** Whether the weights exist. */
  built = false;
  /** The shape of one row of input; undefined before it is known. */
  inputShape: Shape | undefined;
  /** The dtype of its weights, which a model decides. */
  dtype: FloatDType = 'float32';
  private readonly givenName: string | undefined;
  private chosenName: string | undefined;
  private path: string | undefined;
  private streamSeed: number | undefined;
  private stream: RandomGenerator | undefined;
  private prepared = false;
  private ownWeights: ReadonlyMap<string, OwnWeight> = new Map();

  /** @throws TapegradError for options that make no sense. */
  constructor(options: LayerOptions = {}) {
    const op = this.className;
    requireOptions(op, options);
    const { name, inputShape, trainable = true, seed } = options;
    if (name !== undefined && (typeof name !== 'string' || name === '')) {
      throw new TapegradError(op, `name is ${show(name)}. Expected some letters.`);
    }
    if (inputShape !== undefined) requireRowShape(op, inputShape);
    requireBoolean(op, 'trainable', trainable);
    if (seed !== undefined) this.stream = within(op, () => new RandomGenerator(seed));
    this.givenName = name;
    this.inputShape = inputShape;
    this.trainable = trainable;
    this.streamSeed = seed;
  }

  /** Its name, another one than those of the layers beside it; layers that were built apart keep theirs. */
  get name(): string {
    return this.givenName ?? this.chosenName ?? snakeCase(this.className);
  }

  /** The name of its class. Layers of this library have it as a static property too, as minifiers rename classes. */
  get className(): string {
    const own = this.constructor as { readonly name: string; readonly className?: string };
    return Object.hasOwn(own, 'className') ? own.className! : own.name;
  }

  /** Its own random numbers: for its weights, and for what it draws in a call. */
  protected get random(): RandomGenerator {
    this.stream ??= new RandomGenerator(this.streamSeed);
    return this.stream;
  }

  /** Makes the weights, by {@link Layer.addWeight}. Called once, before the first call, with the shape of one row of input. */
  build(_inputShape: Shape): void {}

  /** The layer's function: from a batch of inputs `[rows, …]` its outputs `[rows, …]`. Anything that core can differentiate. */
  abstract call(inputs: Tensor, options: CallOptions): Tensor;

  /**
   * The gradient of {@link Layer.call} by hand, where a layer brings one: then it is what training follows, in place of the tape's.
   * `fit(x, y, { audit: { every: 10 } })` holds it against that.
   *
   * @param g - the derivative of the loss by the outputs, of their shape.
   */
  backward?(g: Tensor, context: BackwardContext): HandWrittenGradients;

  /** The shape of one row of output for rows of this shape. By default found by a call with zeros. */
  computeOutputShape(inputShape: Shape): Shape {
    return noGrad(() => this.apply(zeros([1, ...inputShape], this.dtype))).shape.slice(1);
  }

  /**
   * Adds a weight, inside {@link Layer.build}. The parameter is named after the layer and those that it is in, the outermost, which is
   * the model, left out: `dense/kernel`, `block/dense/kernel`.
   *
   * @throws TapegradError where the layer has a weight of this name, where the initializer gives another shape, and for what is no
   * name, shape or option.
   */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: InitializerName | Initializer = 'glorotUniform',
    options: WeightOptions = {},
  ): Parameter {
    if (this.ownWeights.has(name)) {
      throw new TapegradError('addWeight', `there is a weight ${name} already. Give each weight a name of its own.`);
    }
    const owner = { name: this.path ?? this.name, dtype: this.dtype, random: this.random };
    const weight = newWeight(owner, name, shape, initializer, options);
    this.ownWeights = new Map([...this.ownWeights, [name, weight]]);
    return weight.parameter;
  }

  /** The layers that it is made of: those among its properties, also in arrays, each once. */
  get layers(): readonly Layer[] {
    const values = Object.values(this).flat();
    return unique(values.filter((value): value is Layer => value instanceof Layer));
  }

  /** All weights: its own in the order in which they were added, then those of the layers in it. */
  get weights(): readonly Parameter[] {
    const own = Array.from(this.ownWeights.values(), ({ parameter }) => parameter);
    return unique([...own, ...this.layers.flatMap((layer) => layer.weights)]);
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly Parameter[] {
    if (!this.trainable) return [];
    const own = [...this.ownWeights.values()].filter(({ trainable }) => trainable);
    return unique([
      ...own.map(({ parameter }) => parameter),
      ...this.layers.flatMap((layer) => layer.trainableWeights),
    ]);
  }

  /** The weights that training leaves alone. */
  get nonTrainableWeights(): readonly Parameter[] {
    const trainable = new Set(this.trainableWeights);
    return this.weights.filter((weight) => !trainable.has(weight));
  }

  /** What the regularizers of its trainable weights come to now; `fit` and `evaluate` add them to the loss. */
  get losses(): readonly Tensor[] {
    return penaltiesOf(this.trainableWeights);
  }

  /** The values of {@link Layer.weights}, in that order: tensors that stay as they are while training goes on. */
  getWeights(): readonly Tensor[] {
    return valuesOf(this.weights);
  }

  /**
   * Replaces the values of {@link Layer.weights}, in that order; all are checked before the first one is replaced.
   *
   * @param values - tensors, nested lists, or flat typed arrays.
   * @throws TapegradError where there are more or fewer of them, or where a shape or dtype differs.
   */
  setWeights(values: readonly WeightValue[]): void {
    assignAll('setWeights', this, values);
  }

  /** How many numbers its weights have. */
  countParams(): number {
    return this.weights.reduce((total, weight) => total + weight.size, 0);
  }

  /**
   * Builds the layer if that was not done yet, and calls it. This is how a layer uses another one.
   *
   * @throws TapegradError for whatever goes wrong in `build` or `call`, under the layer's name.
   */
  apply(inputs: Tensor, options: CallOptions = { training: false }): Tensor {
    if (!(inputs instanceof Tensor)) {
      throw this.inMyName(new TapegradError('call', `got ${show(inputs)}. Expected a tensor, e.g. tensor([[1, 2]]).`));
    }
    if (!this.built) this.buildFor(inputs.shape.slice(1));
    watch(this);
    try {
      const out = inScope(this.name, () =>
        this.backward === undefined ? this.call(inputs, options) : callByHand(this, this.ownWeights, inputs, options),
      );
      if (out instanceof Tensor) return out;
      throw new TapegradError('call', `returned ${show(out)}. Expected a tensor.`);
    } catch (error) {
      throw this.inMyName(error);
    }
  }

  /**
   * @internal Makes the weights for rows of this shape, once.
   *
   * @throws TapegradError where that cannot be, with the layer as it was; and where one that was built before does not take such rows.
   */
  buildFor(inputShape: Shape): void {
    const differs = this.inputShape !== undefined && showShape(this.inputShape) !== showShape(inputShape);
    if (this.built) {
      // Many layers take rows of several shapes: whether this one does, a call says.
      if (differs) noGrad(() => this.apply(zeros([1, ...inputShape], this.dtype)));
      return;
    }
    if (differs) {
      const shapes = `got rows of shape ${showShape(inputShape)}, inputShape is ${showShape(this.inputShape!)}`;
      throw this.inMyName(new TapegradError('build', `${shapes}. Make them agree, or leave inputShape out.`));
    }
    try {
      orAsBefore([this], () => {
        this.prepareLayers();
        this.build(inputShape);
        this.prepareLayers(); // for layers that `build` made
      });
    } catch (error) {
      throw this.inMyName(error);
    }
    this.inputShape = inputShape;
    this.built = true;
  }

  /** @internal Whether its dtype was decided by itself, not by the model that it is in. */
  protected get choosesDType(): boolean {
    return this.built;
  }

  /** @internal Takes dtype and random numbers from the model. The first model that asks is the one. */
  prepare({ dtype, random }: Surroundings): void {
    if ((this.prepared || this.choosesDType) && this.dtype !== dtype) {
      const dtypes = `is ${this.dtype}, what it is in ${dtype}`;
      throw this.inMyName(
        new TapegradError('build', `${dtypes}. Make both with the same dtype, e.g. { dtype: '${dtype}' }.`),
      );
    }
    if (this.prepared) return;
    this.prepared = true;
    this.dtype = dtype;
    // A stream each: what one layer draws does not depend on the others.
    const seed = Math.floor(random.next() * 2 ** 32);
    this.streamSeed ??= seed;
    this.stream ??= new RandomGenerator(this.streamSeed);
  }

  /** @internal The name that it keeps: the user's, or the one that it was built under. */
  get keptName(): string | undefined {
    return this.givenName ?? (this.built ? this.name : undefined);
  }

  /** @internal Takes a name, beside others in the layer of this path; undefined where that is in none itself. */
  takeName(name: string, outerPath: string | undefined): void {
    if (this.built) return; // its weights bear the one that it has
    this.chosenName = name;
    this.path = outerPath === undefined ? name : `${outerPath}/${name}`;
  }

  /** @internal Gives the layers in it their names, dtype and streams, where they have none yet. */
  protected prepareLayers(): void {
    const { layers, dtype, random, path } = this;
    requireDifferentNames(
      'build',
      layers.flatMap(({ givenName }) => givenName ?? []),
    );
    const names = namesFor(layers);
    layers.forEach((layer, i) => {
      layer.takeName(names[i]!, path);
      layer.prepare({ dtype, random });
    });
  }

  /** @internal An error as this layer's. */
  protected inMyName(error: unknown): unknown {
    return inNameOfLayer(this, error);
  }
}

/** What several layers share counts once. */
function unique<T>(list: readonly T[]): readonly T[] {
  return [...new Set(list)];
}
