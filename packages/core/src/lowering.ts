// How an op is compiled: in terms of a few kinds of loops, which a compiler offers. Only types; the entries say which, and an op
// whose entry says nothing is computed by its `forward` on the compiler's memory.

import type { NdArray } from './arrays.ts';
import type { ElementwiseKernel } from './kernels/elementwise.ts';
import type { ScanPath } from './kernels/scan.ts';
import type { Abstract } from './op-entry.ts';

/** What a reduction takes elements together by. Sums and products are taken in float64; `max` and `min` pass NaN on. */
export type Combine = 'sum' | 'product' | 'max' | 'min';

/** A part of an assembled value: the elements of `value` go where `into` says, a view of the whole. */
export interface Piece<V> {
  readonly value: V;
  readonly into: (whole: NdArray) => NdArray;
}

/** The kinds of loops. `V` stands for a value of the compiler's, whatever that is. */
export interface Lowering<V> {
  /** The shape and dtype of a value. */
  of(x: V): Abstract;
  /** A known array, whose elements do not change. */
  constant(array: NdArray, dtype: Abstract['dtype']): V;
  /** An element-wise kernel; operands broadcast to the result's shape. */
  map(kernel: ElementwiseKernel, operands: readonly V[], result: Abstract): V;
  /** The same elements through a view: `by` is a function of arrays.ts, or several. */
  view(x: V, by: (x: NdArray) => NdArray): V;
  /** The same elements, in row-major order, under another shape. */
  reshape(x: V, shape: Abstract['shape']): V;
  /** A value put together: `fill` where no piece lies; where pieces overlap, the sum (`add`) or the last one. */
  assemble(result: Abstract, fill: number, pieces: readonly Piece<V>[], options?: { readonly add?: boolean }): V;
  /** Elements taken together over axes, which stay with length 1. */
  reduce(combine: Combine, x: V, axes: readonly number[], dtype: Abstract['dtype']): V;
  /**
   * The position of the largest or smallest element along an axis, which stays with length 1, as int32. The first of equals; the first
   * NaN wins.
   */
  position(which: 'max' | 'min', x: V, axis: number): V;
  /** Random words: the left and the right ones of the counters 0 … n − 1, by `threefry` from an int32 key of two. */
  randomWords(key: V, n: number): readonly [left: V, right: V];
  /**
   * The positions that int32 indices mean along an axis of `length`: negative ones count from the end. One that is out of range is refused
   * in the name of `op`, in the words of `positionsOf` (kernels/gather.ts).
   */
  checkIndices(op: string, indices: V, axis: number, length: number): V;
  /** At each place the element of x at the position there, along an axis; beside it x and the positions, all in range, broadcast. */
  gather(x: V, positions: V, axis: number): V;
  /**
   * x with each element of `updates`, of its dtype, added at the position there, along an axis; the positions, all in range, and the updates
   * broadcast to what is beside it. Floats are added up in float64, in their order.
   */
  scatterAdd(x: V, positions: V, updates: V, axis: number): V;
  /** Elements taken together up to each place of an axis, from what nothing comes to; in float64. */
  scan(combine: Combine, x: V, path: ScanPath, dtype: Abstract['dtype']): V;
  /** Along an axis x times the result before, plus y; the first is y. In float64; x and y broadcast to the result's shape. */
  recurrence(x: V, y: V, path: Omit<ScanPath, 'exclusive'>, result: Abstract): V;
  /** Matrix products of the last two axes, over the others, which broadcast. */
  product(x: V, y: V, result: Abstract): V;
}

/** An op in terms of the loops above. */
export type Lower<Attrs> = <V>(
  to: Lowering<V>,
  operands: readonly V[],
  result: Abstract & { readonly attrs: Attrs },
) => V;
