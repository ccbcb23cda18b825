// The making of one weight: its name, its shape, its first value, all checked. Which weights a layer has is in layer.ts.

import {
  type FloatDType,
  Parameter,
  type RandomGenerator,
  type Shape,
  showShape,
  TapegradError,
  Tensor,
} from '@tapegrad/core';
import { requireBoolean, requireKnownOptions } from './checks.ts';
import type { OwnWeight } from './hand-written.ts';
import { type Initializer, type InitializerName, toInitializer } from './initializers.ts';
import { show } from './registry.ts';
import { type Regularizer, type RegularizerName, regularize, toRegularizer } from './regularizers.ts';

export interface WeightOptions {
  /** Whether training changes it. Default: true. */
  readonly trainable?: boolean;
  /** What it costs, added to the loss while it is trained: a name, {@link l2}, or a function of your own. Default: nothing. */
  readonly regularizer?: RegularizerName | Regularizer;
}

/** What a weight is made for. */
export interface WeightOwner {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly random: RandomGenerator;
}

/** @throws TapegradError for what is no name or no shape. */
function requireWeight(name: string, shape: Shape): void {
  if (typeof name !== 'string' || name === '') {
    throw new TapegradError('addWeight', `the name of a weight is ${show(name)}. Expected some letters.`);
  }
  if (Array.isArray(shape)) return;
  throw new TapegradError('addWeight', `the shape of ${name} is ${show(shape)}. Expected a list of lengths, e.g. [3].`);
}

/** @throws TapegradError for what is no name, shape or option, and where the initializer gives another shape. */
export function newWeight(
  owner: WeightOwner,
  name: string,
  shape: Shape,
  initializer: InitializerName | Initializer,
  options: WeightOptions,
): OwnWeight {
  requireWeight(name, shape);
  requireKnownOptions('addWeight', options, ['trainable', 'regularizer']);
  const { trainable = true } = options;
  requireBoolean('addWeight', 'trainable', trainable);
  const regularizer = toRegularizer('addWeight', 'regularizer', options.regularizer);
  const { dtype, random } = owner;
  const value = toInitializer('addWeight', 'initializer', initializer)(shape, random, dtype);
  if (!(value instanceof Tensor) || showShape(value.shape) !== showShape(shape) || value.dtype !== dtype) {
    throw new TapegradError(
      'addWeight',
      `the initializer of ${name} gave ${value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value)}. ` +
        `Expected ${dtype}${showShape(shape)}.`,
    );
  }
  const parameter = new Parameter(value, `${owner.name}/${name}`);
  if (regularizer !== undefined) regularize(parameter, regularizer);
  return { parameter, trainable };
}
