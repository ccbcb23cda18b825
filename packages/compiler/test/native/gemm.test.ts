import { newMemory, type WasmMemory } from '@tapegrad/wasm';
import { beforeEach, describe, expect, it } from 'vitest';
import { findNativeGemmOn } from '../../src/native/find.ts';
import { blasPays, blasTakes, type NativeGemm, openNativeGemm } from '../../src/native/gemm.ts';
import { thisHost } from '../../src/native/koffi.ts';
import { fakeKoffi } from './cblas.ts';

/** Where numbers of a matrix lie, in numbers from the start of its part of the memory. */
interface Layout {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

const layouts: { readonly [name: string]: (rows: number, columns: number) => Layout } = {
  'row by row': (rows, columns) => ({ row: columns, column: 1, length: rows * columns }),
  'column by column': (rows, columns) => ({ row: 1, column: rows, length: rows * columns }),
  'in rows apart': (rows, columns) => ({ row: columns + 3, column: 1, length: rows * (columns + 3) }),
  'in columns apart': (rows, columns) => ({ row: 1, column: rows + 5, length: columns * (rows + 5) }),
};

const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [0, 3, 2],
  [2, 0, 3],
  [2, 3, 0],
  [1, 1, 1],
  [1, 7, 5],
  [7, 5, 1],
  [2, 1, 5],
  [5, 7, 4],
  [13, 9, 11],
  [40, 300, 33],
];

// where this machine has a library, the same is asked of it
const host = thisHost();
const installed = host && findNativeGemmOn({ ...host, env: {} });
const implementations: readonly (readonly [string, (memory: WasmMemory) => NativeGemm])[] = [
  ['a BLAS in JavaScript', (memory) => openNativeGemm(fakeKoffi({ blas: [] }, memory), 'blas', {})],
  ...(installed === undefined ? [] : [[installed.library, () => installed] as const]),
];

describe.each(implementations)('a product by %s', (_, open) => {
  describe.each(['f32', 'f64'] as const)('of %s', (type) => {
    const Numbers = type === 'f32' ? Float32Array : Float64Array;
    const size = Numbers.BYTES_PER_ELEMENT;
    const epsilon = type === 'f32' ? 2 ** -24 : 2 ** -53;
    let memory: WasmMemory;
    let native: NativeGemm;

    beforeEach(() => {
      memory = newMemory(8);
      native = open(memory);
    });

    /** A product of drawn numbers from address `from` on, beside the same in float64. */
    function multiply(
      [m, k, n]: readonly [number, number, number],
      {
        left = layouts['row by row']!,
        right = layouts['row by row']!,
        accumulate = 0,
        before = 0.25,
        from = 1024,
      } = {},
      product = native.bind(type, memory),
    ) {
      const [xLayout, yLayout] = [left(m, k), right(k, n)];
      const outRow = n + 2;
      const x = from / size;
      const y = x + xLayout.length;
      const out = y + yLayout.length;
      const numbers = new Numbers(memory.buffer);
      let seed = 1;
      for (let i = x; i < out; i++) {
        seed = (seed * 48271) % 2147483647;
        numbers[i] = seed / 2147483647 - 0.5;
      }
      numbers.fill(before, out, out + m * outRow);
      const bytes = ({ row, column }: Layout) => [row * size, column * size] as const;
      const [xBytes, yBytes] = [bytes(xLayout), bytes(yLayout)];
      expect(blasTakes(type, m, n, k, ...xBytes, ...yBytes, outRow * size)).toBe(true);
      product(m, n, k, x * size, ...xBytes, y * size, ...yBytes, out * size, outRow * size, accumulate);
      const expected = Array.from({ length: m * outRow }, (_, at) => {
        const [i, j] = [Math.floor(at / outRow), at % outRow];
        if (j >= n) return before; // the end of a row belongs to somebody else
        let sum = accumulate === 0 ? 0 : before;
        for (let p = 0; p < k; p++) {
          sum +=
            numbers[x + i * xLayout.row + p * xLayout.column]! * numbers[y + p * yLayout.row + j * yLayout.column]!;
        }
        return sum;
      });
      return { actual: [...numbers.subarray(out, out + m * outRow)], expected, tolerance: 4 * epsilon * (k + 1) };
    }

    function expectClose({ actual, expected, tolerance }: ReturnType<typeof multiply>): void {
      expect(actual.length).toBe(expected.length);
      actual.forEach((value, at) => {
        // not toBeCloseTo: that counts decimals
        if (!(Math.abs(value - expected[at]!) <= tolerance)) expect(value).toBe(expected[at]);
      });
    }

    for (const [left, layLeft] of Object.entries(layouts)) {
      it(`multiplies a matrix that lies ${left} with every other layout, of every size`, () => {
        for (const right of Object.values(layouts)) {
          for (const shape of sizes) expectClose(multiply(shape, { left: layLeft, right }));
        }
      });
    }

    it('adds to what is there', () => {
      for (const shape of sizes) expectClose(multiply(shape, { accumulate: 1 }));
    });

    it('gives the sum of no products where k is 0, whatever was there', () => {
      const { actual } = multiply([2, 0, 1], { before: Number.NaN });
      expect(actual).toEqual([0, Number.NaN, Number.NaN, 0, Number.NaN, Number.NaN]);
    });

    it('does not read what is there where it does not add', () => {
      const { actual } = multiply([5, 7, 4], { before: Number.NaN });
      expect(actual.filter(Number.isNaN).length).toBe(5 * 2);
    });

    it('goes on in a memory that has grown', () => {
      const product = native.bind(type, memory);
      multiply([5, 7, 4], {}, product);
      memory.grow(32);
      expectClose(multiply([13, 9, 11], { from: 12 * 65536 }, product));
    });

    it('throws for a layout that BLAS does not take, and changes nothing', () => {
      const numbers = new Numbers(memory.buffer).fill(7);
      const product = native.bind(type, memory);
      const refused = 'internal: BLAS was given a layout that it does not take.';
      expect(() => product(2, 2, 2, 0, 0, size, 64, 2 * size, size, 128, 2 * size, 0)).toThrow(refused);
      expect(() => product(2, 2, 2, 0, 2 * size, size, 64, -size, size, 128, 2 * size, 0)).toThrow(refused);
      expect(() => product(2, 2, 2, 0, 2 * size, size, 64, 2 * size, size, 128, size, 0)).toThrow(refused);
      expect(numbers.every((value) => value === 7)).toBe(true);
    });
  });
});

describe('an address from 2 GiB on', () => {
  it('is not negative', () => {
    const pointers: number[] = [];
    const koffi = {
      address: () => 2n ** 40n,
      load: () => ({
        func:
          () =>
          (...operands: number[]) =>
            pointers.push(operands[7]!, operands[9]!, operands[12]!),
      }),
    };
    const memory = { buffer: new ArrayBuffer(0), grow: () => -1 };
    const product = openNativeGemm(koffi, 'blas', { OPENBLAS_NUM_THREADS: '2', VECLIB_MAXIMUM_THREADS: '2' });
    pointers.length = 0;
    product.bind('f32', memory)(1, 1, 1, -16, 4, 4, -(2 ** 31), 4, 4, 2 ** 31 - 4, 4, 0);
    expect(pointers).toEqual([2 ** 40 + 2 ** 32 - 16, 2 ** 40 + 2 ** 31, 2 ** 40 + 2 ** 31 - 4]);
  });
});

describe('blasTakes', () => {
  it('asks of x, of y and of the rows of the result', () => {
    expect(blasTakes('f32', 2, 3, 4, 16, 4, 12, 4, 12)).toBe(true);
    expect(blasTakes('f64', 2, 3, 4, 16, 4, 12, 4, 12)).toBe(false);
    expect(blasTakes('f32', 2, 3, 4, 0, 4, 12, 4, 12)).toBe(false);
    expect(blasTakes('f32', 2, 3, 4, 16, 4, 12, 8, 12)).toBe(false);
    expect(blasTakes('f32', 2, 3, 4, 16, 4, 12, 4, 8)).toBe(false);
    expect(blasTakes('f32', 2, 1, 4, 16, 4, 4, 4, 0)).toBe(false);
  });
});

describe('blasPays', () => {
  it.each([
    { m: 64, n: 64, k: 64, pays: true },
    { m: 128, n: 10, k: 64, pays: true },
    { m: 128, n: 64, k: 10, pays: false },
    { m: 32, n: 10, k: 64, pays: true },
    { m: 16, n: 16, k: 16, pays: false },
    { m: 512, n: 8, k: 64, pays: false },
    { m: 1, n: 1024, k: 1024, pays: false },
    { m: 1024, n: 1, k: 1024, pays: false },
    { m: 256, n: 256, k: 1, pays: false },
  ])('is $pays for $m × $k · $k × $n', ({ m, n, k, pays }) => {
    expect(blasPays(m, n, k)).toBe(pays);
  });
});

describe('the threads of a library', () => {
  const all = ['openblas_set_num_threads', 'BLASSetThreading'];

  it('are one', () => {
    const koffi = fakeKoffi({ blas: all });
    openNativeGemm(koffi, 'blas', {});
    expect(koffi.calls).toEqual(['openblas_set_num_threads(1)', 'BLASSetThreading(1)']);
  });

  it('are as many as its own variable says', () => {
    const koffi = fakeKoffi({ blas: all });
    openNativeGemm(koffi, 'blas', { OPENBLAS_NUM_THREADS: '4', VECLIB_MAXIMUM_THREADS: '4' });
    expect(koffi.calls).toEqual([]);
  });

  it('are left alone where the library has no say in them', () => {
    const koffi = fakeKoffi({ blas: [] });
    expect(openNativeGemm(koffi, 'blas', {}).library).toBe('blas');
    expect(koffi.calls).toEqual([]);
  });
});

describe('the integers of a library', () => {
  it.each([
    ['OpenBLAS 0.3.21 DYNAMIC_ARCH Zen', 'int m, int n'],
    ['OpenBLAS 0.3.21 USE64BITINT DYNAMIC_ARCH Zen', 'int64_t m, int64_t n'],
  ])('follow its configuration: %s', (configuration, expected) => {
    const prototypes: string[] = [];
    const func = (prototype: string) => {
      prototypes.push(prototype);
      return () => configuration;
    };
    openNativeGemm({ address: () => 0n, load: () => ({ func }) }, 'blas', {});
    const products = prototypes.filter((prototype) => prototype.includes('gemm'));
    expect(products.length).toBe(2);
    for (const prototype of products) expect(prototype).toContain(expected);
  });
});
