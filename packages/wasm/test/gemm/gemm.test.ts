import { beforeAll, describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { enableRelaxedSimd, instantiate, newMemory, type WasmMemory } from '../../src/engine.ts';
import { gemmModule, gemmScratchBytes } from '../../src/gemm/gemm.ts';

/** Where numbers of a matrix lie, in numbers from the start of its part of the memory. */
interface Layout {
  readonly row: number;
  readonly column: number;
  readonly start: number;
  readonly length: number;
}

const layouts: { readonly [name: string]: (rows: number, columns: number) => Layout } = {
  'row by row': (rows, columns) => ({ row: columns, column: 1, start: 0, length: rows * columns }),
  'column by column': (rows, columns) => ({ row: 1, column: rows, start: 0, length: rows * columns }),
  'rows apart': (rows, columns) => ({ row: columns + 301, column: 1, start: 1, length: rows * (columns + 301) + 1 }),
  reversed: (rows, columns) => ({ row: -columns, column: -1, start: rows * columns, length: rows * columns + 1 }),
  'every third column': (rows, columns) => ({ row: 3 * columns, column: 3, start: 2, length: 3 * rows * columns + 2 }),
  'one row repeated': (_, columns) => ({ row: 0, column: 1, start: 0, length: columns }),
  'one number repeated': () => ({ row: 0, column: 0, start: 0, length: 1 }),
};

/** Empty, one, a tile, and every tail of rows, columns and depth; more than a block of each; wide rows in place and packed. */
const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [0, 3, 2],
  [2, 0, 3],
  [2, 3, 0],
  [1, 1, 1],
  [2, 5, 3],
  [6, 4, 8],
  [5, 7, 4],
  [13, 9, 11],
  [30, 6, 19],
  [7, 300, 9],
  [101, 3, 2],
  [26, 5, 530],
];

const kinds = [
  { type: 'f32', relaxed: false },
  { type: 'f64', relaxed: false },
  { type: 'f32', relaxed: true },
  { type: 'f64', relaxed: true },
] as const;

describe.each(kinds)('gemm of $type, relaxed: $relaxed', ({ type, relaxed }) => {
  const Numbers = type === 'f32' ? Float32Array : Float64Array;
  const size = Numbers.BYTES_PER_ELEMENT;
  const epsilon = type === 'f32' ? 2 ** -24 : 2 ** -53;
  const bytes = gemmModule({ type, relaxed });
  // an engine without relaxed SIMD can only be shown that the module is well-formed
  const runs = !relaxed || enableRelaxedSimd();
  let memory: WasmMemory;
  let gemm: (...operands: number[]) => unknown;

  beforeAll(() => {
    if (!runs) return;
    memory = newMemory(64);
    gemm = instantiate(bytes, { env: { memory } }).exports.gemm as typeof gemm;
  });

  it('is a valid module below 4 KiB', async () => {
    const module = (await wabt()).readWasm(bytes, { simd: true, relaxed_simd: true });
    module.validate();
    module.destroy();
    expect(bytes.length).toBeLessThan(4096);
  });

  /** A product of drawn matrices (or of `given` numbers), and the same in float64. */
  function multiply(
    [m, k, n]: readonly [number, number, number],
    left: Layout,
    right: Layout,
    { accumulate = false, x: givenX, y: givenY }: { accumulate?: boolean; x?: number; y?: number } = {},
  ) {
    const outRow = n + 2;
    const starts = [gemmScratchBytes / size, 0, 0, 0];
    starts[1] = starts[0]! + left.length;
    starts[2] = starts[1] + right.length;
    const numbers = new Numbers(memory.buffer);
    let seed = 1;
    const draw = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647 - 0.5;
    };
    for (let i = starts[0]!; i < starts[1]; i++) numbers[i] = givenX ?? draw();
    for (let i = starts[1]; i < starts[2]; i++) numbers[i] = givenY ?? draw();
    const out = numbers.subarray(starts[2], starts[2] + m * outRow).fill(0.25);
    const [x, y] = [starts[0]! + left.start, starts[1] + right.start];
    const strides = (layout: Layout) => [layout.row * size, layout.column * size];
    gemm(
      m,
      n,
      k,
      x * size,
      ...strides(left),
      y * size,
      ...strides(right),
      starts[2] * size,
      outRow * size,
      +accumulate,
      0,
    );
    const expected = Array.from({ length: m * outRow }, (_, at) => {
      const [i, j] = [Math.floor(at / outRow), at % outRow];
      if (j >= n) return 0.25; // the end of a row belongs to somebody else
      let sum = accumulate ? 0.25 : 0;
      for (let p = 0; p < k; p++) {
        sum += numbers[x + i * left.row + p * left.column]! * numbers[y + p * right.row + j * right.column]!;
      }
      return sum;
    });
    return { out: [...out], expected };
  }

  for (const [left, layLeft] of Object.entries(layouts)) {
    it.runIf(runs)(`multiplies a matrix that lies ${left} with every other layout`, () => {
      for (const layRight of Object.values(layouts)) {
        for (const shape of sizes) {
          const [m, k, n] = shape;
          const { out, expected } = multiply(shape, layLeft(m, k), layRight(k, n), { accumulate: m % 2 === 1 });
          const tolerance = (k + 1) * (k / 4 + 1) * epsilon;
          const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(out[i]! - value)), 0);
          expect(worst, `${m} × ${k} × ${n}`).toBeLessThanOrEqual(tolerance);
        }
      }
    });
  }

  it.runIf(runs).each([
    [0, Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, 0, Number.NaN],
    [Number.POSITIVE_INFINITY, -1, Number.NEGATIVE_INFINITY],
    [Number.NaN, 1, Number.NaN],
  ])('makes of %d times %d, summed, %d and nothing of it beside', (x, y, expected) => {
    for (const shape of [
      [1, 1, 1],
      [7, 3, 9],
      [6, 2, 8],
    ] as const) {
      const [m, k, n] = shape;
      const row = layouts['row by row']!;
      const { out } = multiply(shape, row(m, k), row(k, n), { x, y });
      out.forEach((value, at) => {
        expect(value).toBe(at % (n + 2) < n ? expected : 0.25);
      });
    }
  });
});
