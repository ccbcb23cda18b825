// The base of all layers: weights, building on first use, names. What layers there are is in `layers/`.

import {
  type FloatDType,
  noGrad,
  Parameter,
  RandomGenerator,
  type Shape,
  showShape,
  TapegradError,
  Tensor,
  zeros,
} from '@tapegrad/core';
import { requireBoolean, requireKnownOptions, requireWhole, within } from './checks.ts';
import { type Initializer, type InitializerName, toInitializer } from './initializers.ts';
import { show } from './registry.ts';

export interface LayerOptions {
  /** Default: the class's name in snake_case, with a number where a model has several: `dense`, `dense_1`. */
  readonly name?: string;
  /** The shape of one row of input. Of use in the first layer of a model, which then is built at once. */
  readonly inputShape?: Shape;
  /** Whether training changes its weights. Default: true. */
  readonly trainable?: boolean;
  /** Starts the layer's own stream of random numbers. Default: one drawn from the model's. */
  readonly seed?: number;
}

/** The names of the options that every layer takes. */
export const layerOptions: readonly string[] = [
  'name',
  'inputShape',
  'trainable',
  'seed',
] satisfies (keyof LayerOptions)[];

export interface CallOptions {
  /** Whether this call is part of training: Dropout drops only then. */
  readonly training: boolean;
}

export interface WeightOptions {
  /** Whether training changes it. Default: true. */
  readonly trainable?: boolean;
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
  private streamSeed: number | undefined;
  private stream: RandomGenerator | undefined;
  private prepared = false;
  private readonly ownWeights: Map<string, { readonly parameter: Parameter; readonly trainable: boolean }> = new Map();

  /** @throws TapegradError for options that make no sense. */
  constructor(options: LayerOptions = {}) {
    const { name, inputShape, trainable = true, seed } = options;
    const op = this.className;
    if (name !== undefined && (typeof name !== 'string' || name === '')) {
      throw new TapegradError(op, `name is ${show(name)}. Expected some letters.`);
    }
    if (inputShape !== undefined) {
      if (!Array.isArray(inputShape)) {
        throw new TapegradError(op, `inputShape is ${show(inputShape)}. Expected the shape of one row, e.g. [30].`);
      }
      for (const length of inputShape) requireWhole(op, `a length in inputShape ${showShape(inputShape)}`, length, 1);
    }
    requireBoolean(op, 'trainable', trainable);
    if (seed !== undefined) this.stream = within(op, () => new RandomGenerator(seed));
    this.givenName = name;
    this.inputShape = inputShape;
    this.trainable = trainable;
    this.streamSeed = seed;
  }

  /** Its name, unique within its model. */
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

  /** The shape of one row of output for rows of this shape. By default found by a call with zeros. */
  computeOutputShape(inputShape: Shape): Shape {
    return noGrad(() => this.apply(zeros([1, ...inputShape], this.dtype))).shape.slice(1);
  }

  /**
   * Adds a weight, inside {@link Layer.build}.
   *
   * @throws TapegradError where the layer has a weight of this name, and where the initializer gives another shape.
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
    const value = toInitializer('addWeight', 'initializer', initializer)(shape, this.random, this.dtype);
    if (!(value instanceof Tensor) || showShape(value.shape) !== showShape(shape) || value.dtype !== this.dtype) {
      throw new TapegradError(
        'addWeight',
        `the initializer of ${name} gave ${value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value)}. ` +
          `Expected ${this.dtype}${showShape(shape)}.`,
      );
    }
    const parameter = new Parameter(value, `${this.name}/${name}`);
    this.ownWeights.set(name, { parameter, trainable: options.trainable ?? true });
    return parameter;
  }

  /** The layers that it is made of: those among its properties, also in arrays. */
  get layers(): readonly Layer[] {
    return Object.values(this)
      .flat()
      .filter((value): value is Layer => value instanceof Layer);
  }

  /** All weights: its own in the order in which they were added, then those of the layers in it. */
  get weights(): readonly Parameter[] {
    return [
      ...Array.from(this.ownWeights.values(), ({ parameter }) => parameter),
      ...this.layers.flatMap((layer) => layer.weights),
    ];
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly Parameter[] {
    if (!this.trainable) return [];
    const own = [...this.ownWeights.values()].filter(({ trainable }) => trainable);
    return [...own.map(({ parameter }) => parameter), ...this.layers.flatMap((layer) => layer.trainableWeights)];
  }

  /** The weights that training leaves alone. */
  get nonTrainableWeights(): readonly Parameter[] {
    const trainable = new Set(this.trainableWeights);
    return this.weights.filter((weight) => !trainable.has(weight));
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
    try {
      const out = this.call(inputs, options);
      if (out instanceof Tensor) return out;
      throw new TapegradError('call', `returned ${show(out)}. Expected a tensor.`);
    } catch (error) {
      throw this.inMyName(error);
    }
  }

  /** @internal Makes the weights for rows of this shape, once. */
  buildFor(inputShape: Shape): void {
    if (this.built) return;
    const undo = this.undoBuild();
    try {
      this.prepareLayers();
      this.build(inputShape);
      this.prepareLayers(); // for layers that `build` made
    } catch (error) {
      undo();
      throw this.inMyName(error);
    }
    this.inputShape = inputShape;
    this.built = true;
  }

  /** @internal What makes the layers that are not built yet, this one and those in it, unbuilt again. */
  undoBuild(): () => void {
    const unbuilt = this.layers.map((layer) => layer.undoBuild());
    if (!this.built) unbuilt.push(this.resetter());
    return () => {
      for (const reset of unbuilt) reset();
    };
  }

  private resetter(): () => void {
    const { inputShape, prepared, dtype } = this;
    return () => {
      this.ownWeights.clear();
      Object.assign(this, { built: false, inputShape, dtype });
      this.prepared = prepared;
      // The stream begins again, so that the next attempt draws what this one drew.
      this.stream = this.streamSeed === undefined ? undefined : new RandomGenerator(this.streamSeed);
    };
  }

  /** @internal Takes dtype and random numbers from the model. The first model that asks is the one. */
  prepare({ dtype, random }: Surroundings): void {
    if (this.prepared) return;
    this.prepared = true;
    this.dtype = dtype;
    // A stream each: what one layer draws does not depend on the others.
    const seed = Math.floor(random.next() * 2 ** 32);
    this.streamSeed ??= seed;
    this.stream ??= new RandomGenerator(this.streamSeed);
  }

  /** @internal Takes a name that none of `taken` has, unless the user gave one. */
  chooseName(taken: ReadonlySet<string>): void {
    if (this.givenName !== undefined || this.built) return;
    const base = snakeCase(this.className) || 'layer';
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
    this.chosenName = name;
  }

  /** @internal Gives the layers in it their names, dtype and streams, where they have none yet. */
  protected prepareLayers(): void {
    const taken = new Set<string>();
    for (const layer of this.layers) {
      layer.chooseName(taken);
      taken.add(layer.name);
      layer.prepare({ dtype: this.dtype, random: this.random });
    }
  }

  /** @internal An error as this layer's. */
  protected inMyName(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    // A layer's own complaint needs no other name than the layer's; an op's keeps its name.
    const own = error instanceof TapegradError && (error.op === 'call' || error.op === 'build');
    const message = own ? error.message.slice(`${error.op}: `.length) : error.message;
    return new TapegradError(`layer ${this.name} (${this.className})`, message, { cause: error });
  }
}

/** @throws TapegradError for an option that neither this layer nor every layer has. */
export function requireLayerOptions(op: string, options: object, own: readonly string[]): void {
  requireKnownOptions(op, options, [...own, ...layerOptions]);
}

/** `BatchNormalization` → `batch_normalization`, as Keras names layers. */
export function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
