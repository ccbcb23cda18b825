// What golden/structure.json leaves open of pad: reflections longer than the axis, dtypes, gradients that add up, errors.

import { describe, expect, it } from 'vitest';
import { grad, type PadWidths, type Tensor, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const vector = tensor([1, 2, 3]);

describe('pad', () => {
  it.each<[string, Tensor, unknown]>([
    ['one width for both ends', vector.pad(1), [0, 1, 2, 3, 0]],
    ['a pair', vector.pad([0, 2], { value: 9 }), [1, 2, 3, 9, 9]],
    ['NaN', tensor([1]).pad([1, 0], { value: Number.NaN }), [Number.NaN, 1]],
    ['the edges', vector.pad([2, 1], { mode: 'edge' }), [1, 1, 1, 2, 3, 3]],
    ['a reflection', vector.pad(2, { mode: 'reflect' }), [3, 2, 1, 2, 3, 2, 1]],
    // where PyTorch refuses, NumPy goes there and back again
    ['a long reflection', tensor([1, 2]).pad([3, 2], { mode: 'reflect' }), [2, 1, 2, 1, 2, 1, 2]],
    ['a reflection of one', tensor([5]).pad(2, { mode: 'reflect' }), [5, 5, 5, 5, 5]],
    ['true', tensor([false]).pad(1, { value: 1 }), [true, false, true]],
    ['an axis without elements', zeros([0]).pad(1, { value: 4 }), [4, 4]],
    ['nothing', zeros([0]).pad(0, { mode: 'edge' }), []],
  ])('adds %s', (_, padded, expected) => {
    expect(padded.toArray()).toEqual(expected);
  });

  it('adds up the gradients of what is repeated, at corners of all that came of it', () => {
    const edge = (x: Tensor): Tensor => x.pad(1, { mode: 'edge' }).sum();
    expect(grad(edge)(zeros([2, 2])).toArray()).toEqual([
      [4, 4],
      [4, 4],
    ]);
    const reflected = (x: Tensor): Tensor => x.pad(2, { mode: 'reflect' }).sum();
    expect(grad(reflected)(vector).toArray()).toEqual([2, 3, 2]);
  });

  it.each<[() => Tensor, string]>([
    [
      () => vector.pad(-1),
      'pad: the widths are -1. Expected a whole number >= 0, a pair [before, after], or 1 pairs, one for each axis.',
    ],
    [
      () => zeros([2, 2]).pad([[1, 1]]),
      'pad: the widths are [[1,1]]. Expected a whole number >= 0, a pair [before, after], or 2 pairs, one for each axis.',
    ],
    [
      () => vector.pad(undefined as unknown as PadWidths),
      'pad: the widths are undefined. Expected a whole number >= 0, a pair [before, after], or 1 pairs, one for each axis.',
    ],
    [() => vector.pad(1, { mode: 'wrap' as 'edge' }), `pad: mode is "wrap". Expected 'constant', 'edge' or 'reflect'.`],
    [() => vector.pad(1, { value: '0' as unknown as number }), 'pad: the value is "0". Expected a number.'],
    [
      () => tensor([1], { dtype: 'int32' }).pad(1, { value: 0.5 }),
      'padConstant: the value 0.5 does not fit int32. Expected a whole number.',
    ],
    [
      () => zeros([2, 0]).pad(1, { mode: 'edge' }),
      "pad: axis 1 has no elements to repeat. Expected the mode 'constant'.",
    ],
    [
      () => zeros([0]).pad([0, 1], { mode: 'reflect' }),
      "pad: axis 0 has no elements to reflect. Expected the mode 'constant'.",
    ],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
