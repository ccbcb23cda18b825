// Matrix products of the last two axes, batched over the others.

import { allocate, broadcastView, type NdArray } from '../arrays.ts';
import type { FloatDType } from '../dtype.ts';
import { rowMajorStrides, type Shape, sizeOf } from '../shape.ts';
import type { Matrix } from './product.ts';
import { multiplyMatrices } from './products.ts';

/** `x [...batch, m, k] · y [...batch, k, n]` into a new array of `shape [...batch, m, n]`; batch axes broadcast. */
export function matmulKernel(x: NdArray, y: NdArray, dtype: FloatDType, shape: Shape): NdArray {
  const batch = shape.slice(0, -2);
  const [m, n] = [shape[shape.length - 2]!, shape[shape.length - 1]!];
  const k = x.shape[x.shape.length - 1]!;
  const out = allocate(dtype, shape);
  const xs = broadcastView(x, [...batch, m, k]);
  const ys = broadcastView(y, [...batch, k, n]);
  for (let b = 0; b < sizeOf(batch); b++) {
    const [left, right] = [matrixOf(xs, matrixOffset(xs, batch, b)), matrixOf(ys, matrixOffset(ys, batch, b))];
    multiplyMatrices(m, n, k, left, right, out.data, b * m * n);
  }
  return out;
}

/** The matrix of the last two axes that begins at `offset`. */
export function matrixOf(x: NdArray, offset: number): Matrix {
  const [row, column] = x.stride.slice(-2) as [number, number];
  return { data: x.data, offset, row, column };
}

/** Where the b-th matrix of a batch starts. */
function matrixOffset(x: NdArray, batch: Shape, b: number): number {
  const strides = rowMajorStrides(batch);
  let offset = x.offset;
  for (let axis = 0; axis < batch.length; axis++) {
    offset += (Math.floor(b / strides[axis]!) % batch[axis]!) * x.stride[axis]!;
  }
  return offset;
}
