// The larger and the smaller of two, and bounds, element by element. An op is one entry.

import type { DType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { type ElementwiseKernel, elementwise, elementwiseWith } from '../kernels/elementwise.ts';
import { arithmeticResult, defineOp, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { besideNumbers, describe } from './arguments.ts';
import { type Binary, binary, computedBy } from './builders.ts';
import { where } from './choice.ts';

/** All of `g` where an operand won, half of it where it tied. */
function share(g: Tensor, won: Tensor, tied: Tensor): Tensor {
  return where(won, g, where(tied, g.mul(0.5), 0));
}

export const maximum: Binary = binary({
  name: 'maximum',
  doc: 'The larger of two. Where they are equal the gradient is split evenly. NaN wins, and neither has a gradient.',
  tex: '\\max(x, y)',
  kernel: elementwise('maximum', ['x', 'y'], 'Math.max(x,y)'),
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => share(g, x.greater(y), x.equal(y)),
    y: (g, { x, y }) => share(g, y.greater(x), x.equal(y)),
  },
});

export const minimum: Binary = binary({
  name: 'minimum',
  doc: 'The smaller of two. Where they are equal the gradient is split evenly. NaN wins, and neither has a gradient.',
  tex: '\\min(x, y)',
  kernel: elementwise('minimum', ['x', 'y'], 'Math.min(x,y)'),
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => share(g, x.less(y), x.equal(y)),
    y: (g, { x, y }) => share(g, y.less(x), x.equal(y)),
  },
});

const bounded = elementwiseWith('clip', ['x'], ['low', 'high'], 'x<low?low:x>high?high:x');

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Bounds are rounded as the elements are, so that a float32 0.1 is not below 0.1. */
function boundedBy({ min, max }: Bounds, dtype: DType): ElementwiseKernel {
  return dtype === 'float32' ? bounded(Math.fround(min), Math.fround(max)) : bounded(min, max);
}

export const clip: Op<(x: TensorLike, min?: number, max?: number) => Tensor> = defineOp({
  name: 'clip',
  doc: 'x between two bounds; undefined is no bound. The gradient is 1 from bound to bound, both included, and 0 beyond. NaN stays NaN, with gradient 1.',
  tex: '\\min(\\max(x, a), b)',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, min?: number, max?: number): Bounds => {
    checkBound('min', min);
    checkBound('max', max);
    if (min !== undefined && max !== undefined && min > max) {
      throw new TapegradError('clip', `min ${min} is above max ${max}. Expected min <= max.`);
    }
    return { min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY };
  },
  shape: ([x]) => x!,
  dtype: (dtypes, { min, max }) => besideNumbers(arithmeticResult('clip')(dtypes), [min, max].filter(Number.isFinite)),
  ...computedBy<Bounds>(({ attrs, dtype }) => boundedBy(attrs, dtype)),
  saves: ['x'],
  vjp: { x: (g, { x }, { attrs }) => where(x.less(attrs.min).logicalOr(x.greater(attrs.max)), 0, g) },
  samples: [
    { inputs: [{ shape: [] }], args: [-1, 1] },
    { inputs: [{ shape: [2, 3] }], args: [undefined, 0.5] },
    { inputs: [{ shape: [3] }], args: [0] },
    { inputs: [{ shape: [0, 2] }], args: [0, 0] },
  ],
});

function checkBound(name: string, bound: number | undefined): void {
  if (bound === undefined || (typeof bound === 'number' && !Number.isNaN(bound))) return;
  throw new TapegradError(
    'clip',
    `${name} is ${describe(bound)}. Expected a number; bounds that are tensors go to maximum and minimum.`,
  );
}
