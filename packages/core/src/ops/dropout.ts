// Random zeros while training. An op is one entry.

import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, type Op } from '../op.ts';
import { RandomGenerator } from '../random.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { traceWith } from '../tracing.ts';
import { checkOptions, checkShare } from './arguments.ts';
import { where } from './choice.ts';

/** Where {@link dropout} gets its chance from: one of the two, or else what nobody can foresee. */
export interface DropoutOptions {
  /** A stream of random numbers, which each call moves on. */
  readonly random?: RandomGenerator;
  /** The start of a stream for this call alone: the same zeros each time. */
  readonly seed?: number;
}

export const dropout: Op<(x: TensorLike, rate: number, options?: DropoutOptions) => Tensor> = defineComposite({
  name: 'dropout',
  doc: 'Each element set to 0 with probability `rate`, the others divided by 1 - rate, so that the expected value stays ("inverted" dropout; Srivastava et al., JMLR 15 (2014), p. 1929). What is set to 0, NaN too, has gradient 0.',
  tex: '\\frac{m}{1 - p} \\odot x, \\quad m_i \\sim \\mathrm{Bernoulli}(1 - p)',
  inputs: ['x'],
  compute: (x: TensorLike, rate: number, options: DropoutOptions = {}): Tensor => {
    checkOptions('dropout', options, ['random', 'seed']);
    checkShare('dropout', 'the rate', rate);
    const { random, seed } = options;
    if (random !== undefined && seed !== undefined) {
      throw new TapegradError('dropout', 'both random and seed are given. Expected one of them.');
    }
    if (random !== undefined && !(random instanceof RandomGenerator)) {
      throw new TapegradError('dropout', `random is ${typeof random}. Expected a RandomGenerator; a number is a seed.`);
    }
    const input = asTensor('dropout', 'x', x);
    const draw = (from: RandomGenerator): Tensor => from.mask(input.shape, 1 - rate);
    // of a seed the draws are always the same: a constant, also where this is traced
    const constant = (): Tensor => traceWith(undefined, () => draw(new RandomGenerator(seed)));
    const kept = seed === undefined ? draw(random ?? new RandomGenerator()) : constant();
    // Of rate 1 nothing is kept: 0 there, and no division by 0 in the gradient.
    return where(kept, input.div(rate === 1 ? 1 : 1 - rate), 0);
  },
  samples: [
    { inputs: [{ shape: [4, 3] }], args: [0.4, { seed: 1 }] },
    { inputs: [{ shape: [3] }], args: [1, { seed: 1 }] },
    { inputs: [{ shape: [] }], args: [0, { seed: 1 }] },
  ],
});
