// What golden/ and special-values/ leave open: arguments, dtypes, errors, precision.

import { describe, expect, it } from 'vitest';
import {
  cumsum,
  full,
  linearRecurrence,
  ones,
  type RunningOptions,
  scalar,
  type Tensor,
  tensor,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const names = ['cumsum', 'cumprod', 'cummax', 'cummin'] as const;

describe('scans', () => {
  it.each<[(typeof names)[number], string]>([
    ['cumsum', 'int32[3] [3, 4, 6]'],
    ['cumprod', 'int32[3] [3, 3, 6]'],
    ['cummax', 'int32[3] [3, 3, 3]'],
    ['cummin', 'int32[3] [3, 1, 1]'],
  ])('%s of whole numbers is whole', (name, text) => {
    expect(String(tensor([3, 1, 2], { dtype: 'int32' })[name]())).toBe(text);
  });

  it('of booleans count them', () => {
    expect(String(tensor([true, false, true]).cumsum())).toBe('int32[3] [1, 1, 2]');
  });

  it('go along the last axis unless another is named', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.cumsum().toArray()).toEqual([
      [1, 3],
      [3, 7],
    ]);
    expect(x.cumsum(0).toArray()).toEqual([
      [1, 2],
      [4, 6],
    ]);
    expect(x.transpose().cumsum(1).toArray()).toEqual([
      [1, 4],
      [2, 6],
    ]);
  });

  it('start exclusively from the result of nothing', () => {
    expect(tensor([2, 3, 4]).cumsum(0, { exclusive: true }).toArray()).toEqual([0, 2, 5]);
    expect(tensor([2, 3, 4]).cumprod(0, { exclusive: true, reverse: true }).toArray()).toEqual([12, 4, 1]);
  });

  it('of extremes are never exclusive: of nothing there is none', () => {
    const options = { exclusive: true } as RunningOptions;
    expect(() => tensor([2, 3]).cummax(0, options)).toThrow(
      refusal('cummax: no option exclusive. Expected { reverse: … }.'),
    );
  });

  it.each(names)('%s refuses axes that do not exist, and what are no options', (name) => {
    const x = ones([2]);
    expect(() => x[name](1)).toThrow(
      refusal(`${name}: axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.`),
    );
    expect(() => scalar(1)[name]()).toThrow(
      refusal(`${name}: axis -1 does not exist in a tensor of rank 0. A scalar has no axes.`),
    );
    expect(() => x[name](0, true as unknown as RunningOptions)).toThrow(
      refusal(
        `${name}: the options are true. Expected an object: { reverse: …${name.startsWith('cumm') ? '' : ', exclusive: …'} }.`,
      ),
    );
  });

  it('of float32 are accumulated in float64', () => {
    const sums: Tensor = cumsum(full([100_000], 0.1));
    expect(sums.slice(-1).item()).toBe(Math.fround(100_000 * Math.fround(0.1)));
  });
});

describe('linearRecurrence', () => {
  it('takes the state before, scaled, to the next', () => {
    expect(linearRecurrence(0.5, tensor([8, 0, 0, 1])).toArray()).toEqual([8, 4, 2, 2]);
    expect(linearRecurrence(tensor([9, 2, 3]), tensor([1, 1, 1]), 0, { reverse: true }).toArray()).toEqual([28, 3, 1]);
  });
});
