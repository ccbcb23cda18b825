import { describe, expect, it } from 'vitest';
import { arange, type DType, eye, linspace, type Tensor } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('arange', () => {
  it.each<[string, Tensor, string]>([
    ['a stop', arange(3), 'float32[3] [0, 1, 2]'],
    ['a start and a stop', arange(2, 4), 'float32[2] [2, 3]'],
    ['a step', arange(1, 2, 0.25), 'float32[4] [1, 1.25, 1.5, 1.75]'],
    ['a negative step', arange(5, 0, -2), 'float32[3] [5, 3, 1]'],
    ['a fraction for its stop', arange(2.5), 'float32[3] [0, 1, 2]'],
    ['nothing between its bounds', arange(3, 1), 'float32[0] []'],
    ['0', arange(0), 'float32[0] []'],
    ['int32', arange(-1, 1, { dtype: 'int32' }), 'int32[2] [-1, 0]'],
    ['int32 and a stop alone', arange(2, { dtype: 'int32' }), 'int32[2] [0, 1]'],
    ['float64 and a step', arange(0, 0.3, 0.1, { dtype: 'float64' }), 'float64[3] [0, 0.1, 0.2]'],
    ['a step left open', arange(0, 2, undefined as unknown as number), 'float32[2] [0, 1]'],
  ])('of %s', (_, x, expected) => {
    expect(String(x)).toBe(expected);
  });

  // NumPy's lengths, also where (stop − start) / step is rounded: ⌈1.3/0.1⌉ has 13 elements, ⌈0.3/0.1⌉ 3, ⌈(1.3 − 1)/0.1⌉ 4
  it.each([
    [0, 1.3, 0.1, 13],
    [0, 0.3, 0.1, 3],
    [1, 1.3, 0.1, 4],
    [0, 1, 0.1, 10],
    [10, 0, -3, 4],
  ])('from %d to %d by %d has %i elements, as in NumPy', (start, stop, step, length) => {
    expect(arange(start, stop, step).size).toBe(length);
  });

  it('does not drift: each element is rounded once', () => {
    const x = arange(0, 1000, 0.1, { dtype: 'float64' }).toData();
    expect(x.every((value, i) => value === i * 0.1)).toBe(true);
  });

  it.each<[() => Tensor, string]>([
    [() => arange(0, 1, 0), 'arange: step is 0. Expected another number.'],
    [() => arange(Infinity), 'arange: stop is Infinity. Expected a finite number.'],
    [() => arange(Number.NaN, 1), 'arange: start is NaN. Expected a finite number.'],
    [() => arange(undefined as unknown as number), 'arange: stop is undefined. Expected a finite number.'],
    [() => arange(0, 1, 0.5, { dtype: 'int32' }), 'arange: element 1 is 0.5. Expected whole numbers for int32.'],
    [
      () => arange(2, { dtype: 'bool' as unknown as 'int32' }),
      'arange: dtype is bool. Expected float32, float64 or int32.',
    ],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('linspace', () => {
  it.each<[string, Tensor, number[]]>([
    ['with its end', linspace(0, 1, 3), [0, 0.5, 1]],
    ['without its end', linspace(0, 1, 4, { endpoint: false }), [0, 0.25, 0.5, 0.75]],
    ['downwards', linspace(2, -2, 5), [2, 1, 0, -1, -2]],
    ['of one', linspace(3, 7, 1), [3]],
    ['of one, without its end', linspace(3, 7, 1, { endpoint: false }), [3]],
    ['of none', linspace(3, 7, 0), []],
    ['of equal bounds', linspace(0.1, 0.1, 3, { dtype: 'float64' }), [0.1, 0.1, 0.1]],
  ])('%s', (_, x, expected) => {
    expect(x.toArray()).toEqual(expected);
  });

  it('ends on its bound exactly', () => {
    for (let count = 2; count < 200; count++) {
      const x = linspace(0.1, 0.7, count, { dtype: 'float64' }).toData();
      expect([x[0], x[count - 1]]).toEqual([0.1, 0.7]);
    }
  });

  it.each<[() => Tensor, string]>([
    [() => linspace(0, 1, -1), 'linspace: count is -1. Expected a whole number >= 0.'],
    [() => linspace(0, 1, 2.5), 'linspace: count is 2.5. Expected a whole number >= 0.'],
    [() => linspace(0, Infinity, 2), 'linspace: stop is Infinity. Expected a finite number.'],
    [
      () => linspace(0, 1, 2, { dtype: 'half' as 'float32' }),
      'linspace: no dtype half. Expected float32, float64, int32, bool.',
    ],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('eye', () => {
  it.each<[string, Tensor, number[][]]>([
    [
      'of two',
      eye(2),
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'of two rows of three',
      eye(2, 3),
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    [
      'of three rows of two',
      eye(3, 2),
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
    [
      'right of the main diagonal',
      eye(2, 3, { diagonal: 2 }),
      [
        [0, 0, 1],
        [0, 0, 0],
      ],
    ],
    [
      'left of it',
      eye(2, 2, { diagonal: -1 }),
      [
        [0, 0],
        [1, 0],
      ],
    ],
    [
      'outside',
      eye(2, 2, { diagonal: 5 }),
      [
        [0, 0],
        [0, 0],
      ],
    ],
    ['of nothing', eye(0), []],
  ])('%s', (_, x, expected) => {
    expect(x.toArray()).toEqual(expected);
  });

  it('comes in every dtype', () => {
    for (const dtype of ['float32', 'float64', 'int32', 'bool'] satisfies DType[]) {
      expect(eye(2, 2, { dtype }).dtype).toBe(dtype);
    }
    expect(eye(1, 2, { dtype: 'bool' }).toArray()).toEqual([[true, false]]);
  });

  it.each<[() => Tensor, string]>([
    [() => eye(-1), 'eye: the shape [-1, -1] has the length -1. Expected whole numbers >= 0.'],
    [() => eye(2, 2, { diagonal: 0.5 }), 'eye: diagonal is 0.5. Expected a whole number.'],
  ])('refuses %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
