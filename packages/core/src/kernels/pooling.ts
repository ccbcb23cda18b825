// The largest and the mean element of each window of images [batch, height, width, channels], and the adjoints of both.

import { allocate, contiguous, type NdArray } from '../arrays.ts';
import { type DType, newData, type TypedData } from '../dtype.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { imageOf, type Pair, pixelsOf, rowMajor, type Sliding } from './windows.ts';

/** Windows of one size that slide. */
export interface Pooling extends Sliding {
  readonly size: Pair;
}

/** Where the windows of all images lie in memory. */
interface Windows {
  readonly count: number;
  readonly channels: number;
  /** How many places a window has. */
  readonly places: number;
  /** Where the first channel of each place of each window is, from the start of the images; -1 in the padding. */
  readonly at: Int32Array;
}

function windowsOf(x: Shape, windows: Shape, how: Pooling): Windows {
  const table = pixelsOf(imageOf(x), imageOf(windows), how.size, how);
  const [batch, channels, pixels] = [x[0]!, x[3]!, sizeOf(imageOf(x))];
  const at = new Int32Array(batch * table.length);
  for (let b = 0, to = 0; b < batch; b++) {
    for (const pixel of table) at[to++] = pixel < 0 ? -1 : (b * pixels + pixel) * channels;
  }
  const places = sizeOf(how.size);
  return { count: at.length / places, channels, places, at };
}

/** The largest element in each window: NaN if there is one. */
export function maxPool(x: NdArray, how: Pooling, dtype: DType, shape: Shape): NdArray {
  const { count, channels, places, at } = windowsOf(x.shape, shape, how);
  const { data, offset } = rowMajor(x, dtype);
  const out = allocate(dtype, shape);
  out.data.fill(dtype === 'int32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY);
  for (let window = 0; window < count; window++) {
    largest(data, offset, at, window * places, places, channels, out.data, window * channels);
  }
  return out;
}

/** Writes the largest elements of one window, over values that are no larger. */
function largest(
  x: TypedData,
  offset: number,
  at: Int32Array,
  first: number,
  places: number,
  channels: number,
  out: TypedData,
  to: number,
): void {
  for (let p = first; p < first + places; p++) {
    if (at[p]! < 0) continue;
    const from = offset + at[p]!;
    for (let c = 0; c < channels; c++) {
      const value = x[from + c]!;
      // A NaN is not <= anything: it wins, and stays.
      if (!(value <= out[to + c]! || Number.isNaN(out[to + c]!))) out[to + c] = value;
    }
  }
}

/** The largest elements of one window, channel by channel, and how many equal ones there are; a NaN is equal to another. */
function winnersOf(
  x: TypedData,
  offset: number,
  { at, places, channels }: Windows,
  first: number,
  most: Float64Array,
  equals: Float64Array,
): void {
  most.fill(Number.NEGATIVE_INFINITY);
  equals.fill(0);
  largest(x, offset, at, first, places, channels, most, 0);
  for (let p = first; p < first + places; p++) {
    if (at[p]! < 0) continue;
    const from = offset + at[p]!;
    for (let c = 0; c < channels; c++) if (wins(x[from + c]!, most[c]!)) equals[c]!++;
  }
}

function wins(value: number, most: number): boolean {
  return value === most || Number.isNaN(value);
}

/** The adjoint of {@link maxPool}: what came for a window goes to its largest elements, in equal parts. */
export function shareAmongLargest(g: NdArray, x: NdArray, how: Pooling, dtype: DType): NdArray {
  const windows = windowsOf(x.shape, g.shape, how);
  const { count, channels, places, at } = windows;
  const incoming = rowMajor(g, dtype);
  const { data, offset } = contiguous(x, 'float64');
  const out = allocate(dtype, x.shape);
  const [most, equals] = [new Float64Array(channels), new Float64Array(channels)];
  for (let window = 0, first = 0; window < count; window++, first += places) {
    winnersOf(data, offset, windows, first, most, equals);
    const from = incoming.offset + window * channels;
    for (let p = first; p < first + places; p++) {
      const place = at[p]!;
      if (place < 0) continue;
      for (let c = 0; c < channels; c++) {
        if (wins(data[offset + place + c]!, most[c]!)) out.data[place + c]! += incoming.data[from + c]! / equals[c]!;
      }
    }
  }
  return out;
}

/** The mean of `u` over the places where x is largest in a window. */
export function meanAtLargest(u: NdArray, x: NdArray, how: Pooling, dtype: DType, shape: Shape): NdArray {
  const windows = windowsOf(x.shape, shape, how);
  const { count, channels, places, at } = windows;
  const values = rowMajor(u, dtype);
  const { data, offset } = contiguous(x, 'float64');
  const out = allocate(dtype, shape);
  const [most, equals] = [new Float64Array(channels), new Float64Array(channels)];
  for (let window = 0, first = 0; window < count; window++, first += places) {
    winnersOf(data, offset, windows, first, most, equals);
    const to = window * channels;
    for (let p = first; p < first + places; p++) {
      const place = at[p]!;
      if (place < 0) continue;
      const from = values.offset + place;
      for (let c = 0; c < channels; c++) {
        if (wins(data[offset + place + c]!, most[c]!)) out.data[to + c]! += values.data[from + c]! / equals[c]!;
      }
    }
  }
  return out;
}

/** The mean of each window's elements; the padding does not count. */
export function averagePool(x: NdArray, how: Pooling, dtype: DType, shape: Shape): NdArray {
  const windows = windowsOf(x.shape, shape, how);
  const { count, channels, places, at } = windows;
  const { data, offset } = rowMajor(x, dtype);
  const out = allocate(dtype, shape);
  const total = newData('float64', channels);
  for (let window = 0, first = 0; window < count; window++, first += places) {
    total.fill(0);
    for (let p = first; p < first + places; p++) {
      if (at[p]! < 0) continue;
      for (let c = 0; c < channels; c++) total[c]! += data[offset + at[p]! + c]!;
    }
    const covered = coveredPlaces(windows, first);
    for (let c = 0; c < channels; c++) out.data[window * channels + c] = total[c]! / covered;
  }
  return out;
}

/** The adjoint of {@link averagePool}: what came for a window goes to its elements, in equal parts. */
export function shareEvenly(g: NdArray, how: Pooling, dtype: DType, shape: Shape): NdArray {
  const windows = windowsOf(shape, g.shape, how);
  const { count, channels, places, at } = windows;
  const { data, offset } = rowMajor(g, dtype);
  const out = allocate(dtype, shape);
  for (let window = 0, first = 0; window < count; window++, first += places) {
    const covered = coveredPlaces(windows, first);
    for (let p = first; p < first + places; p++) {
      if (at[p]! < 0) continue;
      for (let c = 0; c < channels; c++) out.data[at[p]! + c]! += data[offset + window * channels + c]! / covered;
    }
  }
  return out;
}

/** How many places of the window that starts at `first` are not padding. */
function coveredPlaces({ at, places }: Windows, first: number): number {
  let covered = 0;
  for (let p = first; p < first + places; p++) if (at[p]! >= 0) covered++;
  return covered;
}
