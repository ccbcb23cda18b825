// Random tensors from a seed: the same draws from the same seed on every machine.

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator as Source } from 'pure-rand/types/RandomGenerator';
import { fromData } from './create.ts';
import { type DType, type FloatDType, newData } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { checkShape, type Shape, sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * A stream of random numbers. Each draw moves it on.
 *
 * Source: the Mersenne Twister MT19937 (M. Matsumoto and T. Nishimura, ACM TOMACS 8(1), 1998), from the package `pure-rand`.
 *
 * ```ts
 * const random = new RandomGenerator(42);
 * random.normal([2, 3]).shape; // → 2,3
 * new RandomGenerator(7).uniform([]).item() === new RandomGenerator(7).uniform([]).item(); // → true
 * ```
 */
export class RandomGenerator {
  /** What the stream was started with. */
  readonly seed: number;
  private readonly source: Source;

  /** @param seed - a whole number; its low 32 bits count. Default: one that nobody can foresee. */
  constructor(seed: number = Math.floor(Math.random() * 2 ** 32)) {
    if (!Number.isSafeInteger(seed))
      throw new TapegradError('RandomGenerator', `the seed is ${seed}. Expected a whole number.`);
    this.seed = seed;
    this.source = mersenne(seed);
  }

  /** A number in [0, 1), of 53 random bits. */
  next(): number {
    return uniformFloat64(this.source);
  }

  /** Uniform in [low, high). */
  uniform(shape: Shape, low: number = 0, high: number = 1, dtype: FloatDType = 'float32'): Tensor {
    const round = dtype === 'float32' ? Math.fround : (value: number) => value;
    return this.fill('uniform', shape, dtype, () => {
      const value = round(low + (high - low) * this.next());
      return value < high ? value : low; // rounded up to `high`, once in 2²⁵ draws
    });
  }

  /** Normally distributed, by the Box–Muller transform. */
  normal(shape: Shape, mean: number = 0, standardDeviation: number = 1, dtype: FloatDType = 'float32'): Tensor {
    return this.fill('normal', shape, dtype, () => mean + standardDeviation * this.nextNormal());
  }

  /** True with this probability, elsewhere false. */
  bernoulli(shape: Shape, probability: number): Tensor {
    if (!(probability >= 0 && probability <= 1)) {
      throw new TapegradError('bernoulli', `the probability is ${probability}. Expected a number from 0 to 1.`);
    }
    return this.fill('bernoulli', shape, 'bool', () => (this.next() < probability ? 1 : 0));
  }

  /** The numbers 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array {
    if (!Number.isSafeInteger(n) || n < 0) {
      throw new TapegradError('permutation', `n is ${n}. Expected a whole number >= 0.`);
    }
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(this.next() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  private nextNormal(): number {
    // 1 − u is in (0, 1]: its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  private fill(op: string, shape: Shape, dtype: DType, draw: () => number): Tensor {
    checkShape(op, shape);
    const data = newData(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = draw();
    return fromData(data, shape, dtype);
  }
}
