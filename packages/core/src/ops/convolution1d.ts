// Convolution over one axis, channels last: that over two axes, of images one row high. An op is one entry.

import { asTensor, defineComposite, type Op } from '../op.ts';
import type { Shape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { type AxisNames, conv2d, convolvingOf, convTranspose2d, transposingOf } from './convolution.ts';
import { asTwoAxes, type Padding1d } from './windows.ts';

/** How a kernel slides along sequences. */
export interface Convolution1dOptions {
  /** How far the kernel moves from one result to the next. Default: 1. */
  readonly stride?: number;
  /** Default: `valid`. */
  readonly padding?: Padding1d;
  /** The distance of the elements that neighbouring places of the kernel see. Default: 1. */
  readonly dilation?: number;
  /** Into how many groups the channels are divided, each with kernels of its own; all channels: depthwise. Default: 1. */
  readonly groups?: number;
}

/** How a kernel is spread over a longer sequence. */
export interface TransposedConvolution1dOptions extends Convolution1dOptions {
  /** The length of the result, where several are reduced to that of x by a convolution. */
  readonly outputSize?: number;
}

const line: AxisNames = ['length'];

export const conv1d: Op<(x: TensorLike, kernel: TensorLike, options?: Convolution1dOptions) => Tensor> =
  defineComposite({
    name: 'conv1d',
    doc: 'The convolution of sequences x [batch, length, channels] with a kernel [length, channels / groups, outChannels], which is not flipped: conv2d with one axis.',
    tex: 'y_{b,i,o} = \\sum_{u,c} x_{b,\\, s i + d u,\\, c}\\, k_{u,c,o}',
    inputs: ['x', 'kernel'],
    compute: (x: TensorLike, kernel: TensorLike, options: Convolution1dOptions = {}): Tensor => {
      const [sequences, weights] = [asTensor('conv1d', 'x', x), asTensor('conv1d', 'kernel', kernel)];
      const how = convolvingOf('conv1d', line, sequences.shape, weights.shape, options);
      return oneRowLess(conv2d(oneRowMore(sequences), oneRow(weights), { ...asTwoAxes(how), groups: how.groups }));
    },
    samples: [
      { inputs: [{ shape: [2, 5, 2] }, { shape: [3, 2, 3] }] },
      { inputs: [{ shape: [1, 6, 1] }, { shape: [2, 1, 2] }], args: [{ stride: 2, padding: 'same' }] },
      {
        inputs: [{ shape: [2, 5, 4] }, { shape: [2, 2, 2] }],
        args: [{ stride: 2, padding: [2, 0], dilation: 3, groups: 2 }],
      },
      { inputs: [{ shape: [0, 3, 1] }, { shape: [1, 1, 1] }] },
    ],
  });

export const convTranspose1d: Op<
  (x: TensorLike, kernel: TensorLike, options?: TransposedConvolution1dOptions) => Tensor
> = defineComposite({
  name: 'convTranspose1d',
  doc: 'The transposed convolution of x [batch, length, channels] by a kernel [length, outChannels / groups, channels]: convTranspose2d with one axis.',
  tex: 'y_{b,\\, s i + d u,\\, o} \\mathrel{+}= x_{b,i,c}\\, k_{u,o,c}',
  inputs: ['x', 'kernel'],
  compute: (x: TensorLike, kernel: TensorLike, options: TransposedConvolution1dOptions = {}): Tensor => {
    const op = 'convTranspose1d';
    const [sequences, weights] = [asTensor(op, 'x', x), asTensor(op, 'kernel', kernel)];
    const how = transposingOf(op, line, sequences.shape, weights.shape, options);
    const outputSize: [number, number] = [1, how.outputSize[0]!];
    const lifted = { ...asTwoAxes(how), groups: how.groups, outputSize };
    return oneRowLess(convTranspose2d(oneRowMore(sequences), oneRow(weights), lifted));
  },
  samples: [
    { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 3, 2] }] },
    { inputs: [{ shape: [1, 3, 2] }, { shape: [3, 1, 2] }], args: [{ stride: 2, padding: 'same' }] },
    { inputs: [{ shape: [1, 3, 2] }, { shape: [2, 1, 2] }], args: [{ stride: 2, padding: 1, outputSize: 5 }] },
  ],
});

/** Sequences as images one row high. */
export function oneRowMore(x: Tensor): Tensor {
  return x.reshape([x.shape[0]!, 1, ...x.shape.slice(1)]);
}

/** Images one row high as sequences. */
export function oneRowLess(x: Tensor): Tensor {
  const [batch, , ...rest] = x.shape as [number, number, ...number[]];
  return x.reshape([batch, ...rest]);
}

function oneRow(kernel: Tensor): Tensor {
  const shape: Shape = [1, ...kernel.shape];
  return kernel.reshape(shape);
}
