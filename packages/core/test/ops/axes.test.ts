// What golden/structure.json leaves open of axes moved, merged, dropped and added: several axes, views, errors.

import { describe, expect, it } from 'vitest';
import { type Axes, flatten, moveAxis, type Shape, type Tensor, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

describe('shapes', () => {
  it.each<[string, Tensor, Shape]>([
    ['flatten of the middle', zeros([2, 3, 4, 5]).flatten({ start: 1, end: -2 }), [2, 12, 5]],
    ['flatten of one axis', zeros([2, 3]).flatten({ start: 1, end: 1 }), [2, 3]],
    ['flatten of nothing', zeros([2, 0, 3]).flatten(), [0]],
    ['flatten of a number', flatten(3), [1]],
    ['moveAxis of one', zeros([2, 3, 4]).moveAxis(-1, 0), [4, 2, 3]],
    ['moveAxis of several, in their order', zeros([2, 3, 4, 5]).moveAxis([3, 0], [0, 1]), [5, 2, 3, 4]],
    ['moveAxis of none', zeros([2, 3]).moveAxis([], []), [2, 3]],
    ['swapAxes', zeros([2, 3, 4]).swapAxes(0, -1), [4, 3, 2]],
    ['squeeze of all', zeros([1, 2, 1, 0]).squeeze(), [2, 0]],
    ['squeeze of one among several', zeros([1, 2, 1]).squeeze(0), [2, 1]],
    ['squeeze of a list', zeros([1, 2, 1]).squeeze([-1, 0]), [2]],
    ['squeeze of an empty list', zeros([1, 2, 1]).squeeze([]), [1, 2, 1]],
    ['expandDims in front', zeros([2]).expandDims(0), [1, 2]],
    ['expandDims behind', zeros([2]).expandDims(-1), [2, 1]],
    ['expandDims at places of the result', zeros([2, 3]).expandDims([0, 2, -1]), [1, 2, 1, 3, 1]],
  ])('of %s', (_, x, shape) => {
    expect(x.shape).toEqual(shape);
  });
});

describe('views', () => {
  const x = tensor([[[0, 1, 2]], [[3, 4, 5]]]); // [2, 1, 3]
  const columns = x.transpose(); // [3, 1, 2], not in row-major order

  const wide = zeros([4, 6]);

  it.each<[string, Tensor, Tensor, unknown]>([
    [
      'squeeze of a transposed tensor',
      columns.squeeze(),
      x,
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    ['expandDims of a transposed tensor', columns.squeeze().expandDims(1), x, columns.toArray()],
    [
      'flatten of axes that lie together',
      columns.flatten({ end: 1 }),
      x,
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'reshape of one axis of a transposed tensor',
      columns.reshape([3, 2, 1]),
      x,
      [
        [[0], [3]],
        [[1], [4]],
        [[2], [5]],
      ],
    ],
    ['reshape of every second row', wide.slice(0, 4, { step: 2 }).reshape([2, 2, 3]), wide, zeros([2, 2, 3]).toArray()],
    [
      'moveAxis',
      x.moveAxis(0, -1),
      x,
      [
        [
          [0, 3],
          [1, 4],
          [2, 5],
        ],
      ],
    ],
    ['swapAxes', x.swapAxes(0, 2), x, columns.toArray()],
  ])('%s copies nothing', (_, view, of, expected) => {
    expect(view.toArray()).toEqual(expected);
    expect(view.array.data).toBe(of.array.data);
  });

  it('flatten copies where elements do not lie in order', () => {
    expect(columns.flatten().toArray()).toEqual([0, 3, 1, 4, 2, 5]);
    expect(columns.flatten().array.data).not.toBe(x.array.data);
  });
});

describe('what is refused', () => {
  it.each<[() => Tensor, string]>([
    [
      () => zeros([2, 3]).flatten({ start: 1, end: 0 }),
      'flatten: start is axis 1, end is axis 0. Expected the end not to come first.',
    ],
    [
      () => zeros([2]).flatten({ start: 1 }),
      'flatten: axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.',
    ],
    [
      () => moveAxis(zeros([2, 3]), [0, 1], 0),
      'moveAxis: 2 axes are to move to 1 places. Expected as many places as axes.',
    ],
    [
      () => moveAxis(zeros([2, 3]), [0, -2], [0, 1]),
      'moveAxis: axes [0, -2] name an axis twice. Expected each axis once.',
    ],
    [
      () => moveAxis(zeros([2, 3]), 0, undefined as unknown as Axes),
      'moveAxis: axis NaN does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
    [
      () => zeros([2, 3]).swapAxes(0, 2),
      'swapAxes: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
    [() => zeros([2, 3]).squeeze(0), 'squeeze: axis 0 of [2, 3] has length 2. Expected 1.'],
    [
      () => zeros([2, 3]).expandDims(3),
      'expandDims: axis 3 does not exist in a tensor of rank 3. Expected a whole number from -3 to 2.',
    ],
    [() => zeros([2]).expandDims([0, -3]), 'expandDims: axes [0, -3] name an axis twice. Expected each axis once.'],
    [() => flatten('x' as unknown as Tensor), 'flatten: x is a string. Expected a tensor or a number.'],
  ])('%#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
