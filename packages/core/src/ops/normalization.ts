// Normalisation: elements brought to mean 0 and deviation 1 over some axes, then scaled and moved by what a model learned. An op
// is one entry.

import { isFloat } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, type Op } from '../op.ts';
import { type Axes, normalizeAxes, normalizeAxis, type Shape, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { center, variance } from './statistics.ts';

/** Over which axes each example is normalised by itself. */
export interface LayerNormOptions {
  /** Default: the last. */
  readonly axes?: Axes;
  /** Added to the variance, so that equal elements do not divide by 0. Default: 1e-3, as in Keras. */
  readonly epsilon?: number;
}

/** Which axis has a mean and a deviation for each of its places. */
export interface BatchNormOptions {
  /** That of the channels. Default: the last. */
  readonly axis?: number;
  /** Added to the variance, so that equal elements do not divide by 0. Default: 1e-3, as in Keras. */
  readonly epsilon?: number;
}

type Optional = TensorLike | undefined;

function epsilonOf(op: string, { epsilon = 1e-3 }: { readonly epsilon?: number }): number {
  if (typeof epsilon === 'number' && epsilon >= 0) return epsilon;
  throw new TapegradError(op, `epsilon is ${String(epsilon)}. Expected a number >= 0.`);
}

/** An operand with one element for each place of some axes of x, as it broadcasts to x. */
function alongAxes(op: string, name: string, operand: TensorLike, x: Shape, axes: readonly number[]): TensorLike {
  if (typeof operand === 'number') return operand;
  const expected = axes.map((axis) => x[axis]!);
  const { shape } = asTensor(op, name, operand);
  if (sameShape(shape, expected)) return operand.reshape(x.map((length, axis) => (axes.includes(axis) ? length : 1)));
  throw new TapegradError(
    op,
    `${name} has the shape ${showShape(shape)}, x ${showShape(x)}. Expected ${showShape(expected)}, ` +
      `the lengths of x along axes ${showShape(axes)}.`,
  );
}

/** Scaled and moved by learned operands, those that there are. */
function affine(op: string, out: Tensor, scale: Optional, offset: Optional, axes: readonly number[]): Tensor {
  const scaled = scale === undefined ? out : out.mul(alongAxes(op, 'scale', scale, out.shape, axes));
  return offset === undefined ? scaled : scaled.add(alongAxes(op, 'offset', offset, out.shape, axes));
}

export const layerNorm: Op<(x: TensorLike, scale?: Optional, offset?: Optional, options?: LayerNormOptions) => Tensor> =
  defineComposite({
    name: 'layerNorm',
    doc: 'Layer normalisation: each example brought to mean 0 and variance 1 over the axes, by default the last; then times `scale`, plus `offset`, of the lengths of these axes. The mean is taken off in float64, so that a large one costs no digits (arXiv:1607.06450, eq. 4).',
    tex: '\\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}}\\, \\gamma + \\beta',
    inputs: ['x', 'scale', 'offset'],
    compute: (x: TensorLike, scale?: Optional, offset?: Optional, options: LayerNormOptions = {}): Tensor => {
      const op = 'layerNorm';
      checkOptions(op, options, ['axes', 'epsilon']);
      const input = asTensor(op, 'x', x);
      const axes = normalizeAxes(op, options.axes ?? -1, input.rank);
      const epsilon = epsilonOf(op, options);
      const deviation = variance(input, axes, { keepDims: true }).add(epsilon).sqrt();
      return affine(op, center(input, axes).div(deviation), scale, offset, axes);
    },
    samples: [
      { inputs: [{ shape: [2, 3] }] },
      { inputs: [{ shape: [2, 3] }, { shape: [3] }, { shape: [3] }], args: [{ epsilon: 1e-5 }] },
      { inputs: [{ shape: [2, 3, 2] }, { shape: [3, 2] }], args: [undefined, { axes: [1, 2] }] },
      { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 2] }], args: [undefined, { axes: [0, -1], epsilon: 0.1 }] },
      { inputs: [{ shape: [0, 3] }, { shape: [3] }, { shape: [3] }] },
    ],
  });

export const rmsNorm: Op<(x: TensorLike, scale?: Optional, options?: LayerNormOptions) => Tensor> = defineComposite({
  name: 'rmsNorm',
  doc: 'Division by the root of the mean square over the axes, by default the last; then times `scale`, of the lengths of these axes (arXiv:1910.07467, eq. 4).',
  tex: '\\frac{x}{\\sqrt{\\frac{1}{n} \\sum_i x_i^2 + \\epsilon}}\\, \\gamma',
  inputs: ['x', 'scale'],
  compute: (x: TensorLike, scale?: Optional, options: LayerNormOptions = {}): Tensor => {
    const op = 'rmsNorm';
    checkOptions(op, options, ['axes', 'epsilon']);
    const given = asTensor(op, 'x', x);
    const input = isFloat(given.dtype) ? given : given.asType('float32');
    const axes = normalizeAxes(op, options.axes ?? -1, input.rank);
    const meanSquare = input.square().mean(axes, { keepDims: true });
    return affine(op, input.div(meanSquare.add(epsilonOf(op, options)).sqrt()), scale, undefined, axes);
  },
  samples: [
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 2] }, { shape: [3, 2] }], args: [{ axes: [1, 2], epsilon: 1e-5 }] },
  ],
});

export const batchNorm: Op<
  (
    x: TensorLike,
    scale?: Optional,
    offset?: Optional,
    options?: BatchNormOptions,
  ) => readonly [out: Tensor, mean: Tensor, variance: Tensor]
> = defineComposite({
  name: 'batchNorm',
  doc: 'Batch normalisation as in training: each channel brought to mean 0 and variance 1 over all other axes; then times `scale`, plus `offset`, one element a channel. Gives the result, and the mean and the variance (of n, not n - 1) of each channel, for a moving average (arXiv:1502.03167, algorithm 1).',
  tex: '\\frac{x - \\mu_c}{\\sqrt{\\sigma_c^2 + \\epsilon}}\\, \\gamma_c + \\beta_c',
  inputs: ['x', 'scale', 'offset'],
  compute: (x: TensorLike, scale?: Optional, offset?: Optional, options: BatchNormOptions = {}) => {
    const op = 'batchNorm';
    checkOptions(op, options, ['axis', 'epsilon']);
    const input = asTensor(op, 'x', x);
    const axis = normalizeAxis(op, options.axis ?? -1, input.rank);
    const others = [...input.shape.keys()].filter((other) => other !== axis);
    const spread = variance(input, others, { keepDims: true });
    const normalized = center(input, others).div(spread.add(epsilonOf(op, options)).sqrt());
    const out = affine(op, normalized, scale, offset, [axis]);
    return [out, input.mean(others), spread.reshape([input.shape[axis]!])] as const;
  },
  samples: [
    { inputs: [{ shape: [3, 2] }] },
    { inputs: [{ shape: [3, 2] }, { shape: [2] }, { shape: [2] }], args: [{ epsilon: 1e-5 }] },
    { inputs: [{ shape: [2, 2, 3, 2] }, { shape: [2] }, { shape: [2] }] },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [2] }], args: [undefined, { axis: 1, epsilon: 0.1 }] },
  ],
});

export const batchNormInference: Op<
  (
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    scale?: Optional,
    offset?: Optional,
    options?: BatchNormOptions,
  ) => Tensor
> = defineComposite({
  name: 'batchNormInference',
  doc: 'Batch normalisation as after training, by a mean and a variance for each channel that are given (arXiv:1502.03167, algorithm 2).',
  tex: '\\frac{x - \\mu_c}{\\sqrt{\\sigma_c^2 + \\epsilon}}\\, \\gamma_c + \\beta_c',
  inputs: ['x', 'mean', 'variance', 'scale', 'offset'],
  compute: (
    x: TensorLike,
    mean: TensorLike,
    spread: TensorLike,
    scale?: Optional,
    offset?: Optional,
    options: BatchNormOptions = {},
  ): Tensor => {
    const op = 'batchNormInference';
    checkOptions(op, options, ['axis', 'epsilon']);
    const input = asTensor(op, 'x', x);
    const axis = normalizeAxis(op, options.axis ?? -1, input.rank);
    const along = (name: string, operand: TensorLike): Tensor =>
      asTensor(op, name, alongAxes(op, name, asTensor(op, name, operand), input.shape, [axis]));
    const deviation = along('variance', spread).add(epsilonOf(op, options)).sqrt();
    return affine(op, input.sub(along('mean', mean)).div(deviation), scale, offset, [axis]);
  },
  samples: [
    { inputs: [{ shape: [3, 2] }, { shape: [2] }, { shape: [2], low: 0.3 }, { shape: [2] }, { shape: [2] }] },
    {
      inputs: [{ shape: [2, 2, 3] }, { shape: [2] }, { shape: [2], low: 0.3 }],
      args: [undefined, undefined, { axis: 1, epsilon: 0.1 }],
    },
  ],
});
