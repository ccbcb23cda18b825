// Sums, products, extremes over any axes. Spread and size are in `statistics.ts`, counts in `counting.ts`, positions in
// `positions.ts`. An op is one entry.

import nd from 'ndarray-ops';
import { onesLike } from '../create.ts';
import { maxOver, minOver, prodOver, shiftedExp, sumOver } from '../kernels/reduce.ts';
import { arithmeticResult } from '../op.ts';
import type { Call } from '../op-entry.ts';
import { reducedShape, type Shape, sameShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type ReduceAttrs, type Reduction, reduction } from './builders.ts';
import { where } from './choice.ts';
import { concat } from './joining.ts';
import { logSumExpOf, meanOf } from './lowered.ts';
import { stopGradient } from './passing.ts';
import { slice } from './slicing.ts';

/** A reduced value (or its adjoint) with its axes back in place, so that it broadcasts against the operand. */
export function keepAxes(reduced: Tensor, { attrs, inputs: [x] }: Call<ReduceAttrs>): Tensor {
  return reduced.reshape(reducedShape(x!.shape, attrs.axes, true));
}

/** How many elements each result is made of. */
export function reducedCount({ attrs, inputs: [x] }: Call<ReduceAttrs>): number {
  return sizeOf(attrs.axes.map((axis) => x!.shape[axis]!));
}

export const sum: Reduction = reduction({
  name: 'sum',
  doc: 'The sum over the axes, added up in float64. Of nothing: 0.',
  tex: '\\sum_i x_i',
  sign: '\\sum',
  kernel: sumOver,
  lower: (to, x, axes, { dtype }) => to.reduce('sum', x, axes, dtype),
  dtype: arithmeticResult,
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
  lower: meanOf,
  saves: [],
  vjp: (g, _saved, call) => keepAxes(g.div(reducedCount(call)), call).broadcastTo(call.inputs[0]!.shape),
});

export const prod: Reduction = reduction({
  name: 'prod',
  doc: 'The product over the axes, in float64. Of nothing: 1. The gradient divides by nothing: it is right beside any number of zeros.',
  tex: '\\prod_i x_i',
  sign: '\\prod',
  kernel: prodOver,
  lower: (to, x, axes, { dtype }) => to.reduce('product', x, axes, dtype),
  dtype: arithmeticResult,
  saves: ['x'],
  vjp: (g, { x }, call) => keepAxes(g, call).mul(productOfOthers(x, call.attrs.axes)),
});

/** At each element the product of all others over `axes`. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const order = [...[...x.shape.keys()].filter((axis) => !axes.includes(axis)), ...axes];
  const moved = x.transpose(order);
  const kept = moved.shape.slice(0, x.rank - axes.length);
  const others = othersAlongLast(moved.reshape([...kept, sizeOf(moved.shape.slice(kept.length))]));
  return others.reshape(moved.shape).transpose(order.map((_, axis) => order.indexOf(axis)));
}

/** The same along the last axis, as a tree: pairs are multiplied on the way up, and handed their partner on the way down. */
function othersAlongLast(x: Tensor): Tensor {
  const axis = x.rank - 1;
  const n = x.shape[axis]!;
  if (n <= 1) return onesLike(x);
  const half = n >> 1;
  const part = (from: Tensor, start: number, stop?: number): Tensor => slice(from, start, stop, { axis });
  const [left, right] = [part(x, 0, half), part(x, half, 2 * half)];
  const pairs = left.mul(right);
  const others = othersAlongLast(n % 2 === 0 ? pairs : concat([pairs, part(x, -1)], axis));
  const ofPairs = part(others, 0, half);
  return concat([ofPairs.mul(right), ofPairs.mul(left), part(others, half)], axis);
}

/** The rule of an extreme: equal winners share the gradient evenly. */
function shareAmongWinners(
  g: Tensor,
  { x, out }: { readonly x: Tensor; readonly out: Tensor },
  call: Call<ReduceAttrs>,
): Tensor {
  const winners = x.equal(keepAxes(out, call));
  const count = winners.sum(call.attrs.axes, { keepDims: true });
  return where(winners, keepAxes(g, call), 0).div(count); // 0/0 where the extreme is NaN
}

export const max: Reduction = reduction({
  name: 'max',
  doc: 'The largest element over the axes; NaN if there is one. Equal largest elements share the gradient evenly.',
  tex: '\\max_i x_i',
  sign: '\\max',
  kernel: maxOver,
  lower: (to, x, axes, { dtype }) => to.reduce('max', x, axes, dtype),
  dtype: arithmeticResult,
  chooses: 'largest',
  saves: ['x', 'out'],
  vjp: shareAmongWinners,
});

export const min: Reduction = reduction({
  name: 'min',
  doc: 'The smallest element over the axes; NaN if there is one. Equal smallest elements share the gradient evenly.',
  tex: '\\min_i x_i',
  sign: '\\min',
  kernel: minOver,
  lower: (to, x, axes, { dtype }) => to.reduce('min', x, axes, dtype),
  dtype: arithmeticResult,
  chooses: 'smallest',
  saves: ['x', 'out'],
  vjp: shareAmongWinners,
});

export const logSumExp: Reduction = reduction({
  name: 'logSumExp',
  doc: 'The logarithm of the sum of exponentials over the axes, without overflow. Of nothing: -∞. The gradient by -∞ is 0, also where there is nothing else.',
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
  lower: logSumExpOf,
  saves: ['x'],
  vjp: (g, { x }, call) => keepAxes(g, call).mul(weights(x, call.attrs.axes)),
});

/** Exponentials over the axes, divided by their sum. Not e^(x − out): where x is large, out has no digits left for the sum. */
function weights(x: Tensor, axes: readonly number[]): Tensor {
  if (x.size === 0) return x;
  const largest = stopGradient(max(x, axes, { keepDims: true })); // it cancels
  // An infinite maximum must not be subtracted from itself.
  const parts = x.sub(where(largest.abs().equal(Number.POSITIVE_INFINITY), 0, largest)).exp();
  const total = sum(parts, axes, { keepDims: true });
  return parts.div(where(total.equal(0), 1, total));
}

/**
 * The adjoint of broadcasting: `x` summed back to `shape`, which broadcasts to the shape of `x`.
 *
 * ```ts
 * sumTo(tensor([[1, 2], [3, 4]]), [1, 2]).toArray(); // → 4,6
 * ```
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = [...x.shape.keys()].filter((axis) => axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1));
  return lead === 0 ? sum(x, axes, { keepDims: true }) : sum(x, axes).reshape(shape);
}
