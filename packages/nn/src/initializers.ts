// What weights start as. No layers here: an initializer makes a tensor from a shape and a stream of random numbers.

import {
  type FloatDType,
  fromData,
  ones,
  type RandomGenerator,
  type Shape,
  TapegradError,
  type Tensor,
  zeros,
} from '@tapegrad/core';
import { byName, show } from './registry.ts';

/** Makes a weight's first value. The random ones move `random` on. */
export type Initializer = (shape: Shape, random: RandomGenerator, dtype: FloatDType) => Tensor;

/** The initializers that have a name. */
export type InitializerName = keyof typeof initializers;

// The standard deviation of a standard normal cut off at ±2, by which Keras makes up for the cut.
const truncatedDeviation = 0.87962566103423978;

/**
 * Keras's initializers, by name. With the fans of a kernel `[inputs, outputs]` (of a convolution's: times the receptive field):
 *
 * - `glorotUniform`: uniform in ±√(6 / (inputs + outputs)); `glorotNormal`: normal with variance 2 / (inputs + outputs).
 *   X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, eq. 16.
 * - `heUniform`: uniform in ±√(6 / inputs); `heNormal`: normal with variance 2 / inputs. K. He et al., arXiv:1502.01852, eq. 10.
 * - `zeros`, `ones`.
 *
 * The normal ones draw from a normal distribution cut off at two standard deviations, widened to have the variance named.
 *
 * ```ts
 * initializers.glorotUniform([30, 128], new RandomGenerator(1), 'float32').shape; // → 30,128
 * ```
 */
export const initializers: {
  readonly glorotUniform: Initializer;
  readonly glorotNormal: Initializer;
  readonly heUniform: Initializer;
  readonly heNormal: Initializer;
  readonly zeros: Initializer;
  readonly ones: Initializer;
} = {
  glorotUniform: (shape, random, dtype) => {
    const { inputs, outputs } = fans(shape);
    return uniform(shape, 6 / Math.max(1, inputs + outputs), random, dtype);
  },
  glorotNormal: (shape, random, dtype) => {
    const { inputs, outputs } = fans(shape);
    return truncatedNormal(shape, 2 / Math.max(1, inputs + outputs), random, dtype);
  },
  heUniform: (shape, random, dtype) => uniform(shape, 6 / Math.max(1, fans(shape).inputs), random, dtype),
  heNormal: (shape, random, dtype) => truncatedNormal(shape, 2 / Math.max(1, fans(shape).inputs), random, dtype),
  zeros: (shape, _random, dtype) => zeros(shape, dtype),
  ones: (shape, _random, dtype) => ones(shape, dtype),
};

/**
 * The initializer of this name, or the function itself.
 *
 * @throws TapegradError for an unknown name.
 */
export function toInitializer(op: string, option: string, identifier: InitializerName | Initializer): Initializer {
  if (typeof identifier === 'function') return identifier;
  if (typeof identifier === 'string') return byName(op, 'initializer', identifier, initializers);
  throw new TapegradError(op, `${option} is ${show(identifier)}. Expected a name or a function.`);
}

/** How many inputs each output has, and outputs each input, as Keras counts them. */
function fans(shape: Shape): { inputs: number; outputs: number } {
  if (shape.length === 0) return { inputs: 1, outputs: 1 };
  if (shape.length === 1) return { inputs: shape[0]!, outputs: shape[0]! };
  const field = shape.slice(0, -2).reduce((size, length) => size * length, 1);
  return { inputs: field * shape[shape.length - 2]!, outputs: field * shape[shape.length - 1]! };
}

function uniform(shape: Shape, squaredLimit: number, random: RandomGenerator, dtype: FloatDType): Tensor {
  const limit = Math.sqrt(squaredLimit);
  return random.uniform(shape, -limit, limit, dtype);
}

function truncatedNormal(shape: Shape, variance: number, random: RandomGenerator, dtype: FloatDType): Tensor {
  const deviation = Math.sqrt(variance) / truncatedDeviation;
  const draws = random.normal(shape, 0, 1, dtype).toData();
  for (let i = 0; i < draws.length; i++) {
    while (Math.abs(draws[i]!) > 2) draws[i] = random.normal([], 0, 1, dtype).item();
    draws[i] = draws[i]! * deviation;
  }
  return fromData(draws, shape, dtype);
}
