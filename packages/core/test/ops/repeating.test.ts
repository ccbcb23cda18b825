// What golden/structure.json leaves open of tile, repeat and meshgrid: dtypes, empty results, errors.

import { describe, expect, it } from 'vitest';
import { meshgrid, repeat, type Tensor, tensor, tile, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor(
  [
    [1, 2],
    [3, 4],
  ],
  { dtype: 'int32' },
);

describe('tile and repeat', () => {
  it.each<[string, Tensor, string]>([
    ['tile in front of the axes of x', x.tile([2, 1, 1]), 'int32[2, 2, 2] [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]'],
    ['tile of nothing', x.tile([0, 2]), 'int32[0, 4] []'],
    ['tile of a number', tile(7, [2]), 'float32[2] [7, 7]'],
    ['repeat of all', repeat(x, 2), 'int32[8] [1, 1, 2, 2, 3, 3, 4, 4]'],
    ['repeat by counts, of all', repeat(x, [0, 1, 0, 2]), 'int32[3] [2, 4, 4]'],
    ['repeat by counts, of rows', repeat(x, [2, 1], 0), 'int32[3, 2] [[1, 2], [1, 2], [3, 4]]'],
    ['repeat of a transposed tensor', repeat(x.transpose(), 2, 0), 'int32[4, 2] [[1, 3], [1, 3], [2, 4], [2, 4]]'],
  ])('%s', (_, out, expected) => {
    expect(String(out)).toBe(expected);
  });

  it.each<[() => Tensor, string]>([
    [() => x.tile(2 as unknown as number[]), 'tile: counts is 2. Expected a list, e.g. [2, 3].'],
    [() => x.tile([-1]), 'tile: counts holds -1. Expected whole numbers >= 0.'],
    [() => x.repeat(1.5), 'repeat: counts holds 1.5. Expected whole numbers >= 0.'],
    [() => x.repeat([1, -2], 0), 'repeat: counts holds -2. Expected whole numbers >= 0.'],
    [() => x.repeat([1], 0), 'repeat: 1 counts are given for axis 0 of length 2. Expected 2, or one number.'],
    [
      () => x.repeat(2, 2),
      'repeat: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
  ])('refuse %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('meshgrid', () => {
  it('lays each vector across the axes of the others', () => {
    const [columns, rows] = meshgrid([tensor([1, 2, 3]), tensor([10, 20])]);
    expect(columns!.toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(rows!.toArray()).toEqual([
      [10, 10, 10],
      [20, 20, 20],
    ]);
    const three = [zeros([2]), zeros([3]), zeros([4])];
    expect(meshgrid(three)[0]!.shape).toEqual([3, 2, 4]);
    expect(meshgrid(three, { indexing: 'ij' })[0]!.shape).toEqual([2, 3, 4]);
    expect(meshgrid([])).toEqual([]);
  });

  it.each<[() => unknown, string]>([
    [() => meshgrid([x]), 'meshgrid: xs[0] has shape [2, 2]. Expected a vector.'],
    [() => meshgrid([1, null as unknown as Tensor]), 'meshgrid: xs[1] is null. Expected a tensor or a number.'],
    [() => meshgrid(x as unknown as Tensor[]), 'meshgrid: got object. Expected a list of vectors.'],
    [() => meshgrid([1], { indexing: 'yx' as 'xy' }), `meshgrid: indexing is "yx". Expected 'xy' or 'ij'.`],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
