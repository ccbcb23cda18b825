// Strided arrays without gradients: allocation, views that copy nothing, nested lists in and out. Built on `ndarray`.

import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import { partOfBlock } from './blocks.ts';
import { type DType, newData, type TypedData } from './dtype.ts';
import { invariant } from './errors.ts';
import { rowMajorStrides, type Shape, sameShape, sizeOf } from './shape.ts';

/** An `ndarray` over one of the stores that tensors use. */
export type NdArray = ndarray.NdArray<TypedData>;

/** Numbers (or booleans) in lists, all lists of a level equally long. */
export type Nested = number | boolean | readonly Nested[];

/** What `toArray` gives: nested lists of numbers, or of booleans for a `bool` tensor. */
export type NestedArray = number | boolean | NestedArray[];

/** The class that `ndarray` makes for each type of store and each rank. */
type View = new (data: TypedData, ...shapeStridesOffset: number[]) => NdArray;

const views: Map<unknown, View[]> = new Map();

/**
 * `ndarray(data, shape, strides, offset)`. Up to two axes it goes straight to the class that `ndarray` would look up by the
 * printed type of `data`, which takes longer than a small operation.
 */
function construct(data: TypedData, shape: Shape, strides: readonly number[], offset: number): NdArray {
  const { length } = shape;
  const View = views.get(data.constructor)?.[length];
  if (View !== undefined) {
    if (length === 0) return new View(data, offset);
    if (length === 1) return new View(data, shape[0]!, strides[0]!, offset);
    if (length === 2) return new View(data, shape[0]!, shape[1]!, strides[0]!, strides[1]!, offset);
  }
  const array = ndarray(data, shape as number[], strides as number[], offset);
  const known = views.get(data.constructor) ?? [];
  known[length] = array.constructor as View;
  views.set(data.constructor, known);
  return array;
}

/** A row-major array over `data`, which is not copied. */
export function wrap(data: TypedData, shape: Shape): NdArray {
  return construct(data, shape, rowMajorStrides(shape), 0);
}

/** A new row-major array of zeros. */
export function allocate(dtype: DType, shape: Shape): NdArray {
  return construct(partOfBlock(dtype, sizeOf(shape)), shape, rowMajorStrides(shape), 0);
}

function view(x: NdArray, shape: Shape, strides: readonly number[], offset: number = x.offset): NdArray {
  return construct(x.data, shape, strides, offset);
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

/** The diagonal of the last two axes, `length` elements from the given row and column on. */
export function diagonalView(x: NdArray, row: number, column: number, length: number): NdArray {
  const [down, right] = x.stride.slice(-2) as [number, number];
  const shape = [...x.shape.slice(0, -2), length];
  const offset = x.offset + row * down + column * right;
  return view(x, shape, [...x.stride.slice(0, -2), down + right], sizeOf(shape) === 0 ? 0 : offset);
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

/** The same elements under another shape, side by side in row-major order: a copy unless they already lie so. */
export function reshaped(x: NdArray, shape: Shape, dtype: DType): NdArray {
  const source = contiguous(x, dtype);
  return view(source, shape, rowMajorStrides(shape));
}

/** The same elements, in row-major order, under another shape, as a view; undefined where the layout does not allow one. */
export function reshapedView(x: NdArray, shape: Shape): NdArray | undefined {
  if (sizeOf(shape) === 0) return view(x, shape, rowMajorStrides(shape), 0);
  const axes = [...x.shape.keys()].filter((axis) => x.shape[axis] !== 1);
  const strides = shape.map(() => 1);
  // Runs of old axes and runs of new ones with the same number of elements. Where the old ones lie in row-major order among
  // themselves, the new ones divide the last one's stride.
  for (let first = 0, to = 0; first < axes.length; ) {
    let [last, end] = [first, to];
    let [had, have] = [x.shape[axes[first]!]!, shape[to]!];
    while (had !== have) {
      if (had > have) have *= shape[++end]!;
      else had *= x.shape[axes[++last]!]!;
    }
    for (; first < last; first++) {
      const [outer, inner] = [axes[first]!, axes[first + 1]!];
      if (x.stride[outer] !== x.shape[inner]! * x.stride[inner]!) return undefined;
    }
    let stride = x.stride[axes[last]!]!;
    for (let axis = end; axis >= to; axis--) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
    first = last + 1;
    to = end + 1;
  }
  return view(x, shape, strides);
}

/** The elements in row-major order, as a store of their own. */
export function toData(x: NdArray, dtype: DType): TypedData {
  return toNdarray(x, dtype).data;
}

/** A row-major copy with a store of its own. */
export function toNdarray(x: NdArray, dtype: DType): NdArray {
  const out = wrap(newData(dtype, sizeOf(x.shape)), x.shape);
  ops.assign(out, x);
  return out;
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
