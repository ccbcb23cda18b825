// Tensors for tests: float64 from lists, and central differences.

import { type Tensor, type TensorData, tensor } from '@tapegrad/core';

/** A float64 tensor of the data. */
export function double(data: TensorData): Tensor {
  return tensor(data, { dtype: 'float64' });
}

/** The gradient of a scalar function by central differences, flat. */
export function numericGradient(f: (x: Tensor) => Tensor, x: Tensor, h: number = 1e-6): number[] {
  const flat = Array.from(x.toData());
  const at = (values: number[]): number => f(tensor(Float64Array.from(values), { shape: x.shape })).item();
  return flat.map((_, i) => {
    const shifted = (by: number): number[] => flat.map((value, j) => (i === j ? value + by : value));
    return (at(shifted(h)) - at(shifted(-h))) / (2 * h);
  });
}

/** The largest difference between two lists of numbers. */
export function largestDifference(a: Iterable<number>, b: Iterable<number>): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - right[i]!)), 0);
}
