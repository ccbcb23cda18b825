// How far elements lie apart, and from 0: deviations from the mean, variances, norms. Over any axes, which stay with length 1,
// and in float64.

import { allocate, broadcastView, type NdArray } from '../arrays.ts';
import { sizeOf } from '../shape.ts';
import { elementwise } from './elementwise.ts';
import { maxOver, minOver, sumOver } from './reduce.ts';

const deviation = elementwise('deviation', ['x', 'm'], 'x-m');
const squaredDeviation = elementwise('squaredDeviation', ['x', 'm'], '(x-m)*(x-m)');

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
  mean.data.forEach((total, i) => {
    mean.data[i] = total / count;
  });
  const rest = sumOver(centered(x, mean), axes);
  mean.data.forEach((first, i) => {
    const correction = rest.data[i]! / count;
    if (Number.isFinite(correction)) mean.data[i] = first + correction;
  });
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
  total.data.forEach((sum, i) => {
    total.data[i] = sum / degrees;
  });
  return total;
}

const magnitude = elementwise('magnitude', ['x'], 'Math.abs(x)');
const scaledPower = elementwise('scaledPower', ['x', 'scale', 'order'], 'Math.pow(x/scale,order)');
const scaledSquare = elementwise('scaledSquare', ['x', 'scale', 'order'], '(x/scale)*(x/scale)');

/** The norm of this order over `axes`: elements are scaled by a power of 2, which loses no digit, so that no power overflows. */
export function normOver(x: NdArray, axes: readonly number[], order: number): NdArray {
  const sizes = allocate('float64', x.shape);
  magnitude(sizes, x);
  if (order === Number.NEGATIVE_INFINITY) return minOver(sizes, axes);
  const scale = maxOver(sizes, axes);
  if (order === Number.POSITIVE_INFINITY) return scale;
  scale.data.forEach((largest, i) => {
    scale.data[i] = largest > 0 && largest < Infinity ? 2 ** Math.floor(Math.log2(largest)) : 1;
  });
  const exponent = allocate('float64', []);
  exponent.data[0] = order;
  const power = order === 2 ? scaledSquare : scaledPower;
  power(sizes, sizes, broadcastView(scale, x.shape), broadcastView(exponent, x.shape));
  const total = sumOver(sizes, axes);
  total.data.forEach((sum, i) => {
    const root = order === 2 ? Math.sqrt(sum) : sum ** (1 / order);
    total.data[i] = scale.data[i]! * root;
  });
  return total;
}
