// The options of windows that slide, as convolution and pooling take them: checked, and brought into one form for one axis or
// two. Not an op.

import { TapegradError } from '../errors.ts';
import { extent, type Pair, type Sliding, windowCounts } from '../kernels/windows.ts';
import { type Shape, showShape } from '../shape.ts';

/** A number for both axes, or one for each. */
export type PerAxis = number | Pair;

/**
 * What is added around an image: nothing (`valid`); as much as makes one window for every `stride` pixels, where an odd pixel goes
 * to the end, as in TensorFlow and Keras (`same`); so many places on every side; or `[before, after]` for each axis.
 */
export type Padding = 'valid' | 'same' | number | readonly [rows: Pair, columns: Pair];

/** {@link Padding} of one axis. */
export type Padding1d = 'valid' | 'same' | number | Pair;

/** The options before they are checked, of any number of axes. */
export interface SlideOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: Padding | Padding1d;
  readonly dilation?: number | readonly number[];
}

/** One whole number for each axis, out of one for all or a list. @throws TapegradError for anything else. */
export function perAxis(op: string, name: string, value: unknown, axes: number): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(axes).fill(value) : value;
  const fits = Array.isArray(list) && list.length === axes && list.every((n) => Number.isInteger(n) && n >= 1);
  if (fits) return [...list];
  const orList = axes === 1 ? '' : `, or ${axes} of them`;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a whole number >= 1${orList}.`);
}

/**
 * How windows of `size` slide over the axes of x from the second on, the last left out.
 *
 * @throws TapegradError for wrong options, and where a window does not fit.
 */
export function slidingOf(op: string, x: Shape, size: readonly number[], options: SlideOptions): Sliding {
  const lengths = x.slice(1, -1);
  const { stride, dilation, spans } = stepsOf(op, size, options);
  const sliding = { stride, padding: paddingOf(op, options.padding, lengths, spans, stride), dilation };
  const empty = windowCounts(lengths, size, sliding).findIndex((count) => count < 1);
  if (empty >= 0) {
    const [before, after] = sliding.padding[empty]!;
    throw new TapegradError(
      op,
      `a window of size ${size[empty]} and dilation ${dilation[empty]} is ${spans[empty]} long, axis ${empty + 1} of x ` +
        `${showShape(x)} with padding ${showShape([before, after])} is ${before + lengths[empty]! + after}. ` +
        'Expected a window that fits: make it smaller, or pad more.',
    );
  }
  return sliding;
}

/** Stride and dilation, and how long a window of `size` is on each axis. @throws TapegradError for wrong ones. */
export function stepsOf(
  op: string,
  size: readonly number[],
  options: SlideOptions,
): { readonly stride: readonly number[]; readonly dilation: readonly number[]; readonly spans: readonly number[] } {
  const stride = perAxis(op, 'stride', options.stride ?? 1, size.length);
  const dilation = perAxis(op, 'dilation', options.dilation ?? 1, size.length);
  return { stride, dilation, spans: size.map((n, i) => extent(n, dilation[i]!)) };
}

/** What is added before and after, by default nothing. @throws TapegradError for what is no {@link Padding}. */
export function paddingOf(
  op: string,
  padding: unknown,
  lengths: readonly number[],
  spans: readonly number[],
  stride: readonly number[],
): readonly Pair[] {
  if (padding === undefined || padding === 'valid') return lengths.map((): Pair => [0, 0]);
  if (padding === 'same') {
    return lengths.map((length, i): Pair => {
      const windows = Math.ceil(length / stride[i]!);
      const total = Math.max((windows - 1) * stride[i]! + spans[i]! - length, 0);
      const before = Math.floor(total / 2);
      return [before, total - before];
    });
  }
  if (isLength(padding)) return lengths.map((): Pair => [padding, padding]);
  if (Array.isArray(padding)) {
    const pairs: unknown[] = lengths.length === 1 ? [padding] : padding;
    if (pairs.length === lengths.length && pairs.every(isPair)) return pairs.map(([a, b]): Pair => [a, b]);
  }
  const example = lengths.length === 1 ? '[before, after]' : '[[before, after], [before, after]]';
  throw new TapegradError(op, `padding is ${show(padding)}. Expected valid, same, a whole number >= 0, or ${example}.`);
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every(isLength);
}

function show(value: unknown): string {
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
}

/** The same on rows of an image that is one row high. */
export function asTwoAxes({ stride, padding, dilation }: Sliding): {
  stride: Pair;
  padding: [Pair, Pair];
  dilation: Pair;
} {
  return { stride: [1, stride[0]!], padding: [[0, 0], padding[0]!], dilation: [1, dilation[0]!] };
}
