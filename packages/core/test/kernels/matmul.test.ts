import { describe, expect, it } from 'vitest';
import { allocate, broadcastView, copyOf, type NdArray, sliceView, toNested, transposeView } from '../../src/arrays.ts';
import type { FloatDType } from '../../src/dtype.ts';
import { matmulKernel } from '../../src/kernels/matmul.ts';
import { RandomGenerator } from '../../src/random.ts';

const random = new RandomGenerator(9);

function drawn(dtype: FloatDType, rows: number, columns: number): NdArray {
  return copyOf(random.uniform([rows, columns], -1, 1, dtype).array, dtype);
}

type Layout = (rows: number, columns: number, dtype: FloatDType) => NdArray;

/** Every way in which a matrix of views can lie in memory. */
const layouts: { readonly [name: string]: Layout } = {
  'row by row': (rows, columns, dtype) => drawn(dtype, rows, columns),
  'column by column': (rows, columns, dtype) => transposeView(drawn(dtype, columns, rows), [1, 0]),
  'from the last row': (rows, columns, dtype) =>
    sliceView(drawn(dtype, rows, columns), [rows - 1, 0], [-1, 1], [rows, columns]),
  'from the last column': (rows, columns, dtype) =>
    sliceView(drawn(dtype, rows, columns), [0, columns - 1], [1, -1], [rows, columns]),
  'inside of a larger one': (rows, columns, dtype) =>
    sliceView(drawn(dtype, rows + 2, columns + 3), [1, 2], [1, 1], [rows, columns]),
  'every second column': (rows, columns, dtype) =>
    sliceView(drawn(dtype, rows, 2 * columns), [0, 1], [1, 2], [rows, columns]),
  'every second row, transposed': (rows, columns, dtype) =>
    transposeView(sliceView(drawn(dtype, 2 * columns, rows), [0, 0], [2, 1], [columns, rows]), [1, 0]),
  'one row repeated': (rows, columns, dtype) => broadcastView(drawn(dtype, 1, columns), [rows, columns]),
  'one column repeated': (rows, columns, dtype) => broadcastView(drawn(dtype, rows, 1), [rows, columns]),
  'one number repeated': (rows, columns, dtype) => broadcastView(drawn(dtype, 1, 1), [rows, columns]),
};

function product(x: NdArray, y: NdArray): number[][] {
  const [rows, columns] = [toNested(x, 'float64') as number[][], toNested(y, 'float64') as number[][]];
  return rows.map((row) => columns[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * columns[k]![j]!, 0)));
}

describe('matmulKernel', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const [name, left] of Object.entries(layouts)) {
      it(`multiplies ${dtype} laid out ${name} with every other layout`, () => {
        for (const right of Object.values(layouts)) {
          for (const [m, k, n] of [
            [1, 1, 1],
            [2, 3, 4],
            [1, 5, 1],
            [4, 1, 3],
            [9, 17, 8],
          ] as const) {
            const [x, y] = [left(m, k, dtype), right(k, n, dtype)];
            const out = matmulKernel(x, y, dtype, [m, n]);
            expect(out.dtype).toBe(dtype);
            const expected = product(x, y).flat();
            // at most 17 products below 1, added with 17 roundings
            const tolerance = 17 * 17 * (dtype === 'float32' ? 2 ** -24 : 2 ** -53);
            expected.forEach((value, i) => {
              expect(Math.abs(out.data[i]! - value)).toBeLessThanOrEqual(tolerance);
            });
          }
        }
      });
    }
  }

  it('multiplies larger matrices than a block of the BLAS', () => {
    const [x, y] = [drawn('float64', 70, 65), transposeView(drawn('float64', 67, 65), [1, 0])];
    const out = matmulKernel(x, y, 'float64', [70, 67]);
    const expected = product(x, y).flat();
    const largest = expected.reduce((error, value, i) => Math.max(error, Math.abs(out.data[i]! - value)), 0);
    expect(largest).toBeLessThan(1e-13);
  });

  it('repeats a batch by strides of 0', () => {
    const x = copyOf(random.uniform([2, 1, 2, 3], -1, 1, 'float64').array, 'float64');
    const y = copyOf(random.uniform([4, 3, 2], -1, 1, 'float64').array, 'float64');
    const out = matmulKernel(x, y, 'float64', [2, 4, 2, 2]);
    const batches = toNested(out, 'float64') as number[][][][];
    for (const [i, j] of [
      [0, 0],
      [0, 3],
      [1, 2],
    ] as const) {
      const left = x.pick(i, 0, null, null);
      const right = y.pick(j, null, null);
      const expected = product(left, right).flat();
      batches[i]![j]!.flat().forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at]!, 14);
      });
    }
  });

  it.each([
    [
      [0, 2],
      [2, 3],
      [0, 3],
    ],
    [
      [2, 0],
      [0, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [3, 0],
      [2, 0],
    ],
    [
      [0, 2, 3],
      [3, 2],
      [0, 2, 2],
    ],
  ])('of %j and %j gives zeros or nothing', (x, y, shape) => {
    const out = matmulKernel(allocate('float32', x), allocate('float32', y), 'float32', shape);
    expect(out.shape).toEqual(shape);
    expect([...out.data].every((value) => value === 0)).toBe(true);
  });

  it('lets 0 times NaN be NaN, in every layout', () => {
    for (const layout of [
      [0, 1],
      [1, 0],
    ]) {
      const zeros = allocate('float64', [2, 2]);
      const nans = allocate('float64', [2, 2]);
      nans.data.fill(Number.NaN);
      const out = matmulKernel(transposeView(zeros, layout), transposeView(nans, layout), 'float64', [2, 2]);
      expect([...out.data].every(Number.isNaN)).toBe(true);
    }
  });
});
