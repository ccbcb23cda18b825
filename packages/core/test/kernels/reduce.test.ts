import { describe, expect, it } from 'vitest';
import { allocate, broadcastView, sliceView, transposeView, wrap } from '../../src/arrays.ts';
import {
  allOver,
  anyOver,
  argmaxOver,
  argminOver,
  finish,
  maxOver,
  minOver,
  prodOver,
  sumOver,
} from '../../src/kernels/reduce.ts';

const matrix = () => wrap(Float32Array.of(1, 5, 3, 4, 2, 6), [2, 3]);

describe('reductions over axes', () => {
  it.each<[number[], number[], number[], number[]]>([
    [[], [2, 3], [1, 5, 3, 4, 2, 6], [1, 5, 3, 4, 2, 6]],
    [[0], [1, 3], [5, 7, 9], [4, 5, 6]],
    [[1], [2, 1], [9, 12], [5, 6]],
    [[0, 1], [1, 1], [21], [6]],
  ])('%j keep them with length 1', (axes, shape, sums, maxima) => {
    expect(sumOver(matrix(), axes).shape).toEqual(shape);
    expect([...sumOver(matrix(), axes).data]).toEqual(sums);
    expect(maxOver(matrix(), axes).shape).toEqual(shape);
    expect([...maxOver(matrix(), axes).data]).toEqual(maxima);
  });

  it('are products, minima, and whether elements are not 0', () => {
    expect([...prodOver(matrix(), [1]).data]).toEqual([15, 48]);
    expect([...minOver(matrix(), [0]).data]).toEqual([1, 2, 3]);
    const mixed = wrap(Float32Array.of(0, 0, Number.NaN, 0, 1, 2), [3, 2]);
    expect([...anyOver(mixed, [1]).data]).toEqual([0, 1, 1]);
    expect([...allOver(mixed, [1]).data]).toEqual([0, 0, 1]);
    expect([...argminOver(matrix(), 0)]).toEqual([0, 1, 0]);
  });

  it('take views as they are', () => {
    expect([...sumOver(transposeView(matrix(), [1, 0]), [0]).data]).toEqual([9, 12]);
    expect([...sumOver(sliceView(matrix(), [0, 2], [1, -2], [2, 2]), [0]).data]).toEqual([9, 5]);
    expect([...sumOver(broadcastView(wrap(Float32Array.of(2), []), [3, 4]), [0, 1]).data]).toEqual([24]);
    expect([...maxOver(transposeView(matrix(), [1, 0]), [1]).data]).toEqual([4, 5, 6]);
  });

  it('of nothing are 0 and -Infinity', () => {
    const nothing = allocate('float32', [0, 2]);
    expect([...sumOver(nothing, [0]).data]).toEqual([0, 0]);
    expect([...maxOver(nothing, [0]).data]).toEqual([-Infinity, -Infinity]);
    expect(sumOver(nothing, [1]).shape).toEqual([0, 1]);
  });

  it('add up float32 in float64', () => {
    const tenths = broadcastView(wrap(Float32Array.of(0.1), []), [100_000]);
    const total = sumOver(tenths, [0]).data[0]!;
    expect(total / 100_000).toBeCloseTo(Math.fround(0.1), 12);
  });

  it.each<[number[], number[], number[]]>([
    [[1_000_003], [0], [0]],
    [[3, 5000], [1], [0, 1]],
    [
      [700, 300],
      [0, 1],
      [1, 0],
    ],
    [
      [30, 20, 40],
      [0, 2],
      [2, 0, 1],
    ],
    [[257, 2], [0], [1, 0]],
  ])('add up %j over %j in blocks, so that few digits are lost', (shape, axes, order) => {
    const size = shape.reduce((product, length) => product * length);
    const value = -0.8696308988234482;
    // every number another, so that none is left out or taken twice; and all of nearly one size, so that rounding adds up
    const data = Float64Array.from({ length: size }, (_, i) => value * (1 + (i % 1009) / 2 ** 20));
    const x = transposeView(wrap(data, shape), order);
    const reduced = [...order.keys()].filter((axis) => axes.includes(order[axis]!));
    const { data: found } = sumOver(x, reduced);
    const exact = exactSums(data, shape, axes);
    expect(found.length).toBe(exact.length);
    for (const [i, total] of exact.entries()) expect(Math.abs(found[i]! / total - 1)).toBeLessThan(5e-15);
  });

  it('let NaN win, wherever it stands', () => {
    for (const list of [
      [Number.NaN, 1, 2],
      [1, Number.NaN, 2],
      [1, 2, Number.NaN],
    ]) {
      expect(maxOver(wrap(Float64Array.from(list), [3]), [0]).data[0]).toBeNaN();
    }
    expect(maxOver(wrap(Float64Array.of(-Infinity, -Infinity), [2]), [0]).data[0]).toBe(-Infinity);
  });
});

describe('argmaxOver', () => {
  it.each([
    [0, [1, 0, 1]],
    [1, [1, 2]],
  ])('axis %i finds the first largest', (axis, positions) => {
    expect([...argmaxOver(matrix(), axis)]).toEqual(positions);
  });

  it.each([
    [[1, 2, 2], 1],
    [[3, 3, 3], 0],
    [[-Infinity, -Infinity], 0],
    [[1, Number.NaN, Number.NaN], 1],
    [[Number.NaN, 5], 0],
  ])('of %j is %i', (list, position) => {
    expect([...argmaxOver(wrap(Float64Array.from(list), [list.length]), 0)]).toEqual([position]);
  });

  it('takes a middle axis, views, and nothing on the other axes', () => {
    const x = wrap(Float32Array.of(1, 2, 3, 0, 5, 6, 7, 0), [2, 2, 2]);
    expect([...argmaxOver(x, 1)]).toEqual([1, 0, 1, 0]);
    expect([...argmaxOver(transposeView(matrix(), [1, 0]), 0)]).toEqual([1, 2]);
    expect([...argmaxOver(sliceView(matrix(), [1, 0], [1, 1], [1, 3]), 1)]).toEqual([2]);
    expect([...argmaxOver(allocate('float32', [0, 3]), 1)]).toEqual([]);
  });
});

describe('finish', () => {
  it('puts a result into its shape and dtype', () => {
    const out = finish(wrap(Float64Array.of(1.9, 2), [2, 1]), 'int32', [2]);
    expect(out.shape).toEqual([2]);
    expect(out.data).toEqual(Int32Array.of(1, 2));
  });
});

/** Sums over axes, of numbers that are whole multiples of 2^-70 but few enough to be added up as integers. */
function exactSums(data: Float64Array, shape: readonly number[], axes: readonly number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const sums = new Map<string, bigint>();
  for (const [i, value] of data.entries()) {
    const kept = shape
      .map((length, axis) => (axes.includes(axis) ? 0 : Math.floor(i / strides[axis]!) % length))
      .join();
    sums.set(kept, (sums.get(kept) ?? 0n) + BigInt(value * 2 ** 70));
  }
  return [...sums.values()].map((sum) => Number(sum) / 2 ** 70);
}
