// What golden/structure.json leaves open of flip and roll: views, empty axes, errors.

import { describe, expect, it } from 'vitest';
import { type Tensor, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('flip', () => {
  it('is a view, and undoes itself', () => {
    expect(x.flip().toArray()).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(x.flip(0).array.data).toBe(x.array.data);
    expect(x.flip([0, 1]).flip(-1).flip(0).toArray()).toEqual(x.toArray());
    expect(zeros([0, 2]).flip().shape).toEqual([0, 2]);
  });

  it('refuses an axis that x does not have', () => {
    expect(() => x.flip(2)).toThrow(
      refusal('flip: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.'),
    );
  });
});

describe('roll', () => {
  it.each<[string, Tensor, unknown]>([
    [
      'all elements on by one',
      x.roll(1),
      [
        [6, 1, 2],
        [3, 4, 5],
      ],
    ],
    [
      'the columns back by one',
      x.roll(-1, 1),
      [
        [2, 3, 1],
        [5, 6, 4],
      ],
    ],
    [
      'by the whole length',
      x.roll(-9, 1),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      'one axis twice: the shifts add up',
      x.roll([1, 1], [1, 1]),
      [
        [2, 3, 1],
        [5, 6, 4],
      ],
    ],
    ['nothing', zeros([0]).roll(3), []],
    [
      'a view',
      x.transpose().roll(1, 0),
      [
        [3, 6],
        [1, 4],
        [2, 5],
      ],
    ],
  ])('moves %s', (_, rolled, expected) => {
    expect(rolled.toArray()).toEqual(expected);
  });

  it('leaves x as it was', () => {
    x.roll(0, 0);
    x.roll(5);
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it.each<[() => Tensor, string]>([
    [() => x.roll(0.5), 'roll: shift is 0.5. Expected a whole number, or one for each axis.'],
    [
      () => x.roll(undefined as unknown as number),
      'roll: shift is undefined. Expected a whole number, or one for each axis.',
    ],
    [() => x.roll([1, 2], 0), 'roll: 2 shifts are given for 1 axes. Expected 1.'],
    [() => x.roll([1, 2]), 'roll: 2 shifts are given for no axes. Expected 1.'],
    [() => x.roll(1, [0, 1]), 'roll: 1 shifts are given for 2 axes. Expected 2.'],
    [() => x.roll(1, 2), 'roll: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.'],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
