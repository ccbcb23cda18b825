// Random tensors from a seed: the same draws from the same seed on every machine.

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator as Source } from 'pure-rand/types/RandomGenerator';
import { broadcastView, copyOf, wrap } from './arrays.ts';
import { type Categories, categoryAt, distributionsOf } from './categories.ts';
import { fromData } from './create.ts';
import { checkDType, type DType, type FloatDType, newData, type TypedData } from './dtype.ts';
import { TapegradError, TracingError } from './errors.ts';
import { less } from './ops/choice.ts';
import { take } from './ops/gathering.ts';
import { randomBits } from './ops/random-bits.ts';
import { sourceAt } from './random-state.ts';
import { broadcastsTo, checkShape, normalizeAxis, type Shape, showShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';
import { activeTracer } from './tracing.ts';
import { drawTruncated } from './truncated-normal.ts';

/** The bounds of {@link RandomGenerator.truncatedNormal}, and its dtype. */
export interface TruncatedNormalOptions {
  /** The least value. Default: two standard deviations below the mean. */
  readonly low?: number;
  /** The greatest value. Default: two standard deviations above the mean. */
  readonly high?: number;
  /** Default: float32. */
  readonly dtype?: FloatDType;
}

/** How {@link RandomGenerator.choice} draws. */
export interface ChoiceOptions {
  /** Whether something may be drawn again. Default: true. */
  readonly replace?: boolean;
  /** The axis along which is chosen. Default: 0. */
  readonly axis?: number;
}

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
  private source: Source;

  /** @param given - the seed, a whole number; its low 32 bits count. Default: one that nobody can foresee. */
  constructor(given?: number) {
    const seed = given ?? Math.floor(Math.random() * 2 ** 32);
    if (!Number.isSafeInteger(seed))
      throw new TapegradError('RandomGenerator', `the seed is ${seed}. Expected a whole number.`);
    this.seed = seed;
    this.source = mersenne(seed);
    // one that a traced function makes of a seed begins anew each time that the function is run
    if (given !== undefined) {
      activeTracer()?.beforeEach(() => {
        this.source = mersenne(seed);
      });
    }
  }

  /**
   * Where the stream stands, in whole numbers: {@link RandomGenerator.setState} puts it, or another one, there again. They may be kept
   * as JSON.
   *
   * ```ts
   * const random = new RandomGenerator(42);
   * const state = random.getState();
   * const first = random.next();
   * random.setState(state);
   * random.next() === first; // → true
   * ```
   */
  getState(): readonly number[] {
    return this.source.getState();
  }

  /**
   * Puts the stream where {@link RandomGenerator.getState} found it, or another one; `seed` stays what this one was started with.
   *
   * @throws TapegradError for what is no such state; the stream stays where it is.
   */
  setState(state: readonly number[]): void {
    this.source = sourceAt('setState', state);
  }

  /** A number in [0, 1), of 53 random bits. */
  next(): number {
    if (activeTracer() !== undefined) {
      throw new TracingError(
        'compile',
        'a random number is drawn while the function is traced: it would be the same one in each run. Expected a random tensor, e.g. random.uniform([]).',
      );
    }
    return uniformFloat64(this.source);
  }

  /** Uniform in [low, high). */
  uniform(shape: Shape, low: number = 0, high: number = 1, dtype: FloatDType = 'float32'): Tensor {
    if (!(low <= high && Number.isFinite(high - low))) {
      throw new TapegradError('uniform', `the bounds are ${low} and ${high}. Expected finite ones, the lower first.`);
    }
    const round = dtype === 'float32' ? Math.fround : (value: number) => value;
    return this.fill('uniform', shape, dtype, () => {
      const value = round(low + (high - low) * this.next());
      return value < high ? value : low; // rounded up to `high`, once in 2²⁵ draws
    });
  }

  /** Normally distributed, by the Box–Muller transform: one number of two draws, the cosine alone. */
  normal(shape: Shape, mean: number = 0, standardDeviation: number = 1, dtype: FloatDType = 'float32'): Tensor {
    checkNormal('normal', mean, standardDeviation);
    return this.fill('normal', shape, dtype, () => mean + standardDeviation * this.nextNormal());
  }

  /**
   * Normally distributed between bounds, by default two standard deviations from the mean: every value between them is as
   * likely as in the whole distribution, relative to the others. `standardDeviation` is that of the whole distribution; what
   * is drawn has a smaller one, with the default bounds 0.8796 of it. By {@link drawTruncated}, also far from the mean.
   *
   * ```ts
   * new RandomGenerator(1).truncatedNormal([2, 3], 0, 0.05).shape; // → 2,3
   * ```
   */
  truncatedNormal(
    shape: Shape,
    mean: number = 0,
    standardDeviation: number = 1,
    options: TruncatedNormalOptions = {},
  ): Tensor {
    checkNormal('truncatedNormal', mean, standardDeviation);
    const { low = mean - 2 * standardDeviation, high = mean + 2 * standardDeviation, dtype = 'float32' } = options;
    if (
      !(low <= high && low < Infinity && high > -Infinity) ||
      (standardDeviation === 0 && !(low <= mean && mean <= high))
    ) {
      throw new TapegradError(
        'truncatedNormal',
        `the bounds are ${low} and ${high}, the mean ${mean}. Expected the lower bound first; without deviation, the mean between them.`,
      );
    }
    const [from, to] = [(low - mean) / standardDeviation, (high - mean) / standardDeviation];
    return this.fill('truncatedNormal', shape, dtype, () => {
      if (standardDeviation === 0) return mean;
      const z = drawTruncated(
        from,
        to,
        () => this.next(),
        () => this.nextNormal(),
      );
      return Math.min(Math.max(mean + standardDeviation * z, low), high); // rounding may step over a bound
    });
  }

  /** Whole numbers in [low, high), each as likely, as int32. */
  randint(shape: Shape, low: number, high: number): Tensor {
    const fits = (bound: number): boolean => Number.isInteger(bound) && bound >= -(2 ** 31) && bound <= 2 ** 31;
    if (!fits(low) || !fits(high) || low >= high) {
      throw new TapegradError(
        'randint',
        `the bounds are ${low} and ${high}. Expected whole numbers of 32 bits, low < high.`,
      );
    }
    return this.fill('randint', shape, 'int32', () => low + Math.floor(this.next() * (high - low)));
  }

  /**
   * Categories drawn from a distribution, as int32: from its running sums, one uniform number each. Distributions stand along the last
   * axis of `probabilities`, or of the `logits` whose softmax they are; the axes before it broadcast to `shape`.
   *
   * ```ts
   * const random = new RandomGenerator(1);
   * random.categorical([4], { probabilities: [0, 1, 0] }).toArray(); // → 1,1,1,1
   * random.categorical([2], { logits: tensor([[0, -Infinity], [-Infinity, 0]]) }).toArray(); // → 0,1
   * ```
   *
   * @throws TapegradError for probabilities that are negative or do not add up to 1, and where the distributions do not
   * broadcast to the shape.
   */
  categorical(shape: Shape, categories: Categories): Tensor {
    checkShape('categorical', shape);
    const distributions = distributionsOf('categorical', categories);
    if (!broadcastsTo(distributions.shape, shape)) {
      throw new TapegradError(
        'categorical',
        `distributions of shape ${showShape(distributions.shape)} do not broadcast to ${showShape(shape)}. Expected lengths that are equal, or 1.`,
      );
    }
    const numbers = Int32Array.from({ length: sizeOf(distributions.shape) }, (_, row) => row);
    const rows = copyOf(broadcastView(wrap(numbers, distributions.shape), shape), 'int32').data;
    let at = 0;
    // the rows begin again with each run of a compiled function
    return this.fill('categorical', shape, 'int32', () =>
      categoryAt(distributions, rows[at++ % rows.length]!, this.next()),
    );
  }

  /** `count` of the parts of `x` along an axis, at random. Gradients flow to what was drawn. */
  choice(x: Tensor, count: number, { replace = true, axis = 0 }: ChoiceOptions = {}): Tensor {
    const along = axisOf('choice', x, axis);
    const length = x.shape[along]!;
    const most = replace ? (length === 0 ? 0 : Infinity) : length;
    if (!Number.isSafeInteger(count) || count < 0 || count > most) {
      const limit = most === Infinity ? '' : ` and <= ${most}`;
      throw new TapegradError('choice', `count is ${count} of ${length}. Expected a whole number >= 0${limit}.`);
    }
    const order = replace ? undefined : this.permutation(length);
    const drawn = Int32Array.from({ length: count }, (_, i) => order?.[i] ?? Math.floor(this.next() * length));
    return take(x, fromData(drawn, [count], 'int32'), along);
  }

  /** `x` with its parts along an axis in random order. Gradients flow. */
  shuffle(x: Tensor, axis: number = 0): Tensor {
    const along = axisOf('shuffle', x, axis);
    const length = x.shape[along]!;
    return take(x, fromData(this.permutation(length), [length], 'int32'), along);
  }

  /** True with this probability, elsewhere false. */
  bernoulli(shape: Shape, probability: number): Tensor {
    checkProbability('bernoulli', probability);
    return this.fill('bernoulli', shape, 'bool', () => (this.next() < probability ? 1 : 0));
  }

  /**
   * True with this probability, elsewhere false, as {@link RandomGenerator.bernoulli}; but of the stream it takes only a key, and the
   * rest are {@link randomBits} of that: a compiled function draws them at the speed of its other loops.
   *
   * ```ts
   * new RandomGenerator(1).mask([2, 3], 0.5).dtype; // → bool
   * ```
   */
  mask(shape: Shape, probability: number): Tensor {
    checkProbability('mask', probability);
    checkShape('mask', shape);
    const key = this.randint([2], -(2 ** 31), 2 ** 31);
    return less(randomBits(key, shape), Math.round(probability * 2 ** 32) - 2 ** 31);
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
    checkDType(op, dtype);
    const drawn = (): TypedData => {
      const data = newData(dtype, sizeOf(shape));
      for (let i = 0; i < data.length; i++) data[i] = draw();
      return data;
    };
    // a traced function draws anew each time it runs
    return activeTracer()?.feed({ shape, dtype }, drawn) ?? fromData(drawn(), shape, dtype);
  }
}

function checkProbability(op: string, probability: number): void {
  if (probability >= 0 && probability <= 1) return;
  throw new TapegradError(op, `the probability is ${probability}. Expected a number from 0 to 1.`);
}

function checkNormal(op: string, mean: number, standardDeviation: number): void {
  if (Number.isFinite(mean) && standardDeviation >= 0 && standardDeviation < Infinity) return;
  throw new TapegradError(
    op,
    `the mean is ${mean}, the standard deviation ${standardDeviation}. Expected finite numbers, the latter >= 0.`,
  );
}

function axisOf(op: string, x: Tensor, axis: number): number {
  if (x instanceof Tensor) return normalizeAxis(op, axis, x.rank);
  throw new TapegradError(
    op,
    `x is ${typeof x}. Expected a tensor; random whole numbers are drawn by randint or permutation.`,
  );
}
