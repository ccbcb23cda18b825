// The larger and the smaller of two, and bounds, element by element. An op is one entry.

import nd from 'ndarray-ops';
import { TapegradError } from '../errors.ts';
import { elementwiseWith } from '../kernels/elementwise.ts';
import { arithmeticResult, defineOp, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { besideNumbers, describe } from './arguments.ts';
import { type Binary, binary, map } from './builders.ts';
import { where } from './choice.ts';

/** All of `g` where an operand won, half of it where it tied. */
function share(g: Tensor, won: Tensor, tied: Tensor): Tensor {
  return where(won, g, where(tied, g.mul(0.5), 0));
}

export const maximum: Binary = binary({
  name: 'maximum',
  doc: 'The larger of two. Where they are equal the gradient is split evenly. NaN wins, and neither has a gradient.',
  tex: '\\max(x, y)',
  kernel: nd.max,
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
  kernel: nd.min,
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => share(g, x.less(y), x.equal(y)),
    y: (g, { x, y }) => share(g, y.less(x), x.equal(y)),
  },
});

const bounded = elementwiseWith('clip', ['x'], ['low', 'high'], 'x<low?low:x>high?high:x');

export const clip: Op<(x: TensorLike, min?: number, max?: number) => Tensor> = defineOp({
  name: 'clip',
  doc: 'x between two bounds; undefined is no bound. The gradient is 1 from bound to bound, both included, and 0 beyond. NaN stays NaN, with gradient 1.',
  tex: '\\min(\\max(x, a), b)',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, min?: number, max?: number) => {
    checkBound('min', min);
    checkBound('max', max);
    if (min !== undefined && max !== undefined && min > max) {
      throw new TapegradError('clip', `min ${min} is above max ${max}. Expected min <= max.`);
    }
    return { min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY };
  },
  shape: ([x]) => x!,
  dtype: (dtypes, { min, max }) => besideNumbers(arithmeticResult('clip')(dtypes), [min, max].filter(Number.isFinite)),
  forward: (inputs, { attrs, dtype, shape }) => {
    // Bounds are rounded as the elements are, so that a float32 0.1 is not below 0.1.
    const [low, high] = [attrs.min, attrs.max].map((bound) => (dtype === 'float32' ? Math.fround(bound) : bound));
    return map(bounded(low!, high!), inputs, dtype, shape);
  },
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
