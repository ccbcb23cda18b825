// Strided arrays without gradients: allocation, views that copy nothing, nested lists in and out. Built on `ndarray`.

import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import { type DType, newData, type TypedData } from './dtype.ts';
import { invariant } from './errors.ts';
import { rowMajorStrides, type Shape, sameShape, sizeOf } from './shape.ts';

/** An `ndarray` over one of the stores that tensors use. */
export type NdArray = ndarray.NdArray<TypedData>;

/** Numbers (or booleans) in lists, all lists of a level equally long. */
export type Nested = number | boolean | readonly Nested[];

/** What `toArray` gives: nested lists of numbers, or of booleans for a `bool` tensor. */
export type NestedArray = number | boolean | NestedArray[];

/** A row-major array over `data`, which is not copied. */
export function wrap(data: TypedData, shape: Shape): NdArray {
  return ndarray(data, shape as number[]);
}

/** A new row-major array of zeros. */
export function allocate(dtype: DType, shape: Shape): NdArray {
  return ndarray(newData(dtype, sizeOf(shape)), shape as number[]);
}

function view(x: NdArray, shape: Shape, strides: readonly number[], offset: number = x.offset): NdArray {
  return ndarray(x.data, shape as number[], strides as number[], offset);
}

/** `x` repeated to `shape` by strides of 0. */
export function broadcastView(x: NdArray, shape: Shape): NdArray {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.shape.length;
  const strides = shape.map((length, axis) => {
    if (axis < lead) return 0;
    return x.shape[axis - lead] === length ? x.stride[axis - lead]! : 0;
  });
  return view(x, shape, strides);
}

/** `x` with its axes in the order `permutation`. */
export function transposeView(x: NdArray, permutation: readonly number[]): NdArray {
  return view(
    x,
    permutation.map((axis) => x.shape[axis]!),
    permutation.map((axis) => x.stride[axis]!),
  );
}

/** Every `steps[i]`-th element of axis i from `starts[i]` on, `shape[i]` of them. Steps may be negative. */
export function sliceView(x: NdArray, starts: readonly number[], steps: readonly number[], shape: Shape): NdArray {
  let offset = x.offset;
  for (let axis = 0; axis < shape.length; axis++) offset += starts[axis]! * x.stride[axis]!;
  return view(
    x,
    shape,
    x.stride.map((stride, axis) => stride * steps[axis]!),
    // An empty slice may start past the end; nothing is read there.
    sizeOf(shape) === 0 ? 0 : offset,
  );
}

/** Whether the elements lie side by side in row-major order. */
export function isContiguous(x: NdArray): boolean {
  let expected = 1;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    const length = x.shape[axis]!;
    if (length !== 1 && x.stride[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}

/** A row-major copy, in another dtype if one is given. */
export function copyOf(x: NdArray, dtype: DType): NdArray {
  const out = allocate(dtype, x.shape);
  ops.assign(out, x);
  return out;
}

/** `x` itself where its elements already lie in row-major order, otherwise a copy. */
export function contiguous(x: NdArray, dtype: DType): NdArray {
  return isContiguous(x) ? x : copyOf(x, dtype);
}

/** The same elements, in row-major order, under another shape: a view where the layout allows it, else a copy. */
export function reshaped(x: NdArray, shape: Shape, dtype: DType): NdArray {
  const source = contiguous(x, dtype);
  return view(source, shape, rowMajorStrides(shape));
}

/** The elements in row-major order, as a store of their own. */
export function toData(x: NdArray, dtype: DType): TypedData {
  return copyOf(x, dtype).data;
}

/** Nested lists of the elements. */
export function toNested(x: NdArray, dtype: DType): NestedArray {
  const { data, offset } = x;
  const element = (at: number): number | boolean => (dtype === 'bool' ? data[at] !== 0 : data[at]!);
  const list = (axis: number, at: number): NestedArray => {
    if (axis === x.shape.length) return element(at);
    return Array.from({ length: x.shape[axis]! }, (_, i) => list(axis + 1, at + i * x.stride[axis]!));
  };
  return list(0, offset);
}

/** The one element of an array of size 1. */
export function onlyElement(x: NdArray): number {
  invariant(sizeOf(x.shape) === 1, `onlyElement of an array of size ${sizeOf(x.shape)}`);
  return x.data[x.offset]!;
}
