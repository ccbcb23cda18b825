// What several ops are compiled to: conversions, means, softmax, norms, in terms of the loops that a compiler offers. Windows are in
// lowered-windows.ts; which op is compiled to what, the ops' own files say.

import { sliceView, wrap } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { subtractBoth } from '../kernels/cross-entropy.ts';
import { type ElementwiseKernel, elementwise } from '../kernels/elementwise.ts';
import { quotient, subtractExp } from '../kernels/reduce.ts';
import {
  corrected,
  deviation,
  magnitude,
  scaledPowerOf,
  scaledRootOf,
  scaleOf,
  squaredDeviation,
} from '../kernels/spread.ts';
import type { Lowering, Piece } from '../lowering.ts';
import type { Abstract } from '../op-entry.ts';
import { reducedShape, type Shape, sizeOf } from '../shape.ts';

const same = elementwise('same', ['x'], 'x');

/** 1 where x is not 0, as NaN is not. */
export const isTrue: ElementwiseKernel = elementwise('isTrue', ['x'], 'x!==0?1:0');

/** 1 where x is 0. */
export const isFalse: ElementwiseKernel = elementwise('isFalse', ['x'], 'x===0?1:0');

/** x in a dtype: itself where it is of that one. */
export function cast<V>(to: Lowering<V>, x: V, dtype: DType): V {
  const { shape, dtype: from } = to.of(x);
  if (from === dtype) return x;
  return to.map(dtype === 'bool' ? isTrue : same, [x], { shape, dtype });
}

/** `value` as the part of a whole that begins at `starts`. */
export function pieceAt<V>(to: Lowering<V>, value: V, starts: readonly number[], steps?: readonly number[]): Piece<V> {
  const { shape } = to.of(value);
  return { value, into: (whole) => sliceView(whole, starts, steps ?? shape.map(() => 1), shape) };
}

/** The numbers from 0 on, in row-major order. */
export function counted<V>(to: Lowering<V>, shape: Shape): V {
  const numbers = Int32Array.from({ length: sizeOf(shape) }, (_, i) => i);
  return to.constant(wrap(numbers, shape), 'int32');
}

/** How many elements over the axes, which stay with length 1, are not 0. */
export function countOf<V>(to: Lowering<V>, x: V, axes: readonly number[]): V {
  return to.reduce('sum', cast(to, x, 'bool'), axes, 'int32');
}

/** The shape of x with axes of length 1. */
function keptShape<V>(to: Lowering<V>, x: V, axes: readonly number[]): Shape {
  return reducedShape(to.of(x).shape, axes, true);
}

/** How many elements each result over the axes is made of. */
function elementsOver<V>(to: Lowering<V>, x: V, axes: readonly number[]): number {
  const { shape } = to.of(x);
  return sizeOf(axes.map((axis) => shape[axis]!));
}

/** The mean over the axes. */
export function meanOf<V>(to: Lowering<V>, x: V, axes: readonly number[], kept: Abstract): V {
  return to.map(quotient(elementsOver(to, x, axes)), [to.reduce('sum', x, axes, 'float64')], kept);
}

/**
 * The mean from which equal elements differ by exactly 0, in float64. The mean of what is left puts right the rounding of a first
 * mean of float64; that of smaller numbers is not rounded.
 */
function exactMeanOf<V>(to: Lowering<V>, x: V, axes: readonly number[]): V {
  const kept = { shape: keptShape(to, x, axes), dtype: 'float64' } as const;
  const { shape, dtype } = to.of(x);
  const mean = meanOf(to, x, axes, kept);
  if (dtype !== 'float64') return mean;
  const rest = to.reduce('sum', to.map(deviation, [x, mean], { shape, dtype }), axes, dtype);
  return to.map(corrected(elementsOver(to, x, axes)), [mean, rest], kept);
}

/** The elements less their mean over the axes. */
export function centerOf<V>(to: Lowering<V>, x: V, axes: readonly number[], result: Abstract): V {
  return to.map(deviation, [x, exactMeanOf(to, x, axes)], result);
}

/** The sum of squared deviations from the mean over the axes, in float64. */
export function squaresAroundMean<V>(to: Lowering<V>, x: V, axes: readonly number[]): V {
  const { shape } = to.of(x);
  const squares = to.map(squaredDeviation, [x, exactMeanOf(to, x, axes)], { shape, dtype: 'float64' });
  return to.reduce('sum', squares, axes, 'float64');
}

const ratio = elementwise('ratio', ['x', 'total'], 'x/total');
const finiteOrZero = elementwise('finiteOrZero', ['x'], 'x-x===0?x:0');
const logarithm = elementwise('logarithm', ['x'], 'Math.log(x)', { wide: true });
const logarithmAbove = elementwise('logarithmAbove', ['total', 'shift'], 'Math.log(total)+shift', { wide: true });

/** e^(x − shift), and the sum of that over the axes in float64. */
function shiftedPowers<V>(to: Lowering<V>, x: V, shift: V, axes: readonly number[], dtype: DType) {
  const powers = to.map(subtractExp, [x, shift], { shape: to.of(x).shape, dtype });
  return { powers, total: to.reduce('sum', powers, axes, 'float64') };
}

/** The logarithm of the sum of exponentials over the axes. */
export function logSumExpOf<V>(to: Lowering<V>, x: V, axes: readonly number[], kept: Abstract): V {
  // An infinite maximum must not be subtracted from itself.
  const shift = to.map(finiteOrZero, [to.reduce('max', x, axes, kept.dtype)], kept);
  const { total } = shiftedPowers(to, x, shift, axes, kept.dtype);
  return to.map(logarithmAbove, [total, shift], kept);
}

/** Exponentials along an axis, divided by their sum. */
export function softmaxOf<V>(to: Lowering<V>, x: V, axis: number, result: Abstract): V {
  const shift = to.reduce('max', x, [axis], result.dtype);
  const { powers, total } = shiftedPowers(to, x, shift, [axis], result.dtype);
  return to.map(ratio, [powers, total], result);
}

/** The logarithm of {@link softmaxOf}. */
export function logSoftmaxOf<V>(to: Lowering<V>, x: V, axis: number, { shape, dtype }: Abstract): V {
  const shift = to.reduce('max', x, [axis], dtype);
  const { total } = shiftedPowers(to, x, shift, [axis], dtype);
  const logTotal = to.map(logarithm, [total], { shape: keptShape(to, x, [axis]), dtype });
  return to.map(subtractBoth, [x, shift, logTotal], { shape, dtype });
}

const squareOf = elementwise('squareOf', ['x'], 'x*x', { wide: true });
const rootOf = elementwise('rootOf', ['x'], 'Math.sqrt(x)', { wide: true });

/** The norm of this order over the axes. */
export function normOf<V>(to: Lowering<V>, x: V, axes: readonly number[], order: number, kept: Abstract): V {
  const { shape, dtype: from } = to.of(x);
  const { dtype } = kept;
  if (order === 2 && from !== 'float64') {
    // in float64 no square of a smaller number overflows
    const squares = to.map(squareOf, [x], { shape, dtype: 'float64' });
    return to.map(rootOf, [to.reduce('sum', squares, axes, 'float64')], kept);
  }
  const sizes = to.map(magnitude, [x], { shape, dtype });
  if (order === Number.NEGATIVE_INFINITY) return to.reduce('min', sizes, axes, dtype);
  const largest = to.reduce('max', sizes, axes, dtype);
  if (order === Number.POSITIVE_INFINITY) return largest;
  const scale = to.map(scaleOf, [largest], kept);
  const powers = to.map(scaledPowerOf(order), [sizes, scale], { shape, dtype });
  return to.map(scaledRootOf(order), [to.reduce('sum', powers, axes, 'float64'), scale], kept);
}
