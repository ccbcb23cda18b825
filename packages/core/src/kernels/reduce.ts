// Reductions over any axes: a destination with strides of 0 along the reduced axes takes every element in turn.

import ops from 'ndarray-ops';
import {
  allocate,
  broadcastView,
  contiguous,
  copyOf,
  type NdArray,
  reshaped,
  reshapedView,
  sliceView,
  transposeView,
} from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { reducedShape, type Shape, sizeOf } from '../shape.ts';
import { type ElementwiseKernel, elementwise, elementwiseWith } from './elementwise.ts';

/** Takes the elements of `x` into a running result, one for each place beside `axes`, which stay with length 1. */
function fold(
  x: NdArray,
  axes: readonly number[],
  initial: number,
  into: (result: NdArray, x: NdArray) => unknown,
): NdArray {
  const result = allocate('float64', reducedShape(x.shape, axes, true));
  if (initial !== 0) result.data.fill(initial);
  into(broadcastView(result, x.shape), x);
  return result;
}

/** How many numbers are added one after another. */
const block = 128;

/**
 * The sum over `axes`. Added up in float64, for a running float32 sum loses digits with its length; so does one of float64 numbers, which are
 * added up in blocks, whose sums are summed in turn (Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14(4), 1993).
 */
export function sumOver(x: NdArray, axes: readonly number[]): NdArray {
  const terms = sizeOf(axes.map((axis) => x.shape[axis]!));
  if (x.dtype !== 'float64' || terms < 2 * block) return fold(x, axes, 0, ops.addeq);
  const axis = axes.reduce((longest, axis) => (x.shape[axis]! > x.shape[longest]! ? axis : longest));
  const length = x.shape[axis]!;
  const size = Math.min(block, length);
  const blocks = Math.floor(length / size);
  const whole = reshapedView(part(x, axis, 0, blocks * size), x.shape.toSpliced(axis, 1, blocks, size))!;
  const sums = fold(whole, [axis + 1], 0, ops.addeq);
  const total = sumOver(reshapedView(sums, x.shape.with(axis, blocks))!, axes);
  const rest = part(x, axis, blocks * size, length);
  if (rest.shape[axis]! > 0) ops.addeq(total, sumOver(rest, axes));
  return total;
}

/** The elements of an axis from `start` to before `stop`. */
function part(x: NdArray, axis: number, start: number, stop: number): NdArray {
  const starts = x.shape.map((_, other) => (other === axis ? start : 0));
  const shape = x.shape.map((length, other) => (other === axis ? stop - start : length));
  return sliceView(
    x,
    starts,
    starts.map(() => 1),
    shape,
  );
}

/** The product over `axes`, in float64. */
export function prodOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, 1, ops.muleq);
}

/** The maximum over `axes`. NaN where one of the elements is NaN. */
export function maxOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, Number.NEGATIVE_INFINITY, ops.maxeq);
}

/** The minimum over `axes`. NaN where one of the elements is NaN. */
export function minOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, Number.POSITIVE_INFINITY, ops.mineq);
}

const eitherOf = elementwise('eitherOf', ['x', 'y'], '(x!==0||y!==0)?1:0');
const bothOf = elementwise('bothOf', ['x', 'y'], '(x!==0&&y!==0)?1:0');

/** 1 where an element over `axes` is not 0, else 0. NaN is not 0. */
export function anyOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, 0, (result, x) => eitherOf(result, result, x));
}

/** 1 where no element over `axes` is 0, else 0. NaN is not 0. */
export function allOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, 1, (result, x) => bothOf(result, result, x));
}

const countInto = elementwise('countInto', ['count', 'x'], 'count+(x!==0?1:0)');

/** How many elements over `axes` are not 0. NaN is not 0. */
export function countOver(x: NdArray, axes: readonly number[]): NdArray {
  return fold(x, axes, 0, (result, x) => countInto(result, result, x));
}

/** The position of the first largest element along `axis`, or of the first NaN, as NumPy has it; without an axis among all. */
export function argmaxOver(x: NdArray, axis: number | undefined): Int32Array {
  return positionsOver(x, axis, 1);
}

/** The position of the first smallest element along `axis`, or of the first NaN; without an axis among all. */
export function argminOver(x: NdArray, axis: number | undefined): Int32Array {
  return positionsOver(x, axis, -1);
}

/** The position of the element whose `sign`-fold is the largest. */
function positionsOver(x: NdArray, axis: number | undefined, sign: 1 | -1): Int32Array {
  if (axis === undefined) return positionsOver(reshaped(x, [sizeOf(x.shape)], 'float64'), 0, sign);
  const order = [...x.shape.keys()].filter((other) => other !== axis);
  const rows = contiguous(transposeView(x, [...order, axis]), 'float64');
  const length = x.shape[axis]!;
  return Int32Array.from({ length: sizeOf(x.shape) / length }, (_, row) => {
    const at = rows.offset + row * length;
    let best = 0;
    for (let i = 1; i < length; i++) {
      const champion = sign * rows.data[at + best]!;
      const candidate = sign * rows.data[at + i]!;
      if (candidate > champion || (Number.isNaN(candidate) && !Number.isNaN(champion))) best = i;
    }
    return best;
  });
}

/** x / n, for sums in float64. */
export const quotient: (n: number) => ElementwiseKernel = elementwiseWith('quotient', ['x'], ['n'], 'x/n', {
  wide: true,
});

/** A kept-axes result in its final shape and dtype. */
export function finish(kept: NdArray, dtype: DType, shape: Shape): NdArray {
  return reshaped(dtype === 'float64' ? kept : copyOf(kept, dtype), shape, dtype);
}

/** e^(x − shift). */
export const subtractExp: ElementwiseKernel = elementwise('subtractExp', ['x', 'shift'], 'Math.exp(x-shift)');

/** e^(x − shift) in float64. */
export function shiftedExp(x: NdArray, shift: NdArray): NdArray {
  const out = allocate('float64', x.shape);
  subtractExp(out, x, broadcastView(shift, x.shape));
  return out;
}
