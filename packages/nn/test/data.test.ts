// Data as rows, and batches of them.

import { tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { batchBounds, toRows } from '../src/data.ts';
import { mistake } from './support/errors.ts';

describe('rows', () => {
  const rows = toRows(
    'fit',
    'x',
    [
      [0, 1],
      [10, 11],
      [20, 21],
    ],
    'float32',
  );

  test('are taken in any order', () => {
    expect(rows.batch(0, 2, Int32Array.of(2, 0, 1)).toArray()).toEqual([
      [20, 21],
      [0, 1],
    ]);
    expect(rows.batch(1, 3).toArray()).toEqual([
      [10, 11],
      [20, 21],
    ]);
  });

  test('come from views as from copies', () => {
    const transposed = tensor([
      [0, 10, 20],
      [1, 11, 21],
    ]).transpose();
    expect(toRows('fit', 'x', transposed, 'float32').data).toEqual(rows.data);
    expect(toRows('fit', 'x', transposed.slice(1), 'float32').batch(0, 1).toArray()).toEqual([[10, 11]]);
  });

  test('are the user’s data copied: changing these later changes nothing', () => {
    const data = Float32Array.of(1, 2);
    const copy = toRows('fit', 'x', data, 'float32');
    data[0] = 5;
    expect(Array.from(copy.data)).toEqual([1, 2]);
  });

  test('take whole numbers and booleans into the model’s dtype', () => {
    expect(toRows('fit', 'y', Int32Array.of(1, 2), 'float64').data).toEqual(Float64Array.of(1, 2));
    expect(toRows('fit', 'y', tensor([true, false]), 'float32').data).toEqual(Float32Array.of(1, 0));
  });

  test.each([
    [[Number.NaN], 'row 0'],
    [[[0], [Number.NaN]], 'row 1, column 0'],
    [
      [
        [
          [0, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [Number.NaN, 0],
        ],
      ],
      'row 1, position [1, 0]',
    ],
  ])('name the place of what is not finite: %j', (data, place) => {
    expect(() => toRows('fit', 'x', data, 'float32')).toThrow(
      mistake(`fit: x has NaN at ${place}. Expected finite numbers: drop such rows or fill them in.`),
    );
  });
});

test('the last batch may be smaller', () => {
  expect(batchBounds('fit', 5, 2)).toEqual([
    [0, 2],
    [2, 4],
    [4, 5],
  ]);
  expect(batchBounds('fit', 2, 32)).toEqual([[0, 2]]);
});
