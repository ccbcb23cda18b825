// The ranges and variances of first weights, and their seeds.

import { RandomGenerator } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, initializers } from '../src/index.ts';

const shape = [200, 300];

function draws(name: keyof typeof initializers): number[] {
  return Array.from(initializers[name](shape, new RandomGenerator(5), 'float64').toData());
}

function deviation(values: number[]): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0) / values.length);
}

describe('initializers', () => {
  test.each([
    ['glorotUniform', Math.sqrt(6 / 500)],
    ['heUniform', Math.sqrt(6 / 200)],
  ] as const)('%s fills its range and does not leave it', (name, limit) => {
    const values = draws(name);
    const largest = Math.max(...values.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
    expect(deviation(values)).toBeCloseTo(limit / Math.sqrt(3), 3);
  });

  test.each([
    ['glorotNormal', Math.sqrt(2 / 500)],
    ['heNormal', Math.sqrt(2 / 200)],
  ] as const)('%s has its variance, with nothing beyond two deviations of the uncut normal', (name, sigma) => {
    const values = draws(name);
    expect(deviation(values) / sigma).toBeCloseTo(1, 2);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual((2 * sigma) / 0.87962566103423978);
  });

  test('counts the fans of vectors and of convolutions as Keras does', () => {
    const largest = (of: number[]) =>
      Math.max(...initializers.glorotUniform(of, new RandomGenerator(1), 'float64').toData().map(Math.abs));
    expect(largest([1000])).toBeLessThanOrEqual(Math.sqrt(6 / 2000));
    expect(largest([3, 3, 10, 20])).toBeLessThanOrEqual(Math.sqrt(6 / (9 * 30)));
    expect(largest([3, 3, 10, 20])).toBeGreaterThan(0.99 * Math.sqrt(6 / (9 * 30)));
  });

  test('give the same weights for the same seed, in the dtype asked for', () => {
    const make = () => initializers.glorotNormal([3, 2], new RandomGenerator(9), 'float32');
    expect(make().dtype).toBe('float32');
    expect(make().toArray()).toEqual(make().toArray());
    expect(initializers.ones([2], new RandomGenerator(1), 'float64').toString()).toBe('float64[2] [1, 1]');
  });

  test('an unknown name is refused with the nearest one', () => {
    expect(() => new Dense(1, { kernelInitializer: 'glorot_uniform' as 'zeros' })).toThrow(
      'Dense: no initializer glorot_uniform. Did you mean glorotUniform? ' +
        'Known: glorotUniform, glorotNormal, heUniform, heNormal, zeros, ones.',
    );
  });
});
