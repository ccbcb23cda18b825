// Windows that slide over the two middle axes of an array [batch, height, width, channels]: what lies in each of them.

import ndarray from 'ndarray';
import { contiguous, copyOf, type NdArray } from '../arrays.ts';
import type { DType } from '../dtype.ts';

/** Two lengths, two steps: of rows, and of columns. */
export type Pair = readonly [number, number];

/** How windows slide, axis by axis. */
export interface Sliding {
  /** The distance from one window to the next. */
  readonly stride: readonly number[];
  /** How many places are added before and after. */
  readonly padding: readonly Pair[];
  /** The distance of two places in a window. */
  readonly dilation: readonly number[];
}

/** How long a window is from its first place to its last. */
export function extent(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** How many windows there are on each axis. */
export function windowCounts(lengths: readonly number[], size: readonly number[], sliding: Sliding): number[] {
  const { stride, padding, dilation } = sliding;
  return lengths.map((length, i) => {
    const [before, after] = padding[i]!;
    return Math.floor((before + length + after - extent(size[i]!, dilation[i]!)) / stride[i]!) + 1;
  });
}

/**
 * For window after window, and place after place in it, which pixel lies there: its number in the image `[height, width]`,
 * or -1 in the padding.
 */
export function pixelsOf(image: Pair, windows: Pair, size: Pair, sliding: Sliding): Int32Array {
  const [height, width] = image;
  const rows = positions(height, windows[0], size[0], sliding, 0);
  const columns = positions(width, windows[1], size[1], sliding, 1);
  const pixels = new Int32Array(rows.length * columns.length);
  let at = 0;
  for (let y = 0; y < windows[0]; y++) {
    for (let x = 0; x < windows[1]; x++) {
      for (let i = 0; i < size[0]; i++) {
        const row = rows[y * size[0] + i]!;
        for (let j = 0; j < size[1]; j++) {
          const column = columns[x * size[1] + j]!;
          pixels[at++] = row < 0 || column < 0 ? -1 : row * width + column;
        }
      }
    }
  }
  return pixels;
}

/** Along one axis: for each window and each place in it the position, or -1 in the padding. */
function positions(length: number, windows: number, size: number, sliding: Sliding, axis: number): Int32Array {
  const first = sliding.padding[axis]![0];
  const [step, dilation] = [sliding.stride[axis]!, sliding.dilation[axis]!];
  return Int32Array.from({ length: windows * size }, (_, n) => {
    const position = Math.floor(n / size) * step + (n % size) * dilation - first;
    return position < length ? Math.max(position, -1) : -1;
  });
}

/** `x` in row-major order and this dtype, itself where it is so. */
export function rowMajor(x: NdArray, dtype: DType): NdArray {
  return x.dtype === dtype ? contiguous(x, dtype) : copyOf(x, dtype);
}

/** The two middle lengths of a shape [batch, height, width, channels]. */
export function imageOf(shape: readonly number[]): Pair {
  return [shape[1]!, shape[2]!];
}

/** The windows of images without padding, as a view [batch, windows down, windows across, height, width, channels]. */
export function windowsView(x: NdArray, size: Pair, { stride, dilation }: Sliding): NdArray {
  const [batch, down, across, channels] = x.stride as [number, number, number, number];
  const counts = windowCounts(imageOf(x.shape), size, { stride, padding: [[0, 0], [0, 0]], dilation }); // biome-ignore format: one line
  const strides = [
    ...[batch, stride[0]! * down, stride[1]! * across],
    ...[dilation[0]! * down, dilation[1]! * across, channels],
  ];
  return ndarray(x.data, [x.shape[0]!, ...counts, ...size, x.shape[3]!], strides, x.offset);
}
