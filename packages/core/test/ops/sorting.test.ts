// What golden/ and special-values/ leave open: stability, views, dtypes, errors.

import { describe, expect, it } from 'vitest';
import { argsort, ones, RandomGenerator, type SortOptions, scalar, sort, tensor, topk } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

describe('sort and argsort', () => {
  it('keep the dtype, and give positions in int32', () => {
    expect(String(sort(tensor([3, 1, 2], { dtype: 'int32' })))).toBe('int32[3] [1, 2, 3]');
    expect(String(sort(tensor([true, false])))).toBe('bool[2] [false, true]');
    expect(String(argsort(tensor([3, 1, 2], { dtype: 'float64' })))).toBe('int32[3] [1, 2, 0]');
  });

  it('are stable in both directions, for thousands of elements', () => {
    const n = 5000;
    const x = new RandomGenerator(1).uniform([n], 0, 10).asType('int32');
    const values = x.toData();
    for (const descending of [false, true]) {
      const order = argsort(x, { descending }).toData();
      for (let i = 1; i < n; i++) {
        const [before, after] = [values[order[i - 1]!]!, values[order[i]!]!];
        if (before === after) expect(order[i - 1]!).toBeLessThan(order[i]!);
        else expect(descending ? after < before : before < after).toBe(true);
      }
    }
  });

  it('follow any axis of a view', () => {
    const x = tensor([
      [3, 1],
      [2, 5],
    ]).transpose();
    expect(x.sort().toArray()).toEqual([
      [2, 3],
      [1, 5],
    ]);
    expect(x.sort({ axis: 0 }).toArray()).toEqual([
      [1, 2],
      [3, 5],
    ]);
  });

  it.each(['sort', 'argsort'] as const)('%s refuses a scalar, and an axis in the place of the options', (name) => {
    expect(() => scalar(1)[name]()).toThrow(
      refusal(`${name}: axis -1 does not exist in a tensor of rank 0. A scalar has no axes.`),
    );
    expect(() => ones([2])[name](0 as SortOptions)).toThrow(
      refusal(`${name}: the options are 0. Expected an object: { axis: …, descending: … }.`),
    );
  });
});

describe('topk', () => {
  const x = tensor([5, 1, 4, 2]);

  it('gives values and positions, the best first', () => {
    const [values, indices] = topk(x, 2);
    expect([String(values), String(indices)]).toEqual(['float32[2] [5, 4]', 'int32[2] [0, 2]']);
    expect(x.topk(2, { largest: false }).map((part) => part.toArray())).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it('leaves the best in their places where they need not be sorted', () => {
    expect(topk(x, 3, { largest: false, sorted: false })[0].toArray()).toEqual([1, 4, 2]);
  });

  it.each([5, -1, 1.5, undefined])('refuses %s elements of four', (k) => {
    expect(() => topk(x, k as number)).toThrow(
      refusal(`topk: k is ${k}, axis 0 of [4] has 4 elements. Expected a whole number from 0 to 4.`),
    );
  });
});
