// Elements in order along an axis. An op is one entry.

import { TapegradError } from '../errors.ts';
import { argsortKernel } from '../kernels/sort.ts';
import { asTensor, defineComposite, defineOp, type Op } from '../op.ts';
import { normalizeAxis, type Shapes, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkFlags, checkOptions } from './arguments.ts';
import { takeAlongAxis } from './gathering.ts';
import { slice } from './slicing.ts';

/** How elements are put in order. */
export interface SortOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** Whether the largest come first. Default: false. */
  readonly descending?: boolean;
}

/** What {@link topk} chooses. */
export interface TopkOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** The largest elements, or the smallest. Default: true. */
  readonly largest?: boolean;
  /** Whether the best come first; otherwise they stay in the order in which they stand in x. Default: true. */
  readonly sorted?: boolean;
}

export const argsort: Op<(x: TensorLike, options?: SortOptions) => Tensor> = defineOp({
  name: 'argsort',
  doc: 'The positions that put x in order along an axis, by default the last. Stable: equal elements keep their order, also where it is descending. NaN counts as larger than every number. No gradient flows.',
  tex: '\\operatorname{arg\\,sort}_i x_i',
  inputs: ['x'],
  attributes: ([x]: Shapes, options: SortOptions = {}) => {
    checkOptions('argsort', options, ['axis', 'descending']);
    const { axis = -1, descending = false } = options;
    checkFlags('argsort', { descending });
    return { axis: normalizeAxis('argsort', axis, x!.length), descending };
  },
  shape: ([x]) => x!,
  dtype: () => 'int32',
  forward: ([x], { attrs: { axis, descending } }) => argsortKernel(x!, axis, descending),
  saves: [],
  vjp: { x: 'not differentiable' },
  samples: [{ inputs: [{ shape: [2, 3] }] }, { inputs: [{ shape: [4, 2] }], args: [{ axis: 0, descending: true }] }],
});

export const sort: Op<(x: TensorLike, options?: SortOptions) => Tensor> = defineComposite({
  name: 'sort',
  doc: 'The elements in order along an axis, by default the last. Stable; NaN counts as larger than every number: it comes last, or first where the order is descending. Each gradient goes back to where its element stood.',
  tex: 'x_{(1)} \\le x_{(2)} \\le \\dots',
  inputs: ['x'],
  compute: (x: TensorLike, options: SortOptions = {}): Tensor => {
    checkOptions('sort', options, ['axis', 'descending']);
    const { descending = false } = options;
    checkFlags('sort', { descending });
    const axis = normalizeAxis('sort', options.axis ?? -1, asTensor('sort', 'x', x).rank);
    return takeAlongAxis(x, argsort(x, { axis, descending }), axis);
  },
  samples: [
    { inputs: [{ shape: [4] }] },
    { inputs: [{ shape: [2, 3] }], args: [{ descending: true }] },
    { inputs: [{ shape: [3, 2] }], args: [{ axis: 0 }] },
    { inputs: [{ shape: [1, 1] }] },
    { inputs: [{ shape: [2, 0] }] },
    { inputs: [{ shape: [0, 2] }] },
  ],
});

export const topk: Op<(x: TensorLike, k: number, options?: TopkOptions) => readonly [values: Tensor, indices: Tensor]> =
  defineComposite({
    name: 'topk',
    doc: 'The k largest elements along an axis, by default the last, and their positions; of equal ones the first. NaN counts as larger than every number. Each gradient goes back to where its element stood.',
    tex: 'x_{(n)} \\ge \\dots \\ge x_{(n-k+1)}',
    inputs: ['x'],
    compute: (x: TensorLike, k: number, options: TopkOptions = {}): readonly [Tensor, Tensor] => {
      checkOptions('topk', options, ['axis', 'largest', 'sorted']);
      const { largest = true, sorted = true } = options;
      checkFlags('topk', { largest, sorted });
      const { shape } = asTensor('topk', 'x', x);
      const axis = normalizeAxis('topk', options.axis ?? -1, shape.length);
      if (!Number.isInteger(k) || k < 0 || k > shape[axis]!) {
        throw new TapegradError(
          'topk',
          `k is ${String(k)}, axis ${axis} of ${showShape(shape)} has ${shape[axis]} elements. Expected a whole number from 0 to ${shape[axis]}.`,
        );
      }
      const best = slice(argsort(x, { axis, descending: largest }), 0, k, { axis });
      const indices = sorted ? best : takeAlongAxis(best, argsort(best, { axis }), axis);
      return [takeAlongAxis(x, indices, axis), indices];
    },
    samples: [
      { inputs: [{ shape: [4] }], args: [2] },
      { inputs: [{ shape: [2, 3] }], args: [3, { largest: false }] },
      { inputs: [{ shape: [4, 2] }], args: [2, { axis: 0, sorted: false }] },
      { inputs: [{ shape: [2, 3] }], args: [0] },
    ],
  });
