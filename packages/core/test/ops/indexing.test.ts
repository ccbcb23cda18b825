// `at` against what NumPy's brackets give; what is a view; gradients; errors.

import { describe, expect, it } from 'vitest';
import {
  at,
  grad,
  type Index,
  newAxis,
  ravelMultiIndex,
  type Shape,
  scalar,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const whole = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: 'int32' });
/** 0 … 23 in [2, 3, 4]: the element at [i, j, k] is 12i + 4j + k. */
const x = tensor([...Array(24).keys()], { shape: [2, 3, 4] });

describe('at', () => {
  // Each title is what NumPy writes in brackets; the values were found by it.
  it.each<[string, readonly Index[], unknown]>([
    ['1, 2, 3', [1, 2, 3], 23],
    ['-1, 0', [-1, 0], [12, 13, 14, 15]],
    [
      '0, 1:3, ::-1',
      [0, '1:3', '::-1'],
      [
        [7, 6, 5, 4],
        [11, 10, 9, 8],
      ],
    ],
    [
      '0, 1:3, ::-1',
      [0, [1, 3], [null, null, -1]],
      [
        [7, 6, 5, 4],
        [11, 10, 9, 8],
      ],
    ],
    [
      ':, :, 0',
      [null, ':', 0],
      [
        [0, 4, 8],
        [12, 16, 20],
      ],
    ],
    [
      '..., 0',
      ['...', 0],
      [
        [0, 4, 8],
        [12, 16, 20],
      ],
    ],
    ['0, ..., 0', [0, '...', 0], [0, 4, 8]],
    ['0, 0, 0, ...', [0, 0, 0, '...'], 0],
    ['1:, -1:, ::3', [[1], '-1:', '::3'], [[[20, 23]]]],
    ['1, 5:, 0', [1, '5:', 0], []],
    ['0, 0, -2:-9:-1', [0, 0, '-2:-9:-1'], [2, 1, 0]],
    ['0, None, 0, :2', [0, newAxis, 0, ':2'], [[0, 1]]],
    ['1, 1, [3, 0, -1]', [1, 1, whole([3, 0, -1])], [19, 16, 19]],
    [
      ':, [[2], [0]], 1',
      [null, whole([[2], [0]]), 1],
      [
        [[9], [1]],
        [[21], [13]],
      ],
    ],
    [
      '[0, 1], [2, 0]',
      [whole([0, 1]), whole([2, 0])],
      [
        [8, 9, 10, 11],
        [12, 13, 14, 15],
      ],
    ],
    [
      ':, [[0], [2]], [1, -1]',
      [':', whole([[0], [2]]), whole([1, -1])],
      [
        [
          [1, 3],
          [9, 11],
        ],
        [
          [13, 15],
          [21, 23],
        ],
      ],
    ],
    ['[1, 0], 0, [3, 2]', [whole([1, 0]), 0, whole([3, 2])], [15, 2]],
  ])('[%s]', (_, indices, expected) => {
    expect(x.at(...indices).toArray()).toEqual(expected);
    expect(at(x, ...indices).toArray()).toEqual(expected);
  });

  it.each<[readonly Index[], Shape]>([
    [[], [2, 3, 4]],
    [['...'], [2, 3, 4]],
    [
      [newAxis, '...', newAxis],
      [1, 2, 3, 4, 1],
    ],
    [
      [0, newAxis],
      [1, 3, 4],
    ],
    [['5:'], [0, 3, 4]],
    [[whole([])], [0, 3, 4]],
    [
      [null, null, null, '...', newAxis],
      [2, 3, 4, 1],
    ],
  ])('%j gives the shape %j', (indices, shape) => {
    expect(x.at(...indices).shape).toEqual(shape);
  });

  it('takes a scalar by new axes alone', () => {
    expect(scalar(5).at(newAxis).toArray()).toEqual([5]);
    expect(scalar(5).at('...').item()).toBe(5);
  });

  it('copies nothing unless it gathers', () => {
    expect(x.at(1, '::-2', newAxis, [1, 3]).array.data).toBe(x.array.data);
    expect(x.at(whole(1)).array.data).not.toBe(x.array.data);
  });

  it('passes the gradient to what it picked, twice where it picked it twice', () => {
    const picked = (y: Tensor): Tensor =>
      y
        .at(whole([0, 0]), whole([1, 1]))
        .mul(tensor([1, 10]))
        .sum();
    expect(grad(picked)(zeros([2, 2])).toArray()).toEqual([
      [0, 11],
      [0, 0],
    ]);
    const cut = (y: Tensor): Tensor => y.at(-1, '::2').square().sum();
    expect(
      grad(cut)(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 0, 0],
      [8, 0, 12],
    ]);
  });

  const forms =
    "Expected a whole number, null, a range such as [1, 3] or '1:3' whose step is not 0, an int32 tensor, '...' or newAxis.";

  it.each<[readonly unknown[], string]>([
    [[2], 'at: the index 2 is out of range for axis 0 of length 2. Expected a whole number from -2 to 1.'],
    [[0, 0, -5], 'at: the index -5 is out of range for axis 2 of length 4. Expected a whole number from -4 to 3.'],
    [[0, newAxis, 3], 'at: the index 3 is out of range for axis 1 of length 3. Expected a whole number from -3 to 2.'],
    [[0.5], 'at: the index 0.5 is out of range for axis 0 of length 2. Expected a whole number from -2 to 1.'],
    [[0, 0, 0, 0], 'at: 4 indices are given for 3 axes. Expected 3 at most.'],
    [['...', 0, '...'], "at: '...' is given twice. Expected it once at most."],
    [[0, '1;3'], `at: index 1 is "1;3". ${forms}`],
    [['1:2:3:4'], `at: index 0 is "1:2:3:4". ${forms}`],
    [['0.5:'], `at: index 0 is "0.5:". ${forms}`],
    [['::0'], `at: index 0 is "::0". ${forms}`],
    [[[0, 1, 0]], `at: index 0 is [0,1,0]. ${forms}`],
    [[[0, 1.5]], `at: index 0 is [0,1.5]. ${forms}`],
    [[[[0, 1]]], `at: index 0 is [[0,1]]. ${forms}`],
    [[true], `at: index 0 is true. ${forms}`],
    [[undefined], `at: index 0 is undefined. ${forms}`],
    [[tensor([0])], "at: the indices have dtype float32. Expected int32: convert them by asType('int32')."],
    [
      [tensor([true, false])],
      'at: the indices are booleans, whose result would have a shape that depends on values. ' +
        'Expected positions; choose by a condition with where(condition, x, y).',
    ],
    [
      [whole([0]), ':', whole([0])],
      'at: other axes lie between those that tensors index. Expected neighbours: move the axes together by moveAxis, or index twice.',
    ],
    [
      [null, whole([0, 3])],
      'take: the index 3 at [1] is out of range for axis 1 of length 3. Expected a whole number from -3 to 2.',
    ],
    [
      [whole([0, 1]), whole([0, 3])],
      'ravelMultiIndex: the index 3 at [1] is out of range for axis 1 of length 3. Expected a whole number from -3 to 2.',
    ],
  ])('refuses %j', (indices, message) => {
    expect(() => x.at(...(indices as Index[]))).toThrow(refusal(message));
  });

  it('is typed: a text that is no range does not compile', () => {
    // @ts-expect-error: no range
    expect(() => x.at('first')).toThrow();
    // @ts-expect-error: four numbers are no range
    expect(() => x.at([0, 1, 2, 3])).toThrow();
  });
});

describe('ravelMultiIndex', () => {
  it('counts negative positions from the end of their axis, and broadcasts', () => {
    expect(String(ravelMultiIndex([whole([[0], [-1]]), whole([1, -1])], [2, 3]))).toBe('int32[2, 2] [[1, 2], [4, 5]]');
  });

  it.each<[readonly Tensor[], Shape, string]>([
    [[whole(0)], [2, 3], 'ravelMultiIndex: 1 indices are given for the shape [2, 3]. Expected one for each axis.'],
    [[tensor(0)], [2], "ravelMultiIndex: an index has dtype float32. Expected int32: convert it by asType('int32')."],
  ])('refuses %s for %j', (indices, shape, message) => {
    expect(() => ravelMultiIndex(indices, shape)).toThrow(refusal(message));
  });
});
