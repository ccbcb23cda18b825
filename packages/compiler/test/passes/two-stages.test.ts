import { RandomGenerator, type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { turnsOf } from '../../src/threads/meetings.ts';
import { kernelsIn, planOf } from '../support/traced.ts';

const shapesIn = (f: (x: Tensor) => Tensor | readonly Tensor[], x: Tensor): (readonly number[])[] =>
  planOf(f, x).kernels.map((kernel) => (kernel.kind === 'loop' ? kernel.shape : []));

describe('a large reduction', () => {
  it('is one of parts, and one of what came of them', () => {
    expect(shapesIn((x) => x.square().sum(), zeros([100_000]))).toEqual([[32, 3125], [32]]);
    expect(kernelsIn(planOf((x) => x.square().sum(), zeros([100_000])))).toEqual(['square sum', 'sum']);
    expect(shapesIn((x) => x.max(0), zeros([20_000, 10]))).toEqual([
      [32, 625, 10],
      [32, 10],
    ]);
    expect(shapesIn((x) => x.sum(), zeros([3, 50_000]))[0]).toEqual([3, 1, 50_000]);
  });

  it('stays one where it is small, has many results, or a length that cannot be divided', () => {
    expect(shapesIn((x) => x.sum(), zeros([1000]))).toEqual([[1000]]);
    expect(shapesIn((x) => x.sum(0), zeros([1000, 128]))).toEqual([[1000, 128]]);
    expect(shapesIn((x) => x.sum(), zeros([100_003]))).toEqual([[100_003]]);
  });

  it('is then divided among threads', () => {
    const plan = planOf((x) => x.exp().sum(), zeros([1_000_000]));
    const turns = turnsOf(plan, plan.buffers.map((_, at) => (1 << 24) * at))!; // biome-ignore format: a line
    expect(turns.map(({ pieces }) => pieces > 0)).toEqual([true, false]);
  });

  it.each<[string, (x: Tensor) => Tensor]>([
    ['sums', (x) => x.sum()],
    ['sums of columns', (x) => x.sum(0)],
    ['sums in the middle of other axes', (x) => x.reshape([50, 40, 40, 2]).sum([1, 2])],
    ['products', (x) => x.mul(1e-3).add(1).prod()],
    ['maxima', (x) => x.max(0)],
    ['maxima of whole numbers', (x) => x.mul(100).asType('int32').max()],
    ['truth values', (x) => x.greater(4.5).any()],
    ['all truth values', (x) => x.less(100).all(0)],
  ])('gives what eager code gives: %s', (_, f) => {
    const x = new RandomGenerator(4).normal([16_000, 10]);
    const [found, wanted] = [compile(f)(x), f(x)];
    expect([found.dtype, found.shape]).toEqual([wanted.dtype, wanted.shape]);
    const error = found.asType('float64').sub(wanted.asType('float64')).abs().max().item();
    expect(error).toBeLessThanOrEqual(1e-5 * wanted.asType('float64').abs().max().item());
  });

  it('stores what is needed elsewhere, and knows NaN', () => {
    const x = new RandomGenerator(5).normal([80_000]);
    const [squares, sum] = compile((y: Tensor) => {
      const square = y.square();
      return [square, square.sum()];
    })(x);
    expect(squares!.sub(x.square()).abs().max().item()).toBe(0);
    expect(sum!.item()).toBeCloseTo(x.square().sum().item(), 0);
    expect(compile((y: Tensor) => y.log().max())(x).item()).toBeNaN();
  });
});
