// Elements picked and added up by position along one axis. Arrays are seen as [outer, length, inner]: the axes before it, the
// axis, the axes after it.

import { allocate, broadcastView, contiguous, copyOf, type NdArray } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { rowMajorStrides, type Shape, sizeOf } from '../shape.ts';

/**
 * The positions that indices mean along an axis of `length`, in row-major order: negative ones count from the end.
 *
 * @throws TapegradError naming the first index that is out of range, and where it stands.
 */
export function positionsOf(op: string, indices: NdArray, axis: number, length: number): Int32Array {
  const positions = copyOf(indices, 'int32').data as Int32Array;
  for (let i = 0; i < positions.length; i++) {
    const index = positions[i]!;
    if (index < -length || index >= length) {
      const place = rowMajorStrides(indices.shape).map((stride, k) => Math.floor(i / stride) % indices.shape[k]!);
      const where = place.length === 0 ? '' : ` at [${place.join(', ')}]`;
      const expected =
        length === 0 ? 'There is nothing to index.' : `Expected a whole number from ${-length} to ${length - 1}.`;
      throw new TapegradError(
        op,
        `the index ${index}${where} is out of range for axis ${axis} of length ${length}. ${expected}`,
      );
    }
    if (index < 0) positions[i] = index + length;
  }
  return positions;
}

/** `x` at the positions along `axis`: what is at one position along it is copied as a whole. */
export function takeRows(x: NdArray, positions: Int32Array, axis: number, dtype: DType, shape: Shape): NdArray {
  const out = allocate(dtype, shape);
  const { data, offset } = contiguous(x, dtype);
  const length = x.shape[axis]!;
  const [outer, inner] = around(x.shape, axis);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const position of positions) {
      const from = offset + (o * length + position) * inner;
      for (let i = 0; i < inner; i++) out.data[to++] = data[from + i]!;
    }
  }
  return out;
}

/** `x` with the rows of `updates` added at the positions along `axis`: the adjoint of {@link takeRows}. */
export function addRows(x: NdArray, positions: Int32Array, updates: NdArray, axis: number, dtype: DType): NdArray {
  const total = copyOf(x, wide(dtype));
  const { data, offset } = contiguous(updates, dtype);
  const length = x.shape[axis]!;
  const [outer, inner] = around(x.shape, axis);
  let from = offset;
  for (let o = 0; o < outer; o++) {
    for (const position of positions) {
      const to = (o * length + position) * inner;
      for (let i = 0; i < inner; i++) total.data[to + i]! += data[from++]!;
    }
  }
  return narrowed(total, dtype);
}

/** At each place the element of `x` at the position there along `axis`; `x` has the result's other lengths. */
export function takeElements(x: NdArray, positions: Int32Array, axis: number, dtype: DType, shape: Shape): NdArray {
  const out = allocate(dtype, shape);
  const { data, offset } = contiguous(x, dtype);
  const [length, count] = [x.shape[axis]!, shape[axis]!];
  const [outer, inner] = around(shape, axis);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < count; c++) {
      for (let i = 0; i < inner; i++, to++) out.data[to] = data[offset + (o * length + positions[to]!) * inner + i]!;
    }
  }
  return out;
}

/** `x` with each element of `updates`, of shape `shape`, added at its position along `axis`: the adjoint of {@link takeElements}. */
export function addElements(
  x: NdArray,
  positions: Int32Array,
  updates: NdArray,
  axis: number,
  dtype: DType,
  shape: Shape,
): NdArray {
  const total = copyOf(x, wide(dtype));
  const { data, offset } = contiguous(broadcastView(updates, shape), dtype);
  const [length, count] = [x.shape[axis]!, shape[axis]!];
  const [outer, inner] = around(x.shape, axis);
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < count; c++) {
      for (let i = 0; i < inner; i++, from++) {
        total.data[(o * length + positions[from]!) * inner + i]! += data[offset + from]!;
      }
    }
  }
  return narrowed(total, dtype);
}

/** How many elements lie before an axis, and how many after it. */
function around(shape: Shape, axis: number): [outer: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
}

/** What is added up in: float64 for float32, whose running sums lose digits with their length. */
function wide(dtype: DType): DType {
  return dtype === 'float32' ? 'float64' : dtype;
}

function narrowed(total: NdArray, dtype: DType): NdArray {
  return dtype === 'float32' ? copyOf(total, dtype) : total;
}
