import { describe, expect, it } from 'vitest';
import {
  allocate,
  broadcastView,
  contiguous,
  copyOf,
  isContiguous,
  type NdArray,
  onlyElement,
  reshaped,
  sliceView,
  toData,
  toNested,
  transposeView,
  wrap,
} from '../src/arrays.ts';

/** 0 … n − 1 in this shape. */
function counting(...shape: number[]): NdArray {
  const array = allocate('float64', shape);
  array.data.forEach((_, i) => {
    array.data[i] = i;
  });
  return array;
}

const nested = (x: NdArray) => toNested(x, 'float64');

describe('views', () => {
  it('share the elements that they are views of', () => {
    const x = counting(2, 3);
    const views = [broadcastView(x, [2, 2, 3]), transposeView(x, [1, 0]), sliceView(x, [0, 0], [1, 1], [1, 3])];
    for (const view of views) expect(view.data).toBe(x.data);
  });

  it('repeat by strides of 0', () => {
    const row = broadcastView(counting(3), [2, 3]);
    expect(row.stride).toEqual([0, 1]);
    expect(nested(row)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(nested(broadcastView(counting(2, 1), [2, 2]))).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(nested(broadcastView(counting(), [2]))).toEqual([0, 0]);
    expect(nested(broadcastView(counting(1, 2), [0, 2]))).toEqual([]);
  });

  it('transpose by strides', () => {
    expect(nested(transposeView(counting(2, 3), [1, 0]))).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(transposeView(counting(2, 3, 4), [2, 0, 1]).shape).toEqual([4, 2, 3]);
  });

  it('slice with steps forwards and backwards', () => {
    expect(nested(sliceView(counting(5), [1], [2], [2]))).toEqual([1, 3]);
    expect(nested(sliceView(counting(5), [4], [-2], [3]))).toEqual([4, 2, 0]);
    expect(nested(sliceView(sliceView(counting(5), [4], [-1], [5]), [1], [2], [2]))).toEqual([3, 1]);
  });

  it('of nothing start at the first element', () => {
    expect(sliceView(counting(3), [3], [1], [0]).offset).toBe(0);
  });
});

describe('isContiguous', () => {
  it.each<[string, NdArray, boolean]>([
    ['a new array', counting(2, 3), true],
    ['a scalar', counting(), true],
    ['nothing', counting(0, 3), true],
    ['the later rows', sliceView(counting(3, 2), [1, 0], [1, 1], [2, 2]), true],
    ['some columns', sliceView(counting(3, 2), [0, 1], [1, 1], [3, 1]), false],
    ['a transposed matrix', transposeView(counting(2, 3), [1, 0]), false],
    ['a transposed row', transposeView(counting(1, 3), [1, 0]), true],
    ['backwards', sliceView(counting(3), [2], [-1], [3]), false],
    ['a repeated row', broadcastView(counting(3), [2, 3]), false],
    ['a row repeated once', broadcastView(counting(3), [1, 3]), true],
  ])('of %s', (_, x, expected) => {
    expect(isContiguous(x)).toBe(expected);
  });
});

describe('copies', () => {
  it('are row-major, in the dtype asked for, and own their elements', () => {
    const x = transposeView(counting(2, 3), [1, 0]);
    const copy = copyOf(x, 'int32');
    expect(copy.data).toEqual(Int32Array.of(0, 3, 1, 4, 2, 5));
    expect(copy.stride).toEqual([2, 1]);
    copy.data[0] = 9;
    expect(x.data[0]).toBe(0);
  });

  it('are made only where the elements are not side by side', () => {
    const x = counting(2, 3);
    expect(contiguous(x, 'float64')).toBe(x);
    expect(contiguous(transposeView(x, [1, 0]), 'float64').data).not.toBe(x.data);
  });

  it('take the elements of a view in row-major order', () => {
    expect([...toData(broadcastView(counting(2, 1), [2, 2]), 'float64')]).toEqual([0, 0, 1, 1]);
    expect([...toData(sliceView(counting(3), [2], [-1], [3]), 'float64')]).toEqual([2, 1, 0]);
  });
});

describe('reshaped', () => {
  it('is a view where the elements lie side by side, also from an offset', () => {
    const x = counting(3, 2);
    const rows = reshaped(sliceView(x, [1, 0], [1, 1], [2, 2]), [4], 'float64');
    expect(rows.data).toBe(x.data);
    expect(nested(rows)).toEqual([2, 3, 4, 5]);
  });

  it('copies where they do not', () => {
    const x = counting(2, 3);
    const columns = reshaped(transposeView(x, [1, 0]), [6], 'float64');
    expect(columns.data).not.toBe(x.data);
    expect(nested(columns)).toEqual([0, 3, 1, 4, 2, 5]);
  });
});

describe('elements', () => {
  it('come as nested lists, of booleans for bool', () => {
    expect(toNested(wrap(Uint8Array.of(1, 0), [2]), 'bool')).toEqual([true, false]);
    expect(toNested(wrap(Int32Array.of(7), []), 'int32')).toBe(7);
    expect(nested(counting(2, 0))).toEqual([[], []]);
    expect(nested(counting(0, 2))).toEqual([]);
  });

  it('come alone from an array of one', () => {
    expect(onlyElement(sliceView(counting(3), [2], [1], [1]))).toBe(2);
    expect(() => onlyElement(counting(2))).toThrow(new Error('internal: onlyElement of an array of size 2'));
  });
});
