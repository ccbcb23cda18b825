// The options that every layer takes. Those of one layer are beside it.

import type { Shape } from '@tapegrad/core';
import { requireKnownOptions } from './checks.ts';

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

/** @throws TapegradError for an option that neither this layer nor every layer has. */
export function requireLayerOptions(op: string, options: object, own: readonly string[]): void {
  requireKnownOptions(op, options, [...own, ...layerOptions]);
}
