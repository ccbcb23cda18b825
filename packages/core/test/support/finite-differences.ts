// The numeric opinion: derivatives by central differences in float64, and random operands for the ops' samples.

import {
  fromData,
  noGrad,
  type RandomGenerator,
  type SampleInput,
  type Shape,
  type Tensor,
  tensor,
} from '../../src/index.ts';

/** Operands as a sample describes them, in float64 unless it says otherwise. */
export function drawInputs(inputs: readonly SampleInput[], random: RandomGenerator): Tensor[] {
  return inputs.map(({ shape, low = -2, high = 2, diagonal, dtype }) => {
    if (dtype === 'bool') return random.bernoulli(shape, 0.5);
    const drawn = random.uniform(shape, low, high, 'float64');
    const values = diagonal === undefined ? drawn : drawn.add(scaledIdentity(shape, diagonal));
    return dtype === 'int32' ? values.asType('int32') : values;
  });
}

function scaledIdentity(shape: Shape, value: number): Tensor {
  const [m, n] = shape.slice(-2) as [number, number];
  return tensor(
    Float64Array.from({ length: m * n }, (_, i) => (Math.floor(i / n) === i % n ? value : 0)),
    { shape: [m, n] },
  );
}

/**
 * The gradient of a scalar function by `x`, element by element: (f(x + h) − f(x − h)) / 2h, whose error is of the size of h².
 * With h = 1e-5 that and the rounding error 1e-16/h are both near 1e-11.
 */
export function centralDifferences(f: (x: Tensor) => Tensor, x: Tensor, h = 1e-5): Tensor {
  return noGrad(() => {
    const gradient = new Float64Array(x.size);
    const at = (i: number, shift: number): number => {
      const moved = x.toData();
      moved[i]! += shift;
      return f(fromData(moved, x.shape, 'float64')).item();
    };
    for (let i = 0; i < gradient.length; i++) gradient[i] = (at(i, h) - at(i, -h)) / (2 * h);
    return tensor(gradient, { shape: x.shape });
  });
}

/** The largest difference of two tensors, relative to the size of their elements where these exceed 1. */
export function largestDifference(a: Tensor, b: Tensor): number {
  const [x, y] = [a.toData(), b.toData()];
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const scale = Math.max(1, Math.abs(x[i]!), Math.abs(y[i]!));
    largest = Math.max(largest, Math.abs(x[i]! - y[i]!) / scale);
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) return Number.NaN;
  }
  return largest;
}
