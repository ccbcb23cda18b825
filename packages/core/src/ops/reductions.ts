// Reductions over any axes, and the normalisations made of them. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, broadcastView, copyOf, type NdArray, wrap } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { argmaxOver, maxOver, sumOver } from '../kernels/reduce.ts';
import { arithmeticResult, defineOp, floatResult, type Op } from '../op.ts';
import type { Call } from '../op-entry.ts';
import { normalizeAxis, reducedShape, type Shape, type Shapes, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { type ReduceAttrs, type Reduction, reduction } from './builders.ts';
import { where } from './elementwise.ts';

/** A reduced value (or its adjoint) with its axes back in place, so that it broadcasts against the operand. */
function keepAxes(reduced: Tensor, { attrs, inputs: [x] }: Call<ReduceAttrs>): Tensor {
  return reduced.reshape(reducedShape(x!.shape, attrs.axes, true));
}

/** How many elements each result is made of. */
function reducedCount({ attrs, inputs: [x] }: Call<ReduceAttrs>): number {
  return sizeOf(attrs.axes.map((axis) => x!.shape[axis]!));
}

export const sum: Reduction = reduction({
  name: 'sum',
  doc: 'The sum over the axes, added up in float64. Of nothing: 0.',
  tex: '\\sum_i x_i',
  kernel: sumOver,
  dtype: arithmeticResult,
  ofEmpty: true,
  saves: [],
  vjp: (g, _saved, call) => keepAxes(g, call).broadcastTo(call.inputs[0]!.shape),
});

export const mean: Reduction = reduction({
  name: 'mean',
  doc: 'The mean over the axes. Of nothing: NaN.',
  tex: '\\frac{1}{n} \\sum_i x_i',
  kernel: (x, axes) => {
    const total = sumOver(x, axes);
    nd.divseq(total, sizeOf(axes.map((axis) => x.shape[axis]!)));
    return total;
  },
  ofEmpty: true,
  saves: [],
  vjp: (g, _saved, call) => keepAxes(g.div(reducedCount(call)), call).broadcastTo(call.inputs[0]!.shape),
});

export const max: Reduction = reduction({
  name: 'max',
  doc: 'The largest element over the axes; NaN if there is one. Equal largest elements share the gradient evenly.',
  tex: '\\max_i x_i',
  kernel: largest,
  dtype: arithmeticResult,
  ofEmpty: false,
  saves: ['x', 'out'],
  vjp: (g, { x, out }, call) => {
    const winners = x.equal(keepAxes(out, call));
    const count = winners.sum(call.attrs.axes, { keepDims: true });
    return where(winners, keepAxes(g, call), 0).div(count); // 0/0 where the largest is NaN
  },
});

function largest(x: NdArray, axes: readonly number[], op: string): NdArray {
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty !== undefined && sizeOf(reducedShape(x.shape, axes, false)) > 0) {
    throw new TapegradError(op, `axis ${empty} has no elements. Expected at least one to choose the largest from.`);
  }
  return maxOver(x, axes);
}

export const logSumExp: Reduction = reduction({
  name: 'logSumExp',
  doc: 'The logarithm of the sum of exponentials over the axes, without overflow. Of nothing: -∞.',
  tex: '\\ln \\sum_i e^{x_i}',
  kernel: (x, axes) => {
    const shift = maxOver(x, axes);
    // An infinite maximum must not be subtracted from itself.
    shift.data.forEach((value, i) => {
      if (!Number.isFinite(value)) shift.data[i] = 0;
    });
    const total = sumOver(shiftedExp(x, shift), axes);
    nd.logeq(total);
    nd.addeq(total, shift);
    return total;
  },
  ofEmpty: true,
  saves: ['x', 'out'],
  vjp: (g, { x, out }, call) => keepAxes(g, call).mul(x.sub(keepAxes(out, call)).exp()),
});

const subtractExp = elementwise('subtractExp', ['x', 'shift'], 'Math.exp(x-shift)');

/** e^(x − shift) in float64. */
function shiftedExp(x: NdArray, shift: NdArray): NdArray {
  const out = allocate('float64', x.shape);
  subtractExp(out, x, broadcastView(shift, x.shape));
  return out;
}

export const argmax: Op<(x: TensorLike, axis?: number) => Tensor> = defineOp({
  name: 'argmax',
  doc: 'The position of the largest element along an axis, or among all in row-major order; the first of several. No gradient flows.',
  tex: '\\operatorname{arg\\,max}_i x_i',
  inputs: ['x'],
  attributes: ([x]: Shapes, axis?: number) => ({
    axis: axis === undefined ? undefined : normalizeAxis('argmax', axis, x!.length),
  }),
  shape: ([x], { axis }) => {
    if ((axis === undefined ? sizeOf(x!) : x![axis]) === 0) {
      throw new TapegradError(
        'argmax',
        `${showShape(x!)} has no elements${axis === undefined ? '' : ` along axis ${axis}`}. Expected at least one.`,
      );
    }
    return axis === undefined ? [] : reducedShape(x!, [axis], false);
  },
  dtype: () => 'int32',
  forward: ([x], { attrs: { axis }, shape }) => wrap(argmaxOver(x!, axis), shape),
  saves: [],
  vjp: { x: 'not differentiable' },
  samples: [{ inputs: [{ shape: [2, 3] }] }, { inputs: [{ shape: [2, 3] }], args: [0] }],
});

// Normalised exponentials along one axis.

export type Normalization = Op<(x: TensorLike, axis?: number) => Tensor>;

interface AxisAttrs {
  readonly axis: number;
}

const alongAxis = (op: string) => ({
  inputs: ['x'] as const,
  attributes: ([x]: Shapes, axis: number = -1): AxisAttrs => ({ axis: normalizeAxis(op, axis, x!.length) }),
  shape: ([x]: Shapes) => x!,
  dtype: floatResult(op),
  samples: [
    { inputs: [{ shape: [3] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 2] }], args: [1] as [number] },
    { inputs: [{ shape: [0, 3] }] },
  ],
});

export const softmax: Normalization = defineOp({
  ...alongAxis('softmax'),
  name: 'softmax',
  doc: 'Exponentials along an axis, by default the last, divided by their sum. Does not overflow.',
  tex: '\\frac{e^{x_i}}{\\sum_j e^{x_j}}',
  forward: ([x], { attrs: { axis }, dtype }) => {
    const out = shiftedExp(x!, maxOver(x!, [axis]));
    nd.diveq(out, broadcastView(sumOver(out, [axis]), out.shape));
    return copyOf(out, dtype);
  },
  saves: ['out'],
  // J = diag(s) − s sᵀ
  vjp: { x: (g, { out }, { attrs }) => out.mul(g.sub(out.mul(g).sum(attrs.axis, { keepDims: true }))) },
});

// One after the other: the sum of a large shift and a small logarithm would lose the digits of the latter.
const subtractBoth = elementwise('subtractBoth', ['x', 'shift', 'logTotal'], 'x-shift-logTotal');

export const logSoftmax: Normalization = defineOp({
  ...alongAxis('logSoftmax'),
  name: 'logSoftmax',
  doc: 'The logarithm of softmax along an axis, by default the last: finite where softmax itself is 0.',
  tex: 'x_i - \\ln \\sum_j e^{x_j}',
  forward: ([x], { attrs: { axis }, dtype }) => {
    const shift = maxOver(x!, [axis]);
    const logTotal = sumOver(shiftedExp(x!, shift), [axis]);
    nd.logeq(logTotal);
    const out = allocate(dtype, x!.shape);
    subtractBoth(out, x!, broadcastView(shift, x!.shape), broadcastView(logTotal, x!.shape));
    return out;
  },
  saves: ['out'],
  vjp: { x: (g, { out }, { attrs }) => g.sub(out.exp().mul(g.sum(attrs.axis, { keepDims: true }))) },
});

/** The adjoint of broadcasting: `x` summed back to `shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = [...x.shape.keys()].filter((axis) => axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1));
  return sum(x, axes).reshape(shape);
}
