// Where the elements of a value lie in a buffer: a stride for each axis, counted in elements. No buffers.

import { type NdArray, rowMajorStrides, type Shape, sameShape, sizeOf, type TypedData } from '@tapegrad/core/compiling';
import ndarray from 'ndarray';

/** A view of a buffer. */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** All elements of a buffer, in row-major order. */
export function wholeView(shape: Shape): View {
  return { shape, strides: rowMajorStrides(shape), offset: 0 };
}

/** Whether a view is all elements of a buffer of so many, side by side in row-major order. */
export function isWhole({ shape, strides, offset }: View, size: number): boolean {
  if (offset !== 0 || sizeOf(shape) !== size) return false;
  const expected = rowMajorStrides(shape);
  return size === 0 || shape.every((length, axis) => length === 1 || strides[axis] === expected[axis]);
}

const nothing = new Float32Array();

/** What a function of views makes of this one; undefined where it would copy elements. */
export function viewBy({ shape, strides, offset }: View, by: (x: NdArray) => NdArray): View | undefined {
  const made = by(arrayOfView(nothing, { shape, strides, offset }));
  if (made.data !== nothing) return undefined;
  return { shape: made.shape, strides: made.stride, offset: made.offset };
}

/** The elements of `data` that a view is of. */
export function arrayOfView(data: TypedData, { shape, strides, offset }: View): NdArray {
  return ndarray(data, [...shape], [...strides], offset) as NdArray;
}

/** The view without repetition: length 1 along axes where it repeats itself, but for one that may be kept. */
export function once({ shape, strides, offset }: View, kept?: number): View {
  const single = (length: number, axis: number): boolean => strides[axis] === 0 && length > 1 && axis !== kept;
  return { shape: shape.map((length, axis) => (single(length, axis) ? 1 : length)), strides, offset };
}

/** The view repeated to `shape` by strides of 0. */
export function broadcast(view: View, to: Shape): View {
  const { shape, strides, offset } = view;
  if (sameShape(shape, to)) return view;
  const lead = to.length - shape.length;
  return {
    shape: to,
    strides: to.map((length, axis) => (axis >= lead && shape[axis - lead] === length ? strides[axis - lead]! : 0)),
    offset,
  };
}

/** The view without axes of length 1. */
export function squeezed(view: View): View {
  const { shape, strides, offset } = view;
  if (!shape.includes(1)) return view;
  const kept = [...shape.keys()].filter((axis) => shape[axis] !== 1);
  return { shape: kept.map((axis) => shape[axis]!), strides: kept.map((axis) => strides[axis]!), offset };
}

const keys = new WeakMap<View, string>();

/** Two views are equal where this is. */
export function keyOf(view: View): string {
  const known = keys.get(view) ?? `${view.shape};${view.strides};${view.offset}`;
  keys.set(view, known);
  return known;
}
