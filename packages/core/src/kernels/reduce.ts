// Reductions over any axes: a destination with strides of 0 along the reduced axes takes every element in turn.

import ops from 'ndarray-ops';
import { allocate, broadcastView, contiguous, copyOf, type NdArray, reshaped, transposeView } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { reducedShape, type Shape, sizeOf } from '../shape.ts';

/** The sum over `axes`, which stay with length 1. Added up in float64: a running float32 sum loses digits with length. */
export function sumOver(x: NdArray, axes: readonly number[]): NdArray {
  const total = allocate('float64', reducedShape(x.shape, axes, true));
  ops.addeq(broadcastView(total, x.shape), x);
  return total;
}

/** The maximum over `axes`, which stay with length 1. NaN where one of the elements is NaN. */
export function maxOver(x: NdArray, axes: readonly number[]): NdArray {
  const largest = allocate('float64', reducedShape(x.shape, axes, true));
  largest.data.fill(Number.NEGATIVE_INFINITY);
  ops.maxeq(broadcastView(largest, x.shape), x);
  return largest;
}

/** The position of the first largest element along `axis`, or of the first NaN, as NumPy has it; without an axis among all. */
export function argmaxOver(x: NdArray, axis: number | undefined): Int32Array {
  if (axis === undefined) return argmaxOver(reshaped(x, [sizeOf(x.shape)], 'float64'), 0);
  const order = [...x.shape.keys()].filter((other) => other !== axis);
  const rows = contiguous(transposeView(x, [...order, axis]), 'float64');
  const length = x.shape[axis]!;
  return Int32Array.from({ length: sizeOf(x.shape) / length }, (_, row) => {
    const at = rows.offset + row * length;
    let best = 0;
    for (let i = 1; i < length; i++) {
      const champion = rows.data[at + best]!;
      if (rows.data[at + i]! > champion || (Number.isNaN(rows.data[at + i]!) && !Number.isNaN(champion))) best = i;
    }
    return best;
  });
}

/** A kept-axes result in its final shape and dtype. */
export function finish(kept: NdArray, dtype: DType, shape: Shape): NdArray {
  return reshaped(dtype === 'float64' ? kept : copyOf(kept, dtype), shape, dtype);
}
