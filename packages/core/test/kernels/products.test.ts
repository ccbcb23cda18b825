// Every kernel for products runs the same table against sums in float64.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TypedData } from '../../src/dtype.ts';
import type { Matrix, ProductKernel } from '../../src/kernels/product.ts';
import { jsProduct } from '../../src/kernels/product-js.ts';
import { wasmProduct } from '../../src/kernels/product-wasm.ts';
import { RandomGenerator } from '../../src/random.ts';

const random = new RandomGenerator(4);

type Store = new (numbers: Iterable<number>) => TypedData;

function drawn(Numbers: Store, length: number): TypedData {
  return new Numbers(random.uniform([length], -1, 1, 'float64').array.data);
}

/** Every way in which a matrix of views can lie in its store. */
const layouts: { readonly [name: string]: (Numbers: Store, rows: number, columns: number) => Matrix } = {
  'row by row': (Numbers, rows, columns) => ({
    data: drawn(Numbers, rows * columns),
    offset: 0,
    row: columns,
    column: 1,
  }),
  'column by column': (Numbers, rows, columns) => ({
    data: drawn(Numbers, rows * columns),
    offset: 0,
    row: 1,
    column: rows,
  }),
  'from the last row': (Numbers, rows, columns) => ({
    data: drawn(Numbers, rows * columns + 1),
    offset: Math.max(rows - 1, 0) * columns,
    row: -columns,
    column: 1,
  }),
  'from the last element': (Numbers, rows, columns) => ({
    data: drawn(Numbers, rows * columns + 1),
    offset: rows * columns,
    row: -columns,
    column: -1,
  }),
  'inside of a larger one': (Numbers, rows, columns) => ({
    data: drawn(Numbers, (rows + 2) * (columns + 3)),
    offset: columns + 5,
    row: columns + 3,
    column: 1,
  }),
  'far apart': (Numbers, rows, columns) => ({
    data: drawn(Numbers, rows * columns * 11 + 1),
    offset: 1,
    row: columns * 11,
    column: 11,
  }),
  'one row repeated': (Numbers, _, columns) => ({ data: drawn(Numbers, columns), offset: 0, row: 0, column: 1 }),
  'one column repeated': (Numbers, rows) => ({ data: drawn(Numbers, rows), offset: 0, row: 1, column: 0 }),
  'one number repeated': (Numbers) => ({ data: drawn(Numbers, 1), offset: 0, row: 0, column: 0 }),
};

const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [0, 2, 3],
  [2, 0, 3],
  [2, 3, 0],
  [1, 1, 1],
  [2, 3, 4],
  [1, 7, 5],
  [5, 1, 3],
  [4, 4, 8],
  [9, 17, 8],
  [31, 6, 19],
  [3, 259, 2],
];

const kernels: { readonly [name: string]: ProductKernel } = { JavaScript: jsProduct, WebAssembly: wasmProduct()! };

describe.each(Object.keys(kernels))('the product in %s', (name) => {
  const kernel = kernels[name]!;

  describe.each([
    [Float32Array, 2 ** -24],
    [Float64Array, 2 ** -53],
  ] as const)('of %s', (Numbers, epsilon) => {
    it.each(Object.keys(layouts))('multiplies what lies %s with every other layout', (left) => {
      for (const right of Object.values(layouts)) {
        for (const [m, k, n] of sizes) {
          const [x, y] = [layouts[left]!(Numbers, m, k), right(Numbers, k, n)];
          const accumulate = (m + n) % 2 === 0;
          const out = new Numbers(m * n + 2).fill(0.5);
          expect(kernel.multiply(m, n, k, x, y, out, 1, accumulate)).toBe(true);
          let worst = 0;
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let sum = accumulate ? 0.5 : 0;
              for (let p = 0; p < k; p++) {
                sum += x.data[x.offset + i * x.row + p * x.column]! * y.data[y.offset + p * y.row + j * y.column]!;
              }
              worst = Math.max(worst, Math.abs(out[1 + i * n + j]! - sum));
            }
          }
          // k products below 1, added with k roundings of sums below k
          expect(worst, `${m} × ${k} × ${n}`).toBeLessThanOrEqual((k + 1) ** 2 * epsilon);
          expect([out[0], out.at(-1)]).toEqual([0.5, 0.5]);
        }
      }
    });

    it.each([
      [0, Number.NaN, Number.NaN],
      [0, Number.POSITIVE_INFINITY, Number.NaN],
      [2, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ])('makes of %d times %d, summed, %d', (a, b, expected) => {
      for (const [m, k, n] of [
        [1, 1, 1],
        [7, 5, 9],
      ] as const) {
        const x = { data: new Numbers(m * k).fill(a), offset: 0, row: k, column: 1 };
        const y = { data: new Numbers(k * n).fill(b), offset: 0, row: n, column: 1 };
        const out = new Numbers(m * n);
        kernel.multiply(m, n, k, x, y, out, 0, false);
        expect(new Set(out)).toEqual(new Set([expected]));
      }
    });

    it('lets a NaN reach its row and its column alone', () => {
      const [m, k, n] = [7, 6, 9];
      const x = { data: new Numbers(m * k).fill(1), offset: 0, row: k, column: 1 };
      const y = { data: new Numbers(k * n).fill(1), offset: 0, row: n, column: 1 };
      x.data[3 * k + 2] = Number.NaN;
      y.data[4 * n + 8] = Number.NaN;
      const out = new Numbers(m * n);
      kernel.multiply(m, n, k, x, y, out, 0, false);
      out.forEach((value, at) => {
        expect(value).toBe(Math.floor(at / n) === 3 || at % n === 8 ? Number.NaN : k);
      });
    });
  });
});

const square: Matrix = { data: Float32Array.from({ length: 64 }, (_, i) => i), offset: 0, row: 8, column: 1 };

describe('wasmProduct', () => {
  it('goes on after its memory grew, and after it was given back', () => {
    const kernel = wasmProduct(2 ** 21)!;
    const repeated = { data: Float32Array.of(2), offset: 0, row: 0, column: 0 };
    for (const size of [8, 700, 8, 300, 700]) {
      const out = new Float32Array(size * size);
      expect(kernel.multiply(size, size, 3, repeated, repeated, out, 0, false)).toBe(true);
      expect(out.every((value) => value === 12)).toBe(true);
    }
  });

  it('leaves what does not fit its memory to others, and writes nothing', () => {
    const out = new Float32Array(1).fill(7);
    const repeated = { data: Float32Array.of(2), offset: 0, row: 0, column: 0 };
    expect(wasmProduct()!.multiply(40_000, 40_000, 1, repeated, repeated, out, 0, false)).toBe(false);
    expect(out[0]).toBe(7);
  });
});

describe('multiplyMatrices', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: unknown } }).WebAssembly;
  const forbidden = {
    Memory,
    validate: () => true,
    Module: class {
      constructor() {
        throw new Error('refused by the content security policy');
      }
    },
  };

  it.each([
    ['has no WebAssembly', undefined],
    ['has no SIMD', { ...forbidden, validate: () => false }],
    ['forbids to compile', forbidden],
  ])('multiplies all the same where the engine %s', async (_, engine) => {
    const expected = new Float32Array(64);
    jsProduct.multiply(8, 8, 8, square, square, expected, 0, false);
    vi.resetModules();
    vi.stubGlobal('WebAssembly', engine);
    const { multiplyMatrices } = await import('../../src/kernels/products.ts');
    for (let time = 0; time < 2; time++) {
      const out = new Float32Array(64);
      multiplyMatrices(8, 8, 8, square, square, out, 0);
      expect(out).toEqual(expected);
    }
  });
});
