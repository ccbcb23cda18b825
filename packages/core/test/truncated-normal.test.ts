import { describe, expect, it } from 'vitest';
import { RandomGenerator, type Tensor } from '../src/index.ts';
import { refusal } from './refusal.ts';

const n = 20_000;
const values = (x: Tensor): number[] => [...x.toData()];
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs: readonly number[]): number => mean(xs.map((x) => x ** 2)) - mean(xs) ** 2;

describe('truncatedNormal', () => {
  /** Moments of the standard normal distribution between a and b, by Simpson's rule on its density. */
  function moments(a: number, b: number): { mean: number; variance: number } {
    const parts = 2000;
    const h = (b - a) / parts;
    const integral = (f: (z: number) => number): number => {
      let total = 0;
      for (let i = 0; i <= parts; i++) {
        const z = a + i * h;
        // relative to the density at the end that is nearer to 0, so that far tails do not underflow
        const density = Math.exp((Math.min(a * a, b * b) - z * z) / 2);
        total += (i === 0 || i === parts ? 1 : i % 2 === 1 ? 4 : 2) * f(z) * density;
      }
      return (total * h) / 3;
    };
    const mass = integral(() => 1);
    const first = integral((z) => z) / mass;
    return { mean: first, variance: integral((z) => (z - first) ** 2) / mass };
  }

  it.each([
    ['the default bounds', -2, 2],
    ['one side and a bit', -0.3, 4],
    ['close bounds about 0', -0.2, 0.5],
    ['the upper tail', 1.5, 9],
    ['the far upper tail', 8, 12],
    ['the lower tail', -6, -3],
    ['close bounds in a tail', 5, 5.05],
    ['half the line', 0, 8],
  ])('between %s has the mean and the variance of the density', (_, low, high) => {
    const draws = values(new RandomGenerator(8).truncatedNormal([n], 0, 1, { low, high, dtype: 'float64' }));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...draws)).toBeLessThanOrEqual(high);
    const exact = moments(low, high);
    const deviation = Math.sqrt(exact.variance);
    expect(Math.abs(mean(draws) - exact.mean) / deviation).toBeLessThan(5 / Math.sqrt(n));
    const spread = mean(draws.map((x) => (x - exact.mean) ** 2));
    expect(spread / exact.variance).toBeCloseTo(1, 1);
  });

  it('is scaled by mean and standard deviation, and keeps 0.8796 of the latter', () => {
    const draws = values(new RandomGenerator(10).truncatedNormal([n], 10, 3));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...draws)).toBeLessThanOrEqual(16);
    expect(mean(draws)).toBeCloseTo(10, 1);
    expect(Math.sqrt(variance(draws)) / 3).toBeCloseTo(0.8796, 2);
  });

  it('without deviation is the mean', () => {
    expect(new RandomGenerator(9).truncatedNormal([2], 1, 0).toArray()).toEqual([1, 1]);
  });

  it.each<[(random: RandomGenerator) => unknown, string]>([
    [
      (random) => random.truncatedNormal([1], 0, 1, { low: 2, high: 1 }),
      'truncatedNormal: the bounds are 2 and 1, the mean 0. Expected the lower bound first; without deviation, the mean between them.',
    ],
    [
      (random) => random.truncatedNormal([1], 5, 0, { low: 0, high: 1 }),
      'truncatedNormal: the bounds are 0 and 1, the mean 5. Expected the lower bound first; without deviation, the mean between them.',
    ],
    [
      (random) => random.truncatedNormal([1], 0, -1),
      'truncatedNormal: the mean is 0, the standard deviation -1. Expected finite numbers, the latter >= 0.',
    ],
    [
      (random) => random.normal([1], Number.NaN),
      'normal: the mean is NaN, the standard deviation 1. Expected finite numbers, the latter >= 0.',
    ],
    [(random) => random.uniform([1], 1, 0), 'uniform: the bounds are 1 and 0. Expected finite ones, the lower first.'],
    [
      (random) => random.uniform([1], 0, Infinity),
      'uniform: the bounds are 0 and Infinity. Expected finite ones, the lower first.',
    ],
  ])('and its relatives refuse bad arguments: %#', (draw, message) => {
    expect(() => draw(new RandomGenerator(9))).toThrow(refusal(message));
  });
});
