// The model that is a list of layers.

import { type Shape, TapegradError, type Tensor } from '@tapegrad/core';
import { orAsBefore } from './as-before.ts';
import { requireRowShape, requireTensor } from './checks.ts';
import { type CallOptions, Layer } from './layer.ts';
import { namesFor, requireDifferentNames } from './layer-names.ts';
import { requireLayerOptions } from './layer-options.ts';
import { Model } from './model.ts';
import type { ModelOptions } from './model-options.ts';
import { show } from './registry.ts';

/**
 * Layers one after the other. Its weights exist as soon as the first layer knows its `inputShape`, otherwise from the first data on.
 *
 * ```ts
 * const model = new Sequential([new Dense(8, { activation: 'relu', inputShape: [2] }), new Dense(1, { activation: 'sigmoid' })]);
 * model.compile({ optimizer: new Adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
 * const { history } = await model.fit(x, [0, 1, 1, 0], { epochs: 5, verbose: 0 });
 * history.loss?.length; // → 5
 * (await model.predict(x)).shape; // → 4,1
 * ```
 */
export class Sequential extends Model {
  static readonly className: string = 'Sequential';
  private list: readonly Layer[] = [];
  private outputShape: Shape | undefined;

  /** @throws TapegradError for what is no layer, names that come twice, and layers that do not fit. */
  constructor(layers: readonly Layer[] = [], options: ModelOptions = {}) {
    requireLayerOptions('Sequential', options, ['dtype']);
    super(options);
    if (!Array.isArray(layers)) {
      throw new TapegradError('Sequential', `layers is ${show(layers)}. Expected a list of layers.`);
    }
    this.append('Sequential', layers);
  }

  override get layers(): readonly Layer[] {
    // The base class asks before this class has its list.
    return this.list ?? [];
  }

  /**
   * Adds a layer at the end.
   *
   * @throws TapegradError as the constructor; the model and the layer stay as they were.
   */
  add(layer: Layer): void {
    this.append('add', [layer]);
  }

  /**
   * Makes the weights for rows of this shape, by default the `inputShape` of the model or its first layer.
   *
   * @throws TapegradError where there is no shape, or where a layer does not take what the one before it gives; the model stays as it was.
   */
  override build(inputShape: Shape | undefined = this.inputShape ?? this.list[0]?.inputShape): void {
    if (this.built) return;
    if (this.list.length === 0) throw new TapegradError('build', 'the model has no layers. Add one first.');
    if (inputShape === undefined) {
      throw new TapegradError('build', 'no layer has an inputShape. Give it: build([30]).');
    }
    requireRowShape('build', inputShape);
    orAsBefore([this], () => {
      this.prepareLayers();
      this.outputShape = this.list.reduce(outputOf, inputShape);
      this.inputShape = inputShape;
      this.built = true;
    });
  }

  override call(inputs: Tensor, options: CallOptions = { training: false }): Tensor {
    requireTensor('call', 'inputs', inputs);
    if (!this.built) this.build(inputs.shape.slice(1));
    return this.list.reduce((x, layer) => layer.apply(x, options), inputs);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return this.list.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  }

  private append(op: string, layers: readonly Layer[]): void {
    const list = [...this.list];
    for (const layer of layers) {
      this.requireFit(op, layer, list);
      list.push(layer);
    }
    requireDifferentNames(op, namesFor(list));
    if (layers.length === 0) return;
    orAsBefore([this, ...layers], () => {
      this.list = list;
      this.prepareLayers();
      if (this.outputShape !== undefined) this.outputShape = layers.reduce(outputOf, this.outputShape);
      else if ((this.inputShape ?? list[0]!.inputShape) !== undefined) this.build();
    });
  }

  /** @throws TapegradError for what is no layer that can stand after these. */
  private requireFit(op: string, layer: Layer, list: readonly Layer[]): void {
    if (!(layer instanceof Layer)) {
      throw new TapegradError(op, `layer ${list.length} is ${show(layer)}. Expected a layer, e.g. new Dense(1).`);
    }
    if (layer === this || isIn(this, layer)) {
      throw new TapegradError(op, `the model ${this.name} would contain itself. Make another one.`);
    }
    if (list.includes(layer)) {
      throw new TapegradError(op, `the layer ${layer.name} is in the model already. Make another one.`);
    }
  }
}

function isIn(model: Layer, layer: Layer): boolean {
  return layer.layers.some((inner) => inner === model || isIn(model, inner));
}

function outputOf(inputShape: Shape, layer: Layer): Shape {
  layer.buildFor(inputShape);
  return layer.computeOutputShape(inputShape);
}
