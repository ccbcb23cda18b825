// Convolution over two axes, channels last, and its adjoints. The three are closed under differentiation. An op is one entry.

import type { FloatDType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { type Convolving, convolve, correlate, spread } from '../kernels/convolution.ts';
import { imageOf, type Pair, windowCounts } from '../kernels/windows.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import { type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { convolutionOf, kernelAdjointOf, transposedConvolutionOf } from './lowered-windows.ts';
import { type Padding, type PerAxis, paddingOf, perAxis, type SlideOptions, slidingOf, stepsOf } from './windows.ts';

/** How a kernel slides over images. */
export interface ConvolutionOptions {
  /** How far the kernel moves from one result to the next. Default: 1. */
  readonly stride?: PerAxis;
  /** Default: `valid`. */
  readonly padding?: Padding;
  /** The distance of the pixels that neighbouring places of the kernel see. Default: 1. */
  readonly dilation?: PerAxis;
  /** Into how many groups the channels are divided, each with kernels of its own; all channels: depthwise. Default: 1. */
  readonly groups?: number;
}

/** How a kernel is spread over a larger image. */
export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** The height and width of the result, where several are reduced to those of x by a convolution. */
  readonly outputSize?: Pair;
}

/** How a kernel slid, and how large it was. */
export interface KernelAdjointOptions extends ConvolutionOptions {
  readonly kernelSize: Pair;
}

type Transposing = Convolving & { readonly outputSize: Pair };

/** The options of any number of axes. */
export type ConvolvingOptions = SlideOptions & { readonly groups?: number };

/** What messages call the axes that a kernel slides along. */
export type AxisNames = readonly string[];

const plane: AxisNames = ['height', 'width'];

const names = ['stride', 'padding', 'dilation', 'groups'];

export const conv2d: Op<(x: TensorLike, kernel: TensorLike, options?: ConvolutionOptions) => Tensor> = defineOp({
  name: 'conv2d',
  doc: 'The convolution of images x [batch, height, width, channels] with a kernel [height, width, channels / groups, outChannels], as neural networks mean it: the kernel is not flipped. Layout, padding and options are those of Keras.',
  tex: 'y_{b,i,j,o} = \\sum_{u,v,c} x_{b,\\, s i + d u,\\, s j + d v,\\, c}\\, k_{u,v,c,o}',
  inputs: ['x', 'kernel'],
  attributes: ([x, kernel]: Shapes, options: ConvolutionOptions = {}): Convolving =>
    convolvingOf('conv2d', plane, x!, kernel!, options),
  shape: ([x, kernel], how) => resultShape(x!, kernel!, how),
  dtype: floatResult('conv2d'),
  forward: ([x, kernel], { attrs, dtype, shape }) => convolve(x!, kernel!, attrs, dtype as FloatDType, shape),
  lower: (to, [x, kernel], result) => convolutionOf(to, x!, kernel!, result.attrs, result),
  saves: ['x', 'kernel'],
  vjp: {
    x: (g, { kernel }, { attrs, inputs: [x] }) =>
      convTranspose2d(g, kernel, { ...asOptions(attrs), outputSize: imageOf(x!.shape) }),
    kernel: (g, { x }, { attrs, inputs: [, kernel] }) =>
      conv2dKernelAdjoint(x, g, { ...asOptions(attrs), kernelSize: sizeOfKernel(kernel!.shape) }),
  },
  samples: [
    { inputs: [{ shape: [2, 4, 3, 2] }, { shape: [3, 2, 2, 3] }] },
    { inputs: [{ shape: [1, 5, 4, 1] }, { shape: [2, 2, 1, 2] }], args: [{ stride: 2, padding: 'same' }] },
    {
      inputs: [{ shape: [2, 3, 5, 2] }, { shape: [2, 3, 1, 4] }],
      args: [{ stride: [1, 3], padding: [[0, 1], [2, 0]], dilation: [2, 1], groups: 2 }], // biome-ignore format: one line
    },
    { inputs: [{ shape: [0, 3, 3, 2] }, { shape: [1, 1, 2, 2] }], args: [{ padding: 1 }] },
  ],
});

export const convTranspose2d: Op<
  (x: TensorLike, kernel: TensorLike, options?: TransposedConvolutionOptions) => Tensor
> = defineOp({
  name: 'convTranspose2d',
  doc: 'The transposed convolution: the adjoint of conv2d, from its results x [batch, height, width, channels] back to images, by a kernel [height, width, outChannels / groups, channels]. The result is the size that Keras gives it (with `valid` padding at least stride · length), or outputSize.',
  tex: 'y_{b,\\, s i + d u,\\, s j + d v,\\, o} \\mathrel{+}= x_{b,i,j,c}\\, k_{u,v,o,c}',
  inputs: ['x', 'kernel'],
  attributes: ([x, kernel]: Shapes, options: TransposedConvolutionOptions = {}): Transposing => {
    return transposingOf('convTranspose2d', plane, x!, kernel!, options) as Transposing;
  },
  shape: ([x, kernel], how) => [x![0]!, ...how.outputSize, kernel![2]! * how.groups],
  dtype: floatResult('convTranspose2d'),
  forward: ([x, kernel], { attrs, dtype, shape }) => spread(x!, kernel!, attrs, dtype as FloatDType, shape),
  lower: (to, [x, kernel], result) => transposedConvolutionOf(to, x!, kernel!, result.attrs, result),
  saves: ['x', 'kernel'],
  vjp: {
    x: (g, { kernel }, { attrs }) => conv2d(g, kernel, asOptions(attrs)),
    kernel: (g, { x }, { attrs, inputs: [, kernel] }) =>
      conv2dKernelAdjoint(g, x, { ...asOptions(attrs), kernelSize: sizeOfKernel(kernel!.shape) }),
  },
  samples: [
    { inputs: [{ shape: [2, 2, 3, 2] }, { shape: [3, 2, 3, 2] }] },
    { inputs: [{ shape: [1, 2, 3, 2] }, { shape: [2, 3, 1, 2] }], args: [{ stride: 2, padding: 'same' }] },
    {
      inputs: [{ shape: [1, 2, 2, 4] }, { shape: [2, 2, 1, 4] }],
      args: [{ stride: 3, padding: 1, dilation: 2, groups: 2, outputSize: [6, 5] }],
    },
    { inputs: [{ shape: [1, 2, 1, 1] }, { shape: [1, 1, 1, 1] }], args: [{ stride: 2 }] },
  ],
});

export const conv2dKernelAdjoint: Op<(x: TensorLike, g: TensorLike, options: KernelAdjointOptions) => Tensor> =
  defineOp({
    name: 'conv2dKernelAdjoint',
    doc: 'The adjoint of conv2d by its kernel, of size kernelSize: from images x and the derivative g by the results of their convolution, the derivative by the kernel.',
    tex: 'k_{u,v,c,o} = \\sum_{b,i,j} x_{b,\\, s i + d u,\\, s j + d v,\\, c}\\, g_{b,i,j,o}',
    inputs: ['x', 'g'],
    attributes: ([x, g]: Shapes, options: KernelAdjointOptions) => adjointOf('conv2dKernelAdjoint', x!, g!, options),
    shape: (_shapes, { kernel }) => kernel,
    dtype: floatResult('conv2dKernelAdjoint'),
    forward: ([x, g], { attrs, dtype, shape }) => correlate(x!, g!, attrs, dtype as FloatDType, shape),
    lower: (to, [x, g], result) => kernelAdjointOf(to, x!, g!, result.attrs, result),
    saves: ['x', 'g'],
    vjp: {
      x: (u, { g }, { attrs, inputs: [x] }) =>
        convTranspose2d(g, u, { ...asOptions(attrs), outputSize: imageOf(x!.shape) }),
      g: (u, { x }, { attrs }) => conv2d(x, u, asOptions(attrs)),
    },
    samples: [
      { inputs: [{ shape: [2, 4, 3, 2] }, { shape: [2, 2, 2, 3] }], args: [{ kernelSize: [3, 2] }] },
      {
        inputs: [{ shape: [2, 4, 3, 2] }, { shape: [2, 2, 2, 2] }],
        args: [{ kernelSize: [2, 3], stride: 2, padding: 'same', groups: 2 }],
      },
    ],
  });

/** The options of a convolution, checked against the shapes of its operands. */
export function convolvingOf(
  op: string,
  axes: AxisNames,
  x: Shape,
  kernel: Shape,
  options: ConvolvingOptions,
): Convolving {
  checkOptions(op, options, names);
  const groups = groupsOf(op, axes, x, kernel, options);
  const inChannels = x.at(-1)!;
  if (kernel.at(-2)! * groups !== inChannels || kernel.at(-1)! % groups !== 0) {
    throw channelsDiffer(op, x, kernel, groups, [inChannels / groups, 'outChannels']);
  }
  return { ...slidingOf(op, x, kernel.slice(0, -2), options), groups };
}

/** The options of a transposed convolution; `outputSize` are the lengths that the convolution reduces to those of x. */
export function transposingOf(
  op: string,
  axes: AxisNames,
  x: Shape,
  kernel: Shape,
  options: ConvolvingOptions & { readonly outputSize?: number | Pair | undefined },
): Convolving & { readonly outputSize: readonly number[] } {
  checkOptions(op, options, [...names, 'outputSize']);
  const groups = groupsOf(op, axes, x, kernel, options);
  const channels = x.at(-1)!;
  if (kernel.at(-1) !== channels || channels % groups !== 0) {
    throw channelsDiffer(op, x, kernel, groups, ['outChannels / groups', channels]);
  }
  const size = kernel.slice(0, -2);
  const lengths = x.slice(1, -1);
  const outputSize =
    options.outputSize === undefined
      ? defaultOutput(op, lengths, size, options)
      : perAxis(op, 'outputSize', options.outputSize, lengths.length);
  const sliding = slidingOf(op, [x[0]!, ...outputSize, kernel.at(-2)! * groups], size, options);
  const reduced = windowCounts(outputSize, size, sliding);
  if (!sameShape(reduced, lengths)) {
    throw new TapegradError(
      op,
      `a result of size ${showShape(outputSize)} would be reduced to ${showShape(reduced)} by the convolution, ` +
        `x has the shape ${showShape(x)}. Expected an outputSize that is reduced to ${showShape(lengths)}.`,
    );
  }
  return { ...sliding, groups, outputSize };
}

/** What Keras makes of these lengths; with padding in numbers, the least that is reduced to them. */
function defaultOutput(op: string, lengths: Shape, size: Shape, options: ConvolvingOptions): readonly number[] {
  const { stride, spans } = stepsOf(op, size, options);
  const { padding } = options;
  if (padding === 'same') return lengths.map((length, i) => length * stride[i]!);
  const pairs = paddingOf(op, padding, lengths, spans, stride);
  return lengths.map((length, i) => {
    if (padding === undefined || padding === 'valid') return length * stride[i]! + Math.max(spans[i]! - stride[i]!, 0);
    const [before, after] = pairs[i]!;
    const left = (length - 1) * stride[i]! + spans[i]! - before - after;
    if (left >= 0) return left;
    throw new TapegradError(
      op,
      `padding ${showShape(pairs[i]!)} of axis ${i + 1} leaves a result of length ${left}. Expected less padding.`,
    );
  });
}

function adjointOf(op: string, x: Shape, g: Shape, options: KernelAdjointOptions): Convolving & { kernel: Shape } {
  checkOptions(op, options, [...names, 'kernelSize']);
  if (x.length !== 4 || g.length !== 4) {
    throw new TapegradError(
      op,
      `x has the shape ${showShape(x)}, g ${showShape(g)}. Expected [batch, height, width, channels] for both.`,
    );
  }
  const { kernelSize, ...rest } = options;
  const size = perAxis(op, 'kernelSize', kernelSize, 2);
  const groups = wholeGroups(op, options);
  const kernel = [...size, x.at(-1)! / groups, g.at(-1)!];
  const how = convolvingOf(op, plane, x, kernel, rest);
  const expected = resultShape(x, kernel, how);
  if (!sameShape(g, expected)) {
    throw new TapegradError(
      op,
      `g has the shape ${showShape(g)}. Expected ${showShape(expected)}, that of the convolution of x ${showShape(x)} ` +
        `with a kernel ${showShape(kernel)}.`,
    );
  }
  return { ...how, kernel };
}

function wholeGroups(op: string, { groups = 1 }: ConvolvingOptions): number {
  return perAxis(op, 'groups', groups, 1)[0]!;
}

/** The number of groups, where the operands have the axes that they must have. */
function groupsOf(op: string, axes: AxisNames, x: Shape, kernel: Shape, options: ConvolvingOptions): number {
  if (x.length !== axes.length + 2 || kernel.length !== x.length || kernel.slice(0, -2).includes(0)) {
    throw new TapegradError(
      op,
      `x has the shape ${showShape(x)}, the kernel ${showShape(kernel)}. ` +
        `Expected [batch, ${axes.join(', ')}, channels] and a kernel of ${axes.length + 2} axes, ` +
        `the first ${axes.length === 1 ? 'its length' : 'two its height and width'}, at least 1.`,
    );
  }
  return wholeGroups(op, options);
}

function channelsDiffer(
  op: string,
  x: Shape,
  kernel: Shape,
  groups: number,
  expected: readonly (number | string)[],
): TapegradError {
  const want = [...kernel.slice(0, -2), ...expected].join(', ');
  return new TapegradError(
    op,
    `channels do not fit: x ${showShape(x)}, kernel ${showShape(kernel)}, groups ${groups}. ` +
      `Expected a kernel [${want}], and groups that divide both numbers of channels.`,
  );
}

function resultShape(x: Shape, kernel: Shape, how: Convolving): Shape {
  return [x[0]!, ...windowCounts(imageOf(x), sizeOfKernel(kernel), how), kernel[3]!];
}

function sizeOfKernel(kernel: Shape): Pair {
  return [kernel[0]!, kernel[1]!];
}

/** The attributes as options that give them again. */
function asOptions({ stride, padding, dilation, groups }: Convolving): ConvolutionOptions {
  return { stride, padding, dilation, groups } as unknown as ConvolutionOptions;
}
