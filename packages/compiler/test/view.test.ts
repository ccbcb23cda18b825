import type { NdArray } from '@tapegrad/core/compiling';
import { describe, expect, it } from 'vitest';
import { broadcast, isWhole, keyOf, squeezed, type View, viewBy, wholeView } from '../src/view.ts';

describe('the view of a whole', () => {
  it('has the strides of row-major order', () => {
    expect(wholeView([2, 3, 4])).toEqual({ shape: [2, 3, 4], strides: [12, 4, 1], offset: 0 });
    expect(wholeView([])).toEqual({ shape: [], strides: [], offset: 0 });
  });

  it('is known again under any shape', () => {
    expect(isWhole(wholeView([2, 3]), 6)).toBe(true);
    expect(isWhole(wholeView([6]), 6)).toBe(true);
    expect(isWhole({ shape: [2, 1, 3], strides: [3, 99, 1], offset: 0 }, 6)).toBe(true);
    expect(isWhole(wholeView([]), 1)).toBe(true);
    expect(isWhole({ shape: [0, 3], strides: [7, 7], offset: 0 }, 0)).toBe(true);
  });

  it.each<readonly [string, View, number]>([
    ['a part', wholeView([3]), 6],
    ['another order', { shape: [3, 2], strides: [1, 3], offset: 0 }, 6],
    ['a repetition', { shape: [6], strides: [0], offset: 0 }, 6],
    ['backwards', { shape: [6], strides: [-1], offset: 5 }, 6],
    ['another beginning', { shape: [1], strides: [1], offset: 1 }, 1],
  ])('is not %s', (_name, view, size) => {
    expect(isWhole(view, size)).toBe(false);
  });
});

describe('viewBy', () => {
  it('says what a function of views makes', () => {
    expect(viewBy(wholeView([2, 3]), (x) => x.transpose(1, 0) as NdArray)).toEqual({
      shape: [3, 2],
      strides: [1, 3],
      offset: 0,
    });
    expect(viewBy(wholeView([4]), (x) => x.step(-1) as NdArray)).toEqual({ shape: [4], strides: [-1], offset: 3 });
    expect(viewBy(wholeView([2, 3]), (x) => x.pick(1, null) as NdArray)).toEqual({
      shape: [3],
      strides: [1],
      offset: 3,
    });
  });

  it('is undefined where elements are copied', () => {
    const other = { data: new Float32Array(2), shape: [2], stride: [1], offset: 0 } as unknown as NdArray;
    expect(viewBy(wholeView([2]), () => other)).toBeUndefined();
  });
});

describe('broadcast', () => {
  it('repeats by strides of 0', () => {
    expect(broadcast(wholeView([3, 1]), [2, 3, 4])).toEqual({ shape: [2, 3, 4], strides: [0, 1, 0], offset: 0 });
    expect(broadcast({ shape: [], strides: [], offset: 5 }, [2])).toEqual({ shape: [2], strides: [0], offset: 5 });
  });

  it('is the view itself where nothing is repeated', () => {
    const view = wholeView([2, 3]);
    expect(broadcast(view, [2, 3])).toBe(view);
  });

  it('repeats one element no time', () => {
    expect(broadcast(wholeView([1]), [0])).toEqual({ shape: [0], strides: [0], offset: 0 });
  });
});

describe('squeezed', () => {
  it('leaves axes of length 1 out', () => {
    expect(squeezed({ shape: [1, 3, 1, 2], strides: [9, 2, 7, 1], offset: 4 })).toEqual({
      shape: [3, 2],
      strides: [2, 1],
      offset: 4,
    });
    expect(squeezed(wholeView([1, 1]))).toEqual({ shape: [], strides: [], offset: 0 });
  });

  it('is the view itself where there is none', () => {
    const view = wholeView([2, 0]);
    expect(squeezed(view)).toBe(view);
  });
});

describe('keyOf', () => {
  it('is equal for equal views, and for others not', () => {
    expect(keyOf(wholeView([2, 3]))).toBe(keyOf({ shape: [2, 3], strides: [3, 1], offset: 0 }));
    const others = [
      wholeView([3, 2]),
      wholeView([6]),
      { shape: [2, 3], strides: [1, 2], offset: 0 },
      { ...wholeView([2, 3]), offset: 1 },
    ];
    expect(new Set([wholeView([2, 3]), ...others].map(keyOf)).size).toBe(5);
  });
});
