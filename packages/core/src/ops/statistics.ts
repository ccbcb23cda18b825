// How far elements lie apart, and from 0: deviations from the mean, variance, norms, over any axes. An op is one entry.

import nd from 'ndarray-ops';
import { copyOf } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { type ElementwiseKernel, elementwiseWith } from '../kernels/elementwise.ts';
import { finish, quotient } from '../kernels/reduce.ts';
import { centerOver, normOver, varianceOver } from '../kernels/spread.ts';
import type { Lowering } from '../lowering.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import type { Abstract, Call, Sample } from '../op-entry.ts';
import { type Axes, normalizeAxes, reducedShape, type Shape, type Shapes, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkFlags, checkOptions } from './arguments.ts';
import type { ReduceAttrs, ReduceOptions } from './builders.ts';
import { where } from './choice.ts';
import { centerOf, normOf, squaresAroundMean } from './lowered.ts';
import { keepAxes, reducedCount } from './reductions.ts';

export const center: Op<(x: TensorLike, axes?: Axes) => Tensor> = defineOp({
  name: 'center',
  doc: 'The elements less their mean over the axes. Of equal elements: exactly 0.',
  tex: 'x - \\bar x',
  inputs: ['x'],
  attributes: ([x]: Shapes, axes?: Axes) => ({ axes: normalizeAxes('center', axes, x!.length) }),
  shape: ([x]) => x!,
  dtype: floatResult('center'),
  forward: ([x], { attrs: { axes }, dtype }) => copyOf(centerOver(x!, axes), dtype),
  lower: (to, [x], result) => centerOf(to, x!, result.attrs.axes, result),
  saves: [],
  // a projection, and symmetric: its own adjoint
  vjp: { x: (g, _saved, { attrs: { axes } }) => center(g, axes) },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [3, 2] }] },
    { inputs: [{ shape: [2, 3, 2] }], args: [[0, -1]] },
    { inputs: [{ shape: [0, 3] }], args: [0] },
  ],
});

/** What {@link variance} and {@link standardDeviation} divide by, and how they give their result. */
export interface VarianceOptions extends ReduceOptions {
  /** Delta degrees of freedom: squared deviations are divided by n − ddof. 0 for the data's own, 1 for an estimate from a sample. Default: 0. */
  readonly ddof?: number;
}

/** A measure of spread over `axes`, or over all of them where none are given. */
export type Spread = Op<(x: TensorLike, axes?: Axes, options?: VarianceOptions) => Tensor>;

interface SpreadAttrs extends ReduceAttrs {
  readonly ddof: number;
}

type SpreadArgs = [axes?: Axes, options?: VarianceOptions];

/** What the two measures have in common. */
const spread = (op: string) => ({
  name: op,
  inputs: ['x'] as const,
  attributes: ([x]: Shapes, axes?: Axes, options: VarianceOptions = {}): SpreadAttrs => {
    checkOptions(op, options, ['ddof', 'keepDims']);
    const { ddof = 0, keepDims = false } = options;
    checkFlags(op, { keepDims });
    if (!Number.isFinite(ddof)) throw new TapegradError(op, `ddof is ${String(ddof)}. Expected a number, e.g. 0 or 1.`);
    return { axes: normalizeAxes(op, axes, x!.length), keepDims, ddof };
  },
  shape: ([x]: Shapes, { axes, keepDims }: SpreadAttrs) => reducedShape(x!, axes, keepDims),
  dtype: floatResult(op),
  samples: [
    { inputs: [{ shape: [3, 2] }] },
    { inputs: [{ shape: [3, 2] }], args: [0, { ddof: 1 }] },
    { inputs: [{ shape: [3, 2] }], args: [-1, { keepDims: true }] },
    { inputs: [{ shape: [2, 2, 3] }], args: [[0, 2], { ddof: 1, keepDims: true }] },
    { inputs: [{ shape: [0, 3] }], args: [1] },
  ] satisfies Sample<SpreadArgs>[],
});

/** n − ddof; NaN where nothing is left to estimate from. */
function degreesOfFreedom(count: number, ddof: number): number {
  return count > ddof ? count - ddof : Number.NaN;
}

function degreesOf(call: Call<SpreadAttrs>): number {
  return degreesOfFreedom(reducedCount(call), call.attrs.ddof);
}

function varianceKernel(x: Parameters<typeof varianceOver>[0], { axes, ddof }: SpreadAttrs): typeof x {
  return varianceOver(x, axes, degreesOfFreedom(sizeOf(axes.map((axis) => x.shape[axis]!)), ddof));
}

/** The same for a compiler: `of` makes a kernel of the degrees of freedom that sums of squared deviations are divided by. */
function spreadOf<V>(
  to: Lowering<V>,
  x: V,
  of: (degrees: number) => ElementwiseKernel,
  { attrs: { axes, ddof }, dtype, shape }: Abstract & { readonly attrs: SpreadAttrs },
): V {
  const lengths = to.of(x).shape;
  const degrees = degreesOfFreedom(sizeOf(axes.map((axis) => lengths[axis]!)), ddof);
  const kept = { shape: reducedShape(lengths, axes, true), dtype };
  return to.reshape(to.map(of(degrees), [squaresAroundMean(to, x, axes)], kept), shape);
}

const rootOfQuotient = elementwiseWith('rootOfQuotient', ['x'], ['n'], 'Math.sqrt(x/n)', { wide: true });

export const variance: Spread = defineOp({
  ...spread('variance'),
  doc: 'The mean squared deviation from the mean over the axes, with n − ddof in place of n. Of equal elements: exactly 0. NaN where ddof leaves nothing to divide by.',
  tex: '\\frac{1}{n - \\mathrm{ddof}} \\sum_i (x_i - \\bar x)^2',
  forward: ([x], { attrs, dtype, shape }) => finish(varianceKernel(x!, attrs), dtype, shape),
  lower: (to, [x], result) => spreadOf(to, x!, quotient, result),
  saves: ['x'],
  vjp: {
    x: (g, { x }, call) => keepAxes(g, call).mul(2).mul(x.center(call.attrs.axes)).div(degreesOf(call)),
  },
});

export const standardDeviation: Spread = defineOp({
  ...spread('standardDeviation'),
  doc: 'The square root of the variance over the axes. Its gradient at equal elements, a kink, is 0.',
  tex: '\\sqrt{\\frac{1}{n - \\mathrm{ddof}} \\sum_i (x_i - \\bar x)^2}',
  forward: ([x], { attrs, dtype, shape }) => {
    const result = varianceKernel(x!, attrs);
    nd.sqrteq(result);
    return finish(result, dtype, shape);
  },
  lower: (to, [x], result) => spreadOf(to, x!, rootOfQuotient, result),
  saves: ['x', 'out'],
  vjp: {
    x: (g, { x, out }, call) =>
      keepAxes(quotientOffZero(g, out), call).mul(x.center(call.attrs.axes)).div(degreesOf(call)),
  },
});

/** g / out; 0 where out is, at every order. */
function quotientOffZero(g: Tensor, out: Tensor): Tensor {
  const zero = out.equal(0);
  return where(zero, 0, g.div(where(zero, 1, out)));
}

/** Which norm, over which axes. */
export interface NormOptions extends ReduceOptions {
  /** 1, 2, any other number above 0, Infinity for the largest magnitude, -Infinity for the smallest. Default: 2. */
  readonly order?: number;
  /** Default: all. */
  readonly axes?: Axes;
}

interface NormAttrs extends ReduceAttrs {
  readonly order: number;
}

export const norm: Op<(x: TensorLike, options?: NormOptions) => Tensor> = defineOp({
  name: 'norm',
  doc: 'The vector norm of an order over the axes, without overflow; of a matrix over both its axes the Frobenius norm. Its gradient at 0, a kink, is 0; equal largest magnitudes share it evenly.',
  tex: '\\left(\\sum_i |x_i|^p\\right)^{1/p}',
  inputs: ['x'],
  attributes: ([x]: Shapes, options: NormOptions = {}): NormAttrs => {
    checkOptions('norm', options, ['order', 'axes', 'keepDims']);
    const { order = 2, axes, keepDims = false } = options;
    checkFlags('norm', { keepDims });
    if (typeof order !== 'number' || !(order > 0 || order === -Infinity)) {
      throw new TapegradError('norm', `order is ${String(order)}. Expected a number above 0, Infinity or -Infinity.`);
    }
    const normalized = normalizeAxes('norm', axes, x!.length);
    if (!Number.isFinite(order)) checkElements(x!, normalized, order);
    return { order, axes: normalized, keepDims };
  },
  shape: ([x], { axes, keepDims }) => reducedShape(x!, axes, keepDims),
  dtype: floatResult('norm'),
  forward: ([x], { attrs: { axes, order }, dtype, shape }) => finish(normOver(x!, axes, order), dtype, shape),
  lower: (to, [x], { attrs: { axes, order }, dtype, shape }) => {
    const kept = { shape: reducedShape(to.of(x!).shape, axes, true), dtype };
    return to.reshape(normOf(to, x!, axes, order, kept), shape);
  },
  saves: ['x', 'out'],
  vjp: { x: normRule },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3] }], args: [{ axes: 0, keepDims: true }] },
    { inputs: [{ shape: [2, 3] }], args: [{ order: 1, axes: -1 }] },
    { inputs: [{ shape: [2, 3] }], args: [{ order: 3 }] },
    { inputs: [{ shape: [3, 2], low: 0.2 }], args: [{ order: 0.5, axes: 0 }] },
    { inputs: [{ shape: [2, 3] }], args: [{ order: Infinity, axes: 1 }] },
    { inputs: [{ shape: [2, 3] }], args: [{ order: -Infinity, axes: [0, 1] }] },
    { inputs: [{ shape: [0, 3] }], args: [{ axes: 0 }] },
  ],
});

function checkElements(x: Shape, axes: readonly number[], order: number): void {
  const empty = axes.find((axis) => x[axis] === 0);
  if (empty === undefined) return;
  throw new TapegradError(
    'norm',
    `axis ${empty} has no elements. Expected at least one for the norm of order ${order}, a choice among them.`,
  );
}

/** The derivative of a norm: the signs, weighted by (|x| / out)^(p − 1), which is x / out for p = 2. */
function normRule(g: Tensor, { x, out }: { readonly x: Tensor; readonly out: Tensor }, call: Call<NormAttrs>): Tensor {
  const { order, axes } = call.attrs;
  if (order === 1) return keepAxes(g, call).mul(x.sign());
  if (order === 2) return keepAxes(quotientOffZero(g, out), call).mul(x);
  if (!Number.isFinite(order)) {
    const winners = x.abs().equal(keepAxes(out, call));
    const count = winners.sum(axes, { keepDims: true });
    return where(winners, keepAxes(g, call), 0).mul(x.sign()).div(count);
  }
  const whole = keepAxes(where(out.equal(0), 1, out), call);
  // 0 to a power below 0 must not meet the sign 0
  const share = where(x.equal(0), 1, x.abs().div(whole)).pow(order - 1);
  return keepAxes(g, call).mul(x.sign()).mul(share);
}
