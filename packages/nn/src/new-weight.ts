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
import { type Initializer, type InitializerName, toInitializer } from './initializers.ts';
import { show } from './registry.ts';

/** What a weight is made for. */
export interface WeightOwner {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly random: RandomGenerator;
}

/** @throws TapegradError for what is no name or no shape. */
export function requireWeight(name: string, shape: Shape): void {
  if (typeof name !== 'string' || name === '') {
    throw new TapegradError('addWeight', `the name of a weight is ${show(name)}. Expected some letters.`);
  }
  if (Array.isArray(shape)) return;
  throw new TapegradError('addWeight', `the shape of ${name} is ${show(shape)}. Expected a list of lengths, e.g. [3].`);
}

/** @throws TapegradError where the initializer gives another shape. */
export function newWeight(
  owner: WeightOwner,
  name: string,
  shape: Shape,
  initializer: InitializerName | Initializer,
): Parameter {
  const { dtype, random } = owner;
  const value = toInitializer('addWeight', 'initializer', initializer)(shape, random, dtype);
  if (!(value instanceof Tensor) || showShape(value.shape) !== showShape(shape) || value.dtype !== dtype) {
    throw new TapegradError(
      'addWeight',
      `the initializer of ${name} gave ${value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value)}. ` +
        `Expected ${dtype}${showShape(shape)}.`,
    );
  }
  return new Parameter(value, `${owner.name}/${name}`);
}
