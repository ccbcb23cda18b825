// Running results in compiled functions.

import {
  cummax,
  cummin,
  cumprod,
  cumsum,
  grad,
  linearRecurrence,
  RandomGenerator,
  type Shape,
  type Tensor,
  tensor,
} from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose, tolerances } from './support/close.ts';

const seed = 20261125;

type Scan = (x: Tensor, axis: number) => Tensor;

const scans: readonly [string, Scan][] = [
  ['cumsum', (x, axis) => cumsum(x, axis)],
  ['cumsum reversed', (x, axis) => cumsum(x, axis, { reverse: true })],
  ['cumsum exclusive', (x, axis) => cumsum(x, axis, { exclusive: true })],
  ['cumprod', (x, axis) => cumprod(x, axis)],
  ['cumprod reversed and exclusive', (x, axis) => cumprod(x, axis, { reverse: true, exclusive: true })],
  ['cummax', (x, axis) => cummax(x, axis)],
  ['cummin reversed', (x, axis) => cummin(x, axis, { reverse: true })],
  ['linearRecurrence', (x, axis) => linearRecurrence(x, x.mul(2).sub(1), axis)],
  ['linearRecurrence reversed', (x, axis) => linearRecurrence(x.mul(0.5), x, axis, { reverse: true })],
];

const shapes: readonly [Shape, axis: number][] = [
  [[1], 0],
  [[37], 0],
  [[5, 7], 1],
  [[5, 7], 0],
  [[6, 64], 0],
  [[3, 21], 0],
  [[9, 40], 1],
  [[2, 5, 3], 1],
  [[3, 1, 4], 1],
  [[0, 4], 1],
  [[4, 0], 1],
];

describe.each(scans)(`compiled %s (seed ${seed})`, (_, scan) => {
  it.each(shapes)('gives to the last bit what the eager one gives: %j along axis %j', (shape, axis) => {
    const random = new RandomGenerator(seed);
    const f = compile((x: Tensor) => [scan(x, axis), scan(x.transpose(), shape.length - 1 - axis)]);
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      const drawn = random.uniform(shape, -3, 3, dtype === 'float64' ? dtype : 'float32');
      const x = dtype === 'int32' ? drawn.asType(dtype) : drawn;
      const found = f(x);
      expectClose(found[0]!, scan(x, axis), 0);
      expectClose(found[1]!, scan(x.transpose(), shape.length - 1 - axis), 0);
    }
    expect(f.programs.map(({ stats }) => stats.hostCalls)).toEqual([0, 0, 0]);
  });

  it('has the gradients of the eager one, of first and second order', () => {
    const x = new RandomGenerator(seed).uniform([4, 5], -2, 2, 'float64');
    for (const axis of [0, 1]) {
      const first = grad((y: Tensor) => scan(y, axis).square().sum());
      const second = grad((y: Tensor) => first(y).sin().sum());
      const compiled = compile((y: Tensor) => [first(y), second(y)]);
      const [one, two] = compiled(x);
      expectClose(one!, first(x), tolerances.float64);
      expectClose(two!, second(x), 10 * tolerances.float64);
      expect(compiled.programs[0]!.stats.hostCalls).toBe(0);
    }
  });

  it('passes on zeros, infinities and NaN as the eager one', () => {
    const f = compile((x: Tensor) => scan(x, -1));
    for (const numbers of [
      [-0, -0, 0, -0],
      [1, Infinity, -Infinity, 2],
      [Infinity, 0, 1, -0],
      [3, NaN, 4, Infinity],
      [-Infinity, -Infinity, NaN, 1],
    ]) {
      const x = tensor([numbers, [...numbers].reverse()]);
      expect(f(x).toArray()).toEqual(scan(x, -1).toArray());
    }
  });
});

it('adds up in float64: a long running sum of float32', () => {
  const x = tensor(0.1).broadcastTo([100_000]);
  const sums = compile((y: Tensor) => cumsum(y.mul(1)))(x);
  expect(sums.toData().at(-1)).toBe(Math.fround(100_000 * Math.fround(0.1)));
});

it('wraps whole numbers around as the eager scans do', () => {
  const x = tensor([2 ** 31 - 1, 2 ** 31 - 1, 3, 65_537, -7], { dtype: 'int32' });
  for (const scan of [cumsum, cumprod]) expect(compile((y: Tensor) => scan(y))(x).toArray()).toEqual(scan(x).toArray());
});
