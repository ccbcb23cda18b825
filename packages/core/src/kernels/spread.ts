// How far elements lie apart, and from 0: deviations from the mean, variances, norms. Over any axes, which stay with length 1,
// and in float64.

import { allocate, broadcastView, type NdArray } from '../arrays.ts';
import { sizeOf } from '../shape.ts';
import { type ElementwiseKernel, elementwise, elementwiseWith } from './elementwise.ts';
import { maxOver, minOver, quotient, sumOver } from './reduce.ts';

/** x less a mean, in float64 as that is: of large numbers that lie close together all digits are needed. */
export const deviation: ElementwiseKernel = elementwise('deviation', ['x', 'm'], 'x-m', { wide: true });

/** The square of {@link deviation}. */
export const squaredDeviation: ElementwiseKernel = elementwise('squaredDeviation', ['x', 'm'], '(x-m)*(x-m)', {
  wide: true,
});

/** A mean, put right by the sum of what was left of `n` elements without it. */
export const corrected: (n: number) => ElementwiseKernel = elementwiseWith(
  'corrected',
  ['mean', 'rest'],
  ['n'],
  'rest/n-rest/n===0?mean+rest/n:mean',
  { wide: true },
);

/** How many elements each result is made of. */
function elementsOver(x: NdArray, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => x.shape[axis]!));
}

/**
 * The mean, then the mean of what is left, which puts right the rounding of the first: the mean of equal elements is that
 * element exactly, and their variance 0.
 */
function refinedMean(x: NdArray, axes: readonly number[]): NdArray {
  const count = elementsOver(x, axes);
  const mean = sumOver(x, axes);
  quotient(count)(mean, mean);
  corrected(count)(mean, mean, sumOver(centered(x, mean), axes));
  return mean;
}

function centered(x: NdArray, mean: NdArray): NdArray {
  const out = allocate('float64', x.shape);
  deviation(out, x, broadcastView(mean, x.shape));
  return out;
}

/** The elements less their mean over `axes`. */
export function centerOver(x: NdArray, axes: readonly number[]): NdArray {
  return centered(x, refinedMean(x, axes));
}

/** The sum of squared deviations from the mean over `axes`, divided by `degrees`. */
export function varianceOver(x: NdArray, axes: readonly number[], degrees: number): NdArray {
  const squares = allocate('float64', x.shape);
  squaredDeviation(squares, x, broadcastView(refinedMean(x, axes), x.shape));
  const total = sumOver(squares, axes);
  quotient(degrees)(total, total);
  return total;
}

/** |x|. */
export const magnitude: ElementwiseKernel = elementwise('magnitude', ['x'], 'Math.abs(x)');

/** The largest power of 2 that is not above x; of 0 and infinity 1. To divide by it loses no digit. */
export const scaleOf: ElementwiseKernel = elementwise(
  'scaleOf',
  ['x'],
  'x>0&&x<Infinity?Math.pow(2,Math.floor(Math.log2(x))):1',
  { wide: true },
);

const scaledPower = elementwiseWith('scaledPower', ['x', 'scale'], ['order'], 'Math.pow(x/scale,order)');
const scaledSquare = elementwise('scaledSquare', ['x', 'scale'], '(x/scale)*(x/scale)');

/** The power of this order of x/scale. */
export function scaledPowerOf(order: number): ElementwiseKernel {
  return order === 2 ? scaledSquare : scaledPower(order);
}

const scaledRoot = elementwiseWith('scaledRoot', ['sum', 'scale'], ['inverse'], 'scale*Math.pow(sum,inverse)', {
  wide: true,
});
const scaledSquareRoot = elementwise('scaledSquareRoot', ['sum', 'scale'], 'scale*Math.sqrt(sum)', { wide: true });

/** The root of this order of a sum of scaled powers, scaled back. */
export function scaledRootOf(order: number): ElementwiseKernel {
  return order === 2 ? scaledSquareRoot : scaledRoot(1 / order);
}

/** The norm of this order over `axes`: elements are scaled by a power of 2, which loses no digit, so that no power overflows. */
export function normOver(x: NdArray, axes: readonly number[], order: number): NdArray {
  const sizes = allocate('float64', x.shape);
  magnitude(sizes, x);
  if (order === Number.NEGATIVE_INFINITY) return minOver(sizes, axes);
  const scale = maxOver(sizes, axes);
  if (order === Number.POSITIVE_INFINITY) return scale;
  scaleOf(scale, scale);
  scaledPowerOf(order)(sizes, sizes, broadcastView(scale, x.shape));
  const total = sumOver(sizes, axes);
  scaledRootOf(order)(total, total, scale);
  return total;
}
