// Pooling over two axes, channels last: the largest or the mean element of each window, and the adjoints. An op is one entry.

import { TapegradError } from '../errors.ts';
import {
  averagePool,
  maxPool,
  meanAtLargest,
  type Pooling,
  shareAmongLargest,
  shareEvenly,
} from '../kernels/pooling.ts';
import { imageOf, type Pair, windowCounts } from '../kernels/windows.ts';
import { arithmeticResult, defineOp, floatResult, type Op } from '../op.ts';
import { type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import type { AxisNames } from './convolution.ts';
import {
  averagePoolAdjointOf,
  averagePoolOf,
  maxPoolAdjointOf,
  maxPoolOf,
  meanAtLargestOf,
} from './lowered-windows.ts';
import { type Padding, type PerAxis, perAxis, type SlideOptions, slidingOf } from './windows.ts';

/** How windows slide over images. */
export interface PoolingOptions {
  /** How far the window moves from one result to the next. Default: its size, so that windows lie side by side. */
  readonly stride?: PerAxis;
  /** Places in the padding are left out: they are no zeros. Default: `valid`. */
  readonly padding?: Padding;
}

/** What an adjoint of pooling must know of the images. */
export interface PoolingAdjointOptions extends PoolingOptions {
  /** The height and width of the images. */
  readonly imageSize: Pair;
}

const plane: AxisNames = ['height', 'width'];

export const maxPool2d: Op<(x: TensorLike, size: PerAxis, options?: PoolingOptions) => Tensor> = defineOp({
  name: 'maxPool2d',
  doc: 'The largest element of each window of images [batch, height, width, channels]; NaN if there is one. Equal largest elements of a window share its gradient evenly.',
  tex: 'y_{b,i,j,c} = \\max_{u,v} x_{b,\\, s i + u,\\, s j + v,\\, c}',
  inputs: ['x'],
  attributes: ([x]: Shapes, size: PerAxis, options: PoolingOptions = {}): Pooling =>
    poolingOf('maxPool2d', plane, x!, size, options) as Pooling,
  shape: ([x], how) => pooledShape(x!, how),
  dtype: arithmeticResult('maxPool2d'),
  forward: ([x], { attrs, dtype, shape }) => maxPool(x!, attrs, dtype, shape),
  lower: (to, [x], result) => maxPoolOf(to, x!, result.attrs, result),
  saves: ['x'],
  vjp: { x: (g, { x }, { attrs }) => maxPool2dAdjoint(g, x, attrs.size, asOptions(attrs)) },
  samples: [
    { inputs: [{ shape: [2, 4, 5, 2] }], args: [2] },
    { inputs: [{ shape: [1, 5, 4, 1] }], args: [[2, 3], { stride: [2, 1], padding: 'same' }] },
    { inputs: [{ shape: [1, 3, 2, 2] }], args: [2, { stride: 3, padding: [[1, 0], [0, 1]] }] }, // biome-ignore format: one line
    { inputs: [{ shape: [0, 2, 2, 1] }], args: [1] },
  ],
});

export const maxPool2dAdjoint: Op<(g: TensorLike, x: TensorLike, size: PerAxis, options?: PoolingOptions) => Tensor> =
  defineOp({
    name: 'maxPool2dAdjoint',
    doc: 'The adjoint of maxPool2d at x: each element of g goes to the largest elements of its window, in equal parts.',
    tex: '\\left(\\frac{\\partial\\, \\mathrm{maxPool}(x)}{\\partial x}\\right)^{\\!\\top} g',
    inputs: ['g', 'x'],
    typedBy: ['g'],
    attributes: ([g, x]: Shapes, size: PerAxis, options: PoolingOptions = {}): Pooling =>
      matching('maxPool2dAdjoint', 'g', g!, x!, size, options),
    shape: ([, x]) => x!,
    dtype: floatResult('maxPool2dAdjoint'),
    forward: ([g, x], { attrs, dtype }) => shareAmongLargest(g!, x!, attrs, dtype),
    lower: (to, [g, x], result) => maxPoolAdjointOf(to, g!, x!, result.attrs, result),
    saves: ['x'],
    vjp: {
      g: (u, { x }, { attrs }) => maxPool2dTangent(u, x, attrs.size, asOptions(attrs)),
      // Which elements are the largest does not change with them, but for jumps.
      x: 'not differentiable',
    },
    samples: [
      { inputs: [{ shape: [2, 2, 2, 2] }, { shape: [2, 4, 5, 2] }], args: [2] },
      { inputs: [{ shape: [1, 3, 4, 1] }, { shape: [1, 5, 4, 1] }], args: [3, { stride: [2, 1], padding: 'same' }] },
    ],
  });

export const maxPool2dTangent: Op<(u: TensorLike, x: TensorLike, size: PerAxis, options?: PoolingOptions) => Tensor> =
  defineOp({
    name: 'maxPool2dTangent',
    doc: 'The change of maxPool2d at x where x changes by u: in each window the mean of u over the largest elements of x.',
    tex: '\\frac{\\partial\\, \\mathrm{maxPool}(x)}{\\partial x}\\, u',
    inputs: ['u', 'x'],
    typedBy: ['u'],
    attributes: ([u, x]: Shapes, size: PerAxis, options: PoolingOptions = {}): Pooling => {
      if (!sameShape(u!, x!)) {
        throw new TapegradError(
          'maxPool2dTangent',
          `u has the shape ${showShape(u!)}, x ${showShape(x!)}. Expected equal shapes.`,
        );
      }
      return poolingOf('maxPool2dTangent', plane, x!, size, options) as Pooling;
    },
    shape: ([, x], how) => pooledShape(x!, how),
    dtype: floatResult('maxPool2dTangent'),
    forward: ([u, x], { attrs, dtype, shape }) => meanAtLargest(u!, x!, attrs, dtype, shape),
    lower: (to, [u, x], result) => meanAtLargestOf(to, u!, x!, result.attrs, result),
    saves: ['x'],
    vjp: {
      u: (g, { x }, { attrs }) => maxPool2dAdjoint(g, x, attrs.size, asOptions(attrs)),
      x: 'not differentiable',
    },
    samples: [{ inputs: [{ shape: [2, 4, 5, 2] }, { shape: [2, 4, 5, 2] }], args: [2, { stride: 1 }] }],
  });

export const averagePool2d: Op<(x: TensorLike, size: PerAxis, options?: PoolingOptions) => Tensor> = defineOp({
  name: 'averagePool2d',
  doc: 'The mean of each window of images [batch, height, width, channels]. The padding does not count, as in Keras.',
  tex: 'y_{b,i,j,c} = \\frac{1}{n_{i,j}} \\sum_{u,v} x_{b,\\, s i + u,\\, s j + v,\\, c}',
  inputs: ['x'],
  attributes: ([x]: Shapes, size: PerAxis, options: PoolingOptions = {}): Pooling =>
    poolingOf('averagePool2d', plane, x!, size, options) as Pooling,
  shape: ([x], how) => pooledShape(x!, how),
  dtype: floatResult('averagePool2d'),
  forward: ([x], { attrs, dtype, shape }) => averagePool(x!, attrs, dtype, shape),
  lower: (to, [x], result) => averagePoolOf(to, x!, result.attrs, result),
  saves: [],
  vjp: {
    x: (g, _saved, { attrs, inputs: [x] }) =>
      averagePool2dAdjoint(g, attrs.size, { ...asOptions(attrs), imageSize: imageOf(x!.shape) }),
  },
  samples: [
    { inputs: [{ shape: [2, 4, 5, 2] }], args: [2] },
    { inputs: [{ shape: [1, 5, 4, 1] }], args: [[2, 3], { stride: [2, 1], padding: 'same' }] },
    { inputs: [{ shape: [0, 2, 2, 1] }], args: [1] },
  ],
});

export const averagePool2dAdjoint: Op<(g: TensorLike, size: PerAxis, options: PoolingAdjointOptions) => Tensor> =
  defineOp({
    name: 'averagePool2dAdjoint',
    doc: 'The adjoint of averagePool2d of images of size imageSize: each element of g goes to all of its window, in equal parts.',
    tex: 'x_{b,\\, s i + u,\\, s j + v,\\, c} \\mathrel{+}= \\frac{1}{n_{i,j}}\\, g_{b,i,j,c}',
    inputs: ['g'],
    attributes: ([g]: Shapes, size: PerAxis, options: PoolingAdjointOptions) => {
      const op = 'averagePool2dAdjoint';
      checkOptions(op, options, ['stride', 'padding', 'imageSize']);
      if (g!.length !== 4) {
        throw new TapegradError(op, `g has the shape ${showShape(g!)}. Expected [batch, height, width, channels].`);
      }
      const { imageSize, ...rest } = options;
      const x = [g![0]!, ...perAxis(op, 'imageSize', imageSize, 2), g!.at(-1)!];
      return { ...matching(op, 'g', g!, x, size, rest), imageSize: imageOf(x) };
    },
    shape: ([g], { imageSize }) => [g![0]!, ...imageSize, g![3]!],
    dtype: floatResult('averagePool2dAdjoint'),
    forward: ([g], { attrs, dtype, shape }) => shareEvenly(g!, attrs, dtype, shape),
    lower: (to, [g], result) => averagePoolAdjointOf(to, g!, result.attrs, result),
    saves: [],
    vjp: { g: (u, _saved, { attrs }) => averagePool2d(u, attrs.size, asOptions(attrs)) },
    samples: [
      { inputs: [{ shape: [2, 2, 2, 2] }], args: [2, { imageSize: [4, 5] }] },
      { inputs: [{ shape: [1, 3, 4, 1] }], args: [3, { stride: [2, 1], padding: 'same', imageSize: [5, 4] }] },
    ],
  });

/** The arguments of a pooling of any number of axes, checked. */
export function poolingOf(
  op: string,
  axes: AxisNames,
  x: Shape,
  size: number | readonly number[],
  options: SlideOptions,
): Pooling | (Omit<Pooling, 'size'> & { readonly size: readonly number[] }) {
  checkOptions(op, options, ['stride', 'padding']);
  if (x.length !== axes.length + 2) {
    throw new TapegradError(
      op,
      `x has the shape ${showShape(x)}. Expected [batch, ${axes.join(', ')}, channels]; add a missing axis by reshape.`,
    );
  }
  const lengths = perAxis(op, 'size', size, axes.length);
  const sliding = slidingOf(op, x, lengths, { stride: lengths, ...options });
  const axis = sliding.padding.findIndex((pair, i) => Math.max(...pair) >= lengths[i]!);
  if (axis >= 0) {
    throw new TapegradError(
      op,
      `padding ${showShape(sliding.padding[axis]!)} of axis ${axis + 1} with windows of ${lengths[axis]} would make windows ` +
        `that hold nothing of x ${showShape(x)}. Expected padding smaller than the window.`,
    );
  }
  return { size: lengths, ...sliding };
}

/** The arguments of an adjoint, whose operand must have the shape of what is pooled out of x. */
function matching(op: string, name: string, g: Shape, x: Shape, size: PerAxis, options: PoolingOptions): Pooling {
  const how = poolingOf(op, plane, x, size, options) as Pooling;
  const expected = pooledShape(x, how);
  if (sameShape(g, expected)) return how;
  throw new TapegradError(
    op,
    `${name} has the shape ${showShape(g)}. Expected ${showShape(expected)}, that of x ${showShape(x)} pooled.`,
  );
}

function pooledShape(x: Shape, how: Pooling): Shape {
  return [x[0]!, ...windowCounts(imageOf(x), how.size, how), x[3]!];
}

/** The attributes as options that give them again. */
function asOptions({ stride, padding }: Pooling): PoolingOptions {
  return { stride, padding } as unknown as PoolingOptions;
}
