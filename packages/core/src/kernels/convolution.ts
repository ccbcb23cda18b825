// Convolution of images [batch, height, width, channels] and its two adjoints, as matrix products: every window of an image is a
// row of a matrix of patches, which is made for as many windows at a time as stay in the cache.

import { allocate, type NdArray, reshaped, transposeView, wrap } from '../arrays.ts';
import { type FloatDType, newData, type TypedData } from '../dtype.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { matrixOf } from './matmul.ts';
import { multiplyMatrices } from './products.ts';
import { imageOf, type Pair, pixelsOf, rowMajor, type Sliding, windowCounts } from './windows.ts';

/** How kernels slide; channels are divided into groups, each with kernels of its own. */
export interface Convolving extends Sliding {
  readonly groups: number;
}

/** The sizes of the matrices of one group, and which pixels their patches hold. */
interface Plan {
  readonly groups: number;
  /** How many pixels an image has. */
  readonly pixels: number;
  /** How many windows it has. */
  readonly windows: number;
  /** The windows of all images: the rows of the matrix of patches. */
  readonly rows: number;
  /** How many places a window has. */
  readonly places: number;
  /** The places in a patch, times the channels of a group: its columns. */
  readonly patch: number;
  /** The channels of a group that go in. */
  readonly inChannels: number;
  /** The channels of a group that come out. */
  readonly outChannels: number;
  /** See {@link pixelsOf}. */
  readonly table: Int32Array;
}

function planOf(x: Shape, kernel: Shape, how: Convolving): Plan {
  const image = imageOf(x);
  const size: Pair = [kernel[0]!, kernel[1]!];
  const windows = windowCounts(image, size, how) as unknown as Pair;
  return {
    groups: how.groups,
    pixels: sizeOf(image),
    windows: sizeOf(windows),
    rows: x[0]! * sizeOf(windows),
    places: sizeOf(size),
    patch: sizeOf(kernel.slice(0, 3)),
    inChannels: kernel[2]!,
    outChannels: kernel[3]! / how.groups,
    table: pixelsOf(image, windows, size, how),
  };
}

/** How many elements of a matrix of patches stay in the cache. */
const cached = 2 ** 16;

/** So many windows at least, that a product is worth the copying of the kernel. */
const leastWindows = 128;

/** Windows of one group that are taken at a time. */
interface Chunk {
  readonly group: number;
  /** The first of them, counted through all images. */
  readonly first: number;
  readonly count: number;
}

/** All windows of all images, group after group. */
function chunksOf(plan: Plan): readonly Chunk[] {
  const most = mostWindows(plan);
  const chunks: Chunk[] = [];
  for (let group = 0; group < plan.groups; group++) {
    for (let first = 0; first < plan.rows; first += most) {
      chunks.push({ group, first, count: Math.min(most, plan.rows - first) });
    }
  }
  return chunks;
}

/** How many windows are taken at a time. */
function mostWindows({ rows, patch }: Plan): number {
  return Math.min(rows, Math.max(leastWindows, Math.floor(cached / Math.max(patch, 1))));
}

/** Room for the patches of a chunk. */
function roomFor(plan: Plan, dtype: FloatDType): TypedData {
  return newData(dtype, mostWindows(plan) * plan.patch);
}

/** `x [b, h, w, c]` with `kernel [kh, kw, c / groups, o]`, into an array of `shape [b, windows down, windows across, o]`. */
export function convolve(x: NdArray, kernel: NdArray, how: Convolving, dtype: FloatDType, shape: Shape): NdArray {
  const plan = planOf(x.shape, kernel.shape, how);
  const { groups, patch, outChannels } = plan;
  const source = rowMajor(x, dtype);
  const weights = kernelMatrix(kernel, patch, dtype);
  const out = newData(dtype, sizeOf(shape));
  const patches = roomFor(plan, dtype);
  const rows = { data: patches, offset: 0, row: patch, column: 1 };
  for (const chunk of chunksOf(plan)) {
    gather(plan, source, chunk, patches);
    const to = (chunk.group * plan.rows + chunk.first) * outChannels;
    const columns = matrixOf(weights, weights.offset + chunk.group * outChannels);
    multiplyMatrices(chunk.count, outChannels, patch, rows, columns, out, to);
  }
  return joined(out, [groups, plan.rows, outChannels], shape, dtype);
}

/** The adjoint of {@link convolve} by its operand x, of this shape: `g [b, windows down, windows across, o]` spread by the kernel. */
export function spread(g: NdArray, kernel: NdArray, how: Convolving, dtype: FloatDType, shape: Shape): NdArray {
  const plan = planOf(shape, kernel.shape, how);
  const { groups, patch, outChannels } = plan;
  const { data, offset } = rowMajor(g, dtype);
  const weights = transposeView(kernelMatrix(kernel, patch, dtype), [1, 0]);
  const out = allocate(dtype, shape);
  const patches = roomFor(plan, dtype);
  const row = groups * outChannels;
  for (const chunk of chunksOf(plan)) {
    const from = offset + chunk.first * row + chunk.group * outChannels;
    const rows = { data, offset: from, row, column: 1 };
    const columns = matrixOf(weights, weights.offset + chunk.group * outChannels);
    multiplyMatrices(chunk.count, patch, outChannels, rows, columns, patches, 0);
    scatter(plan, patches, chunk, out.data);
  }
  return out;
}

/** The adjoint of {@link convolve} by the kernel, of this shape: how much each of its places saw of `x` together with `g`. */
export function correlate(x: NdArray, g: NdArray, how: Convolving, dtype: FloatDType, shape: Shape): NdArray {
  const plan = planOf(x.shape, shape, how);
  const { groups, patch, outChannels } = plan;
  const source = rowMajor(x, dtype);
  const row = groups * outChannels;
  const outer = reshaped(rowMajor(g, dtype), [plan.rows, row], dtype);
  const out = newData(dtype, sizeOf(shape));
  const patches = roomFor(plan, dtype);
  // The transposed matrix of patches.
  const rows = { data: patches, offset: 0, row: 1, column: patch };
  for (const chunk of chunksOf(plan)) {
    gather(plan, source, chunk, patches);
    const from = outer.offset + chunk.first * row + chunk.group * outChannels;
    const columns = matrixOf(outer, from);
    multiplyMatrices(patch, outChannels, chunk.count, rows, columns, out, chunk.group * patch * outChannels, true);
  }
  return joined(out, [groups, patch, outChannels], shape, dtype);
}

/** The kernel as a matrix: a row for each place and channel that goes in, a column for each channel that comes out. */
function kernelMatrix(kernel: NdArray, patch: number, dtype: FloatDType): NdArray {
  return reshaped(rowMajor(kernel, dtype), [patch, kernel.shape[3]!], dtype);
}

/** Matrices of all groups, one below the other, as an array whose last axis has the channels of all groups. */
function joined(data: TypedData, matrices: Shape, shape: Shape, dtype: FloatDType): NdArray {
  if (matrices[0] === 1) return wrap(data, shape);
  return reshaped(transposeView(wrap(data, matrices), [1, 0, 2]), shape, dtype);
}

/** Writes the patches of a chunk of windows, with 0 for the padding. */
function gather(plan: Plan, x: NdArray, { group, first, count }: Chunk, patches: TypedData): void {
  const { groups, inChannels, pixels, windows, places, table } = plan;
  const { data, offset } = x;
  const row = groups * inChannels;
  for (let n = first, to = 0; n < first + count; n++) {
    const window = n % windows;
    const start = offset + ((n - window) / windows) * pixels * row + group * inChannels;
    for (let i = window * places; i < (window + 1) * places; i++) {
      const pixel = table[i]!;
      const end = to + inChannels;
      if (pixel < 0) while (to < end) patches[to++] = 0;
      else for (let from = start + pixel * row; to < end; ) patches[to++] = data[from++]!;
    }
  }
}

/** Adds patches to the pixels that they are of: the adjoint of {@link gather}. */
function scatter(plan: Plan, patches: TypedData, { group, first, count }: Chunk, out: TypedData): void {
  const { groups, inChannels, pixels, windows, places, table } = plan;
  const row = groups * inChannels;
  for (let n = first, from = 0; n < first + count; n++) {
    const window = n % windows;
    const start = ((n - window) / windows) * pixels * row + group * inChannels;
    for (let i = window * places; i < (window + 1) * places; i++, from += inChannels) {
      const pixel = table[i]!;
      if (pixel < 0) continue;
      const to = start + pixel * row;
      for (let c = 0; c < inChannels; c++) out[to + c]! += patches[from + c]!;
    }
  }
}
