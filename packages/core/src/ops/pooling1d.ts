// Pooling over one axis, channels last: that over two axes, of images one row high. An op is one entry.

import { asTensor, defineComposite, type Op } from '../op.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import type { AxisNames } from './convolution.ts';
import { oneRowLess, oneRowMore } from './convolution1d.ts';
import { averagePool2d, maxPool2d, poolingOf } from './pooling.ts';
import { asTwoAxes, type Padding1d } from './windows.ts';

/** How windows slide along sequences. */
export interface Pooling1dOptions {
  /** How far the window moves from one result to the next. Default: its size, so that windows lie side by side. */
  readonly stride?: number;
  /** Places in the padding are left out: they are no zeros. Default: `valid`. */
  readonly padding?: Padding1d;
}

type Pool1d = (x: TensorLike, size: number, options?: Pooling1dOptions) => Tensor;

const line: AxisNames = ['length'];

function pool1d(op: string, pool2d: typeof maxPool2d): Pool1d {
  return (x, size, options = {}) => {
    const sequences = asTensor(op, 'x', x);
    const how = poolingOf(op, line, sequences.shape, size, options);
    const { stride, padding } = asTwoAxes(how);
    return oneRowLess(pool2d(oneRowMore(sequences), [1, how.size[0]!], { stride, padding }));
  };
}

const samples = [
  { inputs: [{ shape: [2, 5, 2] }], args: [2] },
  { inputs: [{ shape: [1, 4, 1] }], args: [3, { stride: 2, padding: 'same' }] },
  { inputs: [{ shape: [0, 3, 1] }], args: [2, { padding: [1, 0] }] },
];

export const maxPool1d: Op<Pool1d> = defineComposite({
  name: 'maxPool1d',
  doc: 'The largest element of each window of sequences [batch, length, channels]: maxPool2d with one axis. Equal largest elements of a window share its gradient evenly.',
  tex: 'y_{b,i,c} = \\max_u x_{b,\\, s i + u,\\, c}',
  inputs: ['x'],
  compute: pool1d('maxPool1d', maxPool2d),
  samples,
});

export const averagePool1d: Op<Pool1d> = defineComposite({
  name: 'averagePool1d',
  doc: 'The mean of each window of sequences [batch, length, channels]: averagePool2d with one axis. The padding does not count.',
  tex: 'y_{b,i,c} = \\frac{1}{n_i} \\sum_u x_{b,\\, s i + u,\\, c}',
  inputs: ['x'],
  compute: pool1d('averagePool1d', averagePool2d),
  samples,
});
