// What a compiled function has taken from JavaScript once, so that it can be seen to be out of date.

import { type Parameter, Tensor } from '@tapegrad/core';
import { type Restorable, withInner } from './as-before.ts';

/** A model, as far as it is compared with itself earlier. */
export interface Composed extends Restorable {
  readonly trainableWeights: readonly Parameter[];
}

/** Properties of layers and models that tell how far they are, not what they compute. */
const passingOfLayers: readonly string[] = ['built', 'prepared', 'stopTraining', 'fitting'];

/** Those of optimizers: a compiled step is fed what it makes of them before each run. */
const passingOfOptimizers: readonly string[] = ['learningRate', 'iterations'];

/**
 * A list of what a model computes by: its layers, the numbers, texts, switches, functions and tensors among their properties and those of
 * the optimizer, and the weights that are trained. Two lists with the same entries stand for the same computation.
 */
export function compositionOf(model: Composed, optimizer: object | undefined): readonly unknown[] {
  const layers = withInner<Restorable>([model]);
  return [
    ...layers.flatMap((layer) => [layer, ...settingsOf(layer, passingOfLayers)]),
    ...settingsOf(optimizer ?? {}, passingOfOptimizers),
    ...model.trainableWeights,
  ];
}

/** Whether two such lists have the same entries. */
export function sameComposition(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((entry, i) => Object.is(entry, b[i]));
}

function settingsOf(holder: object, passing: readonly string[]): readonly unknown[] {
  const settings = Object.entries(holder).filter(([name, value]) => !passing.includes(name) && isSetting(value));
  return settings.flat();
}

function isSetting(value: unknown): boolean {
  return ['number', 'string', 'boolean', 'function'].includes(typeof value) || value instanceof Tensor;
}
