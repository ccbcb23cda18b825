// Matrix products of the last two axes, batched over the others; each product is one BLAS gemm on the operands' own strides.

import dgemm from '@stdlib/blas-base-dgemm';
import sgemm from '@stdlib/blas-base-sgemm';
import { allocate, broadcastView, type NdArray } from '../arrays.ts';
import type { FloatDType } from '../dtype.ts';
import { rowMajorStrides, type Shape, sizeOf } from '../shape.ts';

/** `x [...batch, m, k] · y [...batch, k, n]` into a new array of `shape [...batch, m, n]`; batch axes broadcast. */
export function matmulKernel(x: NdArray, y: NdArray, dtype: FloatDType, shape: Shape): NdArray {
  const batch = shape.slice(0, -2);
  const [m, n] = [shape[shape.length - 2]!, shape[shape.length - 1]!];
  const k = x.shape[x.shape.length - 1]!;
  const out = allocate(dtype, shape);
  const xs = broadcastView(x, [...batch, m, k]);
  const ys = broadcastView(y, [...batch, k, n]);
  if (k === 0 || sizeOf(shape) === 0) return out; // an empty sum; BLAS refuses strides of 0 in its result
  const product = dtype === 'float32' ? singleProduct : doubleProduct;
  for (let b = 0; b < sizeOf(batch); b++) {
    product(m, n, k, xs, batchOffset(xs, batch, b), ys, batchOffset(ys, batch, b), out, b * m * n);
  }
  return out;
}

type Product = (
  m: number,
  n: number,
  k: number,
  x: NdArray,
  xOffset: number,
  y: NdArray,
  yOffset: number,
  out: NdArray,
  outOffset: number,
) => void;

const singleProduct: Product = (m, n, k, x, xOffset, y, yOffset, out, outOffset) => {
  const [xData, yData, outData] = [x.data as Float32Array, y.data as Float32Array, out.data as Float32Array];
  const [xRow, xColumn] = x.stride.slice(-2) as [number, number];
  const [yRow, yColumn] = y.stride.slice(-2) as [number, number];
  const none = 'no-transpose';
  sgemm.ndarray(
    none,
    none,
    m,
    n,
    k,
    1,
    xData,
    xRow,
    xColumn,
    xOffset,
    yData,
    yRow,
    yColumn,
    yOffset,
    0,
    outData,
    n,
    1,
    outOffset,
  );
};

const doubleProduct: Product = (m, n, k, x, xOffset, y, yOffset, out, outOffset) => {
  const [xData, yData, outData] = [x.data as Float64Array, y.data as Float64Array, out.data as Float64Array];
  const [xRow, xColumn] = x.stride.slice(-2) as [number, number];
  const [yRow, yColumn] = y.stride.slice(-2) as [number, number];
  const none = 'no-transpose';
  dgemm.ndarray(
    none,
    none,
    m,
    n,
    k,
    1,
    xData,
    xRow,
    xColumn,
    xOffset,
    yData,
    yRow,
    yColumn,
    yOffset,
    0,
    outData,
    n,
    1,
    outOffset,
  );
};

/** Where the b-th matrix of a batch starts. */
function batchOffset(x: NdArray, batch: Shape, b: number): number {
  const strides = rowMajorStrides(batch);
  let offset = x.offset;
  for (let axis = 0; axis < batch.length; axis++) {
    offset += (Math.floor(b / strides[axis]!) % batch[axis]!) * x.stride[axis]!;
  }
  return offset;
}
