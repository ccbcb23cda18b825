// Rows by their positions, in every rank and dtype; and what is refused.

import { tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { takeRows } from '../src/index.ts';

describe('takeRows', () => {
  it('takes rows in the order of the indices, and again', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(String(takeRows(x, [1, 0, 1]))).toBe('float32[3, 2] [[3, 4], [1, 2], [3, 4]]');
  });

  it.each(['float32', 'float64', 'int32', 'bool'] as const)('keeps the dtype %s', (dtype) => {
    const taken = takeRows(tensor([1, 0, 1], { dtype }), Int32Array.of(2, 1));
    expect([taken.dtype, [...taken.toData()]]).toEqual([dtype, [1, 0]]);
  });

  it('takes rows of any rank', () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8], { shape: [2, 2, 2] });
    expect(takeRows(x, [1]).toArray()).toEqual([
      [
        [5, 6],
        [7, 8],
      ],
    ]);
  });

  it('follows the strides of a view', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(takeRows(x.transpose(), [1]).toArray()).toEqual([[2, 4]]);
  });

  it('takes nothing', () => {
    expect(takeRows(zeros([3, 2]), []).shape).toEqual([0, 2]);
  });

  it.each([
    [[0, 3], 'takeRows: position 1 of the indices is 3. Expected whole numbers from 0 to 2, the rows of x.'],
    [[-1], 'takeRows: position 0 of the indices is -1. Expected whole numbers from 0 to 2, the rows of x.'],
    [[0.5], 'takeRows: position 0 of the indices is 0.5. Expected whole numbers from 0 to 2, the rows of x.'],
  ])('refuses the indices %j', (indices, message) => {
    expect(() => takeRows(zeros([3, 2]), indices)).toThrow(message);
  });

  it.each([null, 3, tensor([0, 1]), new Set([1])])('refuses indices that are no list: %s', (indices) => {
    expect(() => takeRows(zeros([3, 2]), indices as unknown as number[])).toThrow(
      'takeRows: the indices are no list. Expected an array or a typed array of positions; of a tensor pass its toData().',
    );
  });

  it('refuses a scalar', () => {
    expect(() => takeRows(zeros([]), [0])).toThrow(
      'takeRows: x is a scalar, which has no rows. Expected rank 1 or more.',
    );
  });
});
