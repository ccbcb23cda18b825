// What ops with windows are compiled to: the windows of images as a view, and what is made in windows added up to images. Convolutions
// are matrix products of the one or the other; pooling reduces the one.

import { broadcastView, sliceView, transposeView, wrap } from '../arrays.ts';
import type { Convolving } from '../kernels/convolution.ts';
import { elementwise } from '../kernels/elementwise.ts';
import type { Pooling } from '../kernels/pooling.ts';
import { imageOf, type Pair, pixelsOf, type Sliding, windowsView } from '../kernels/windows.ts';
import type { Lowering, Piece } from '../lowering.ts';
import type { Abstract } from '../op-entry.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { cast, pieceAt } from './lowered.ts';

/** A padded image's shape [batch, height, width, channels]. */
function paddedShape(x: Shape, { padding }: Sliding): Shape {
  return x.map((length, axis) => {
    const [before, after] = padding[axis - 1] ?? [0, 0];
    return before + length + after;
  });
}

function isPadded({ padding }: Sliding): boolean {
  return padding.some(([before, after]) => before + after > 0);
}

/** The windows of images [batch, windows down, windows across, height, width, channels], with `fill` in the padding. */
export function windowsOf<V>(to: Lowering<V>, x: V, size: Pair, sliding: Sliding, fill: number): V {
  const { shape, dtype } = to.of(x);
  const starts = [0, sliding.padding[0]![0], sliding.padding[1]![0], 0];
  const whole = isPadded(sliding)
    ? to.assemble({ shape: paddedShape(shape, sliding), dtype }, fill, [pieceAt(to, x, starts)])
    : x;
  return to.view(whole, (images) => windowsView(images, size, sliding));
}

/** Images of the shape and dtype of `result`, to each pixel added up what all windows have there: the adjoint of {@link windowsOf}. */
export function imagesOf<V>(to: Lowering<V>, windows: V, sliding: Sliding, result: Abstract): V {
  const [height, width] = to.of(windows).shape.slice(3, 5) as [number, number];
  const { stride, padding, dilation } = sliding;
  const pieces: Piece<V>[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const place = to.view(windows, (all) => all.pick(null, null, null, i, j, null));
      pieces.push(pieceAt(to, place, [0, i * dilation[0]!, j * dilation[1]!, 0], [1, stride[0]!, stride[1]!, 1]));
    }
  }
  const { shape, dtype } = result;
  const whole = to.assemble({ shape: paddedShape(shape, sliding), dtype }, 0, pieces, { add: true });
  if (!isPadded(sliding)) return whole;
  const starts = [0, padding[0]![0], padding[1]![0], 0];
  const steps = [1, 1, 1, 1];
  return to.view(whole, (images) => sliceView(images, starts, steps, shape));
}

/** With an axis put first. */
function broughtForward<V>(to: Lowering<V>, x: V, axis: number): V {
  const axes = [...to.of(x).shape.keys()];
  return to.view(x, (all) => transposeView(all, [axis, ...axes.filter((other) => other !== axis)]));
}

/** The first axis put in the place of `axis`. */
function putBack<V>(to: Lowering<V>, x: V, axis: number): V {
  const others = [...to.of(x).shape.keys()].slice(1);
  return to.view(x, (all) => transposeView(all, [...others.slice(0, axis), 0, ...others.slice(axis)]));
}

/** A matrix for each group of channels, the last axis of x: [groups, what the other axes hold, channels of a group]. */
function byGroups<V>(to: Lowering<V>, x: V, groups: number): V {
  const { shape } = to.of(x);
  const rows = sizeOf(shape.slice(0, -1));
  return broughtForward(to, to.reshape(x, [rows, groups, shape.at(-1)! / groups]), 1);
}

/** The matrices of patches [groups, windows, places of a window and channels of a group]. */
function patchesOf<V>(to: Lowering<V>, x: V, size: Pair, how: Convolving): V {
  const windows = windowsOf(to, x, size, how, 0);
  const { shape } = to.of(windows);
  const channels = shape.at(-1)! / how.groups;
  const grouped = broughtForward(to, to.reshape(windows, [...shape.slice(0, -1), how.groups, channels]), 5);
  return to.reshape(grouped, [how.groups, sizeOf(shape.slice(0, 3)), sizeOf(size) * channels]);
}

function transposed<V>(to: Lowering<V>, matrices: V): V {
  return to.view(matrices, (all) => transposeView(all, [0, 2, 1]));
}

/** Images with kernels: what conv2d gives. */
export function convolutionOf<V>(to: Lowering<V>, x: V, kernel: V, how: Convolving, { shape, dtype }: Abstract): V {
  const [height, width] = to.of(kernel).shape as [number, number, number, number];
  const patches = patchesOf(to, cast(to, x, dtype), [height, width], how);
  const weights = byGroups(to, cast(to, kernel, dtype), how.groups);
  const [groups, rows] = to.of(patches).shape as [number, number, number];
  const product = to.product(patches, weights, { shape: [groups, rows, to.of(weights).shape[2]!], dtype });
  return to.reshape(putBack(to, product, 1), shape);
}

/** The adjoint of {@link convolutionOf} by the images, of the shape of `result`. */
export function transposedConvolutionOf<V>(to: Lowering<V>, g: V, kernel: V, how: Convolving, result: Abstract): V {
  const { dtype } = result;
  const [height, width, inChannels] = to.of(kernel).shape as [number, number, number, number];
  const rows = byGroups(to, cast(to, g, dtype), how.groups);
  const weights = transposed(to, byGroups(to, cast(to, kernel, dtype), how.groups));
  const [groups, count] = to.of(rows).shape as [number, number, number];
  const patches = to.product(rows, weights, { shape: [groups, count, to.of(weights).shape[2]!], dtype });
  const places = [...to.of(g).shape.slice(0, 3), height, width];
  const apart = putBack(to, to.reshape(patches, [groups, ...places, inChannels]), 5);
  return imagesOf(to, to.reshape(apart, [...places, groups * inChannels]), how, result);
}

/** The adjoint of {@link convolutionOf} by the kernel, of the shape of `result`. */
export function kernelAdjointOf<V>(to: Lowering<V>, x: V, g: V, how: Convolving, { shape, dtype }: Abstract): V {
  const [height, width] = shape as [number, number, number, number];
  const patches = transposed(to, patchesOf(to, cast(to, x, dtype), [height, width], how));
  const columns = byGroups(to, cast(to, g, dtype), how.groups);
  const [groups, patch] = to.of(patches).shape as [number, number, number];
  const product = to.product(patches, columns, { shape: [groups, patch, to.of(columns).shape[2]!], dtype });
  return to.reshape(putBack(to, product, 1), shape);
}

/** The largest element of each window of images. */
export function maxPoolOf<V>(to: Lowering<V>, x: V, how: Pooling, { shape, dtype }: Abstract): V {
  const least = dtype === 'int32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
  const windows = windowsOf(to, cast(to, x, dtype), how.size, how, least);
  return to.reshape(to.reduce('max', windows, [3, 4], dtype), shape);
}

/** Which places of windows are not padding: one element for each, or one for all. */
function placesInside<V>(to: Lowering<V>, x: Shape, windows: Pair, how: Pooling): V {
  if (!isPadded(how)) return to.constant(wrap(Uint8Array.of(1), []), 'bool');
  const inside = Uint8Array.from(pixelsOf(imageOf(x), windows, how.size, how), (pixel) => (pixel < 0 ? 0 : 1));
  return to.constant(wrap(inside, [1, ...windows, ...how.size, 1]), 'bool');
}

const isLargest = elementwise('isLargest', ['x', 'most', 'inside'], 'inside!==0&&(x===most||x!==x)?1:0');

/** Which elements of the windows of x are the largest, and how many of a window are. */
function largestOf<V>(to: Lowering<V>, x: V, how: Pooling): { readonly wins: V; readonly count: V } {
  const { shape, dtype } = to.of(x);
  const floats = cast(to, x, dtype === 'float32' ? dtype : 'float64');
  const windows = windowsOf(to, floats, how.size, how, Number.NEGATIVE_INFINITY);
  const most = to.reduce('max', windows, [3, 4], to.of(floats).dtype);
  const places = to.of(windows).shape;
  const inside = placesInside(to, shape, places.slice(1, 3) as unknown as Pair, how);
  const wins = to.map(isLargest, [windows, most, inside], { shape: places, dtype: 'bool' });
  return { wins, count: to.reduce('sum', wins, [3, 4], 'int32') };
}

const shareOf = elementwise('shareOf', ['x', 'wins', 'count'], 'wins!==0?x/count:0');

/** The shape of what windows are reduced to, as it broadcasts to them. */
function besideWindows([batch, down, across, channels]: Shape): Shape {
  return [batch!, down!, across!, 1, 1, channels!];
}

/** The adjoint of {@link maxPoolOf}: equal largest elements share. */
export function maxPoolAdjointOf<V>(to: Lowering<V>, g: V, x: V, how: Pooling, result: Abstract): V {
  const { wins, count } = largestOf(to, x, how);
  const beside = to.reshape(g, besideWindows(to.of(g).shape));
  const shares = to.map(shareOf, [beside, wins, count], { shape: to.of(wins).shape, dtype: result.dtype });
  return imagesOf(to, shares, how, result);
}

/** The mean of `u` over the largest elements of each window of x. */
export function meanAtLargestOf<V>(to: Lowering<V>, u: V, x: V, how: Pooling, { shape, dtype }: Abstract): V {
  const { wins, count } = largestOf(to, x, how);
  const windows = windowsOf(to, u, how.size, how, 0);
  const shares = to.map(shareOf, [windows, wins, count], { shape: to.of(wins).shape, dtype });
  return to.reshape(to.reduce('sum', shares, [3, 4], dtype), shape);
}

/** How many places of each window are not padding: one number for each, or one for all. */
function coveredPlaces<V>(to: Lowering<V>, image: Pair, windows: Pair, how: Pooling): V {
  const places = sizeOf(how.size);
  if (!isPadded(how)) return to.constant(wrap(Float64Array.of(places), []), 'float64');
  const table = pixelsOf(image, windows, how.size, how);
  const covered = new Float64Array(sizeOf(windows));
  table.forEach((pixel, i) => {
    if (pixel >= 0) covered[Math.floor(i / places)]! += 1;
  });
  return to.constant(wrap(covered, [1, ...windows, 1]), 'float64');
}

const perPlace = elementwise('perPlace', ['x', 'places'], 'x/places', { wide: true });

/** The mean element of each window of images. */
export function averagePoolOf<V>(to: Lowering<V>, x: V, how: Pooling, result: Abstract): V {
  const totals = to.reduce('sum', windowsOf(to, x, how.size, how, 0), [3, 4], 'float64');
  const covered = coveredPlaces(to, imageOf(to.of(x).shape), imageOf(result.shape), how);
  return to.map(perPlace, [to.reshape(totals, result.shape), covered], result);
}

/** The adjoint of {@link averagePoolOf}: all elements of a window share. */
export function averagePoolAdjointOf<V>(to: Lowering<V>, g: V, how: Pooling, result: Abstract): V {
  const { shape } = to.of(g);
  const covered = coveredPlaces(to, imageOf(result.shape), imageOf(shape), how);
  const shares = to.reshape(to.map(perPlace, [g, covered], { shape, dtype: result.dtype }), besideWindows(shape));
  const windows = [...shape.slice(0, 3), ...how.size, shape[3]!];
  return imagesOf(
    to,
    to.view(shares, (x) => broadcastView(x, windows)),
    how,
    result,
  );
}
