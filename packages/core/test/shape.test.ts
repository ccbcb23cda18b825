import { describe, expect, it } from 'vitest';
import {
  type Axes,
  broadcastShapes,
  broadcastsTo,
  checkShape,
  normalizeAxes,
  normalizeAxis,
  reducedShape,
  rowMajorStrides,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
} from '../src/shape.ts';
import { refusal } from './refusal.ts';

describe('sizes and strides', () => {
  it.each<[Shape, number, number[]]>([
    [[], 1, []],
    [[5], 5, [1]],
    [[2, 3, 4], 24, [12, 4, 1]],
    [[2, 0, 4], 0, [0, 4, 1]],
    [[1, 1], 1, [1, 1]],
  ])('of %j: %i elements, strides %j', (shape, size, strides) => {
    expect(sizeOf(shape)).toBe(size);
    expect(rowMajorStrides(shape)).toEqual(strides);
  });

  it('are shown as in code', () => {
    expect([[], [2], [2, 3]].map(showShape)).toEqual(['[]', '[2]', '[2, 3]']);
  });

  it('are the same where rank and lengths are', () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([2], [2, 1])).toBe(false);
    expect(sameShape([], [])).toBe(true);
  });
});

describe('checkShape', () => {
  it.each([[[]], [[0]], [[3, 0, 1]]])('takes %j', (shape) => {
    expect(() => checkShape('zeros', shape)).not.toThrow();
  });

  it.each<[number[], string]>([
    [[-1], 'zeros: the shape [-1] has the length -1. Expected whole numbers >= 0.'],
    [[2, 1.5], 'zeros: the shape [2, 1.5] has the length 1.5. Expected whole numbers >= 0.'],
    [[Number.NaN], 'zeros: the shape [NaN] has the length NaN. Expected whole numbers >= 0.'],
    [[Infinity], 'zeros: the shape [Infinity] has the length Infinity. Expected whole numbers >= 0.'],
    [['2' as unknown as number], 'zeros: the shape [2] has the length 2. Expected whole numbers >= 0.'],
  ])('refuses %j', (shape, message) => {
    expect(() => checkShape('zeros', shape)).toThrow(refusal(message));
  });
});

describe('broadcastShapes', () => {
  it.each<[Shape[], Shape]>([
    [[[]], []],
    [[[], []], []],
    [[[3], []], [3]],
    [[[], [3]], [3]],
    [
      [
        [2, 1],
        [1, 3],
      ],
      [2, 3],
    ],
    [
      [[4], [2, 1]],
      [2, 4],
    ],
    [
      [
        [0, 3],
        [1, 3],
      ],
      [0, 3],
    ],
    [[[1], [0]], [0]],
    [
      [[2, 1, 1], [3, 1], [4]],
      [2, 3, 4],
    ],
  ])('%j gives %j', (shapes, out) => {
    expect(broadcastShapes('add', shapes)).toEqual(out);
    expect(broadcastShapes('add', [...shapes].reverse())).toEqual(out);
  });

  it.each<[Shape[], string]>([
    [[[2], [3]], 'add: shapes [2] and [3] do not broadcast: 2 against 3 at axis -1. Expected equal lengths, or 1.'],
    [[[0], [3]], 'add: shapes [0] and [3] do not broadcast: 0 against 3 at axis -1. Expected equal lengths, or 1.'],
    [
      [
        [2, 3],
        [4, 3],
      ],
      'add: shapes [2, 3] and [4, 3] do not broadcast: 2 against 4 at axis -2. Expected equal lengths, or 1.',
    ],
    [
      [[2], [1], [3]],
      'add: shapes [2] and [1] and [3] do not broadcast: 2 against 3 at axis -1. Expected equal lengths, or 1.',
    ],
  ])('refuses %j', (shapes, message) => {
    expect(() => broadcastShapes('add', shapes)).toThrow(refusal(message));
  });

  it.each<[Shape, Shape, boolean]>([
    [[], [2, 3], true],
    [[3, 1], [2, 3, 4], true],
    [[1], [0], true],
    [[2], [1], false],
    [[2, 3], [3], false],
    [[2, 3], [2, 4], false],
  ])('broadcastsTo(%j, %j) is %j', (from, to, expected) => {
    expect(broadcastsTo(from, to)).toBe(expected);
  });
});

describe('axes', () => {
  it.each([
    [0, 0],
    [2, 2],
    [-1, 2],
    [-3, 0],
  ])('counts axis %i of three as %i', (axis, expected) => {
    expect(normalizeAxis('sum', axis, 3)).toBe(expected);
  });

  it.each<[number, number, string]>([
    [3, 3, 'sum: axis 3 does not exist in a tensor of rank 3. Expected a whole number from -3 to 2.'],
    [-4, 3, 'sum: axis -4 does not exist in a tensor of rank 3. Expected a whole number from -3 to 2.'],
    [0.5, 1, 'sum: axis 0.5 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.'],
    [Number.NaN, 1, 'sum: axis NaN does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.'],
    [0, 0, 'sum: axis 0 does not exist in a tensor of rank 0. A scalar has no axes.'],
  ])('refuses axis %d of rank %i', (axis, rank, message) => {
    expect(() => normalizeAxis('sum', axis, rank)).toThrow(refusal(message));
  });

  it.each<[Axes | undefined, number[]]>([
    [undefined, [0, 1, 2]],
    [1, [1]],
    [-1, [2]],
    [
      [2, 0],
      [0, 2],
    ],
    [
      [-1, -3],
      [0, 2],
    ],
    [[], []],
  ])('normalizeAxes(%j) of three is %j', (axes, expected) => {
    expect(normalizeAxes('sum', axes, 3)).toEqual(expected);
  });

  it('leaves the list of axes that it is given as it is', () => {
    const axes = [2, 0];
    normalizeAxes('sum', axes, 3);
    expect(axes).toEqual([2, 0]);
  });

  it.each([[[0, 0]], [[1, -2]]])('refuses %j, which names an axis twice', (axes) => {
    expect(() => normalizeAxes('sum', axes, 3)).toThrow(
      refusal(`sum: axes ${showShape(axes)} name an axis twice. Expected each axis once.`),
    );
  });

  it('go, or stay with length 1, in a reduced shape', () => {
    expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3]);
    expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1]);
    expect(reducedShape([], [], true)).toEqual([]);
    expect(reducedShape([0, 2], [0], true)).toEqual([1, 2]);
  });
});
