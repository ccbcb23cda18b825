// Products of matrices on SIMD WebAssembly: operands are copied into a memory of its own, and the result back.

import {
  gemmModule,
  gemmScratchBytes,
  instantiate,
  newMemory,
  supportsRelaxedSimd,
  supportsSimd,
  type WasmMemory,
} from '@tapegrad/wasm';
import type { TypedData } from '../dtype.ts';
import type { Matrix, ProductKernel } from './product.ts';

/**
 * The kernel, or undefined where the engine has no SIMD WebAssembly or refuses to compile here. It compiles (less than 4 KiB for
 * each dtype) at the first product. More memory than `keptBytes` is given back after the product: a WebAssembly memory does
 * not shrink.
 */
export function wasmProduct(keptBytes: number = 2 ** 28): ProductKernel | undefined {
  if (!supportsSimd()) return undefined;
  const runner = new Runner(keptBytes);
  return { multiply: (...product) => runner.multiply(...product) };
}

type Numbers = Float32Array | Float64Array;
type Gemm = (...operands: number[]) => unknown;

const pageBytes = 65536;

/** Past this, addresses are no longer positive 32-bit numbers. */
const mostBytes = 2 ** 31 - pageBytes;

class Runner {
  readonly #keptBytes: number;
  /** A page may forbid WebAssembly by its content security policy, and says so only when something is compiled. */
  #forbidden = false;
  #memory: WasmMemory | undefined;
  readonly #gemms = new Map<'f32' | 'f64', Gemm>();
  #singles = new Float32Array();
  #doubles = new Float64Array();

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  multiply(
    m: number,
    n: number,
    k: number,
    x: Matrix,
    y: Matrix,
    out: TypedData,
    to: number,
    accumulate: boolean,
  ): boolean {
    const single = out instanceof Float32Array;
    const size = single ? 4 : 8;
    const [left, right] = [extentOf(x, m, k), extentOf(y, k, n)];
    const xAt = align(gemmScratchBytes);
    const yAt = align(xAt + left.length * size);
    const outAt = align(yAt + right.length * size);
    const end = align(outAt + m * n * size);
    if (this.#forbidden || end > mostBytes || !this.#reserve(end)) return false;
    const gemm = this.#gemms.get(single ? 'f32' : 'f64') ?? this.#compile(single ? 'f32' : 'f64');
    if (gemm === undefined) return false;

    const numbers = single ? this.#singles : this.#doubles;
    const [xs, ys] = [copyIn(x, m, k, left, numbers, xAt / size), copyIn(y, k, n, right, numbers, yAt / size)];
    if (accumulate) numbers.set(out.subarray(to, to + m * n), outAt / size);
    gemm(
      m,
      n,
      k,
      xs.offset * size,
      xs.row * size,
      xs.column * size,
      ys.offset * size,
      ys.row * size,
      ys.column * size,
      outAt,
      n * size,
      accumulate ? 1 : 0,
      0,
    );
    out.set(numbers.subarray(outAt / size, outAt / size + m * n), to);
    if (end > this.#keptBytes) this.#release();
    return true;
  }

  /** Makes the memory at least so large; false where there is not so much. */
  #reserve(bytes: number): boolean {
    const pages = Math.ceil(bytes / pageBytes);
    try {
      if (this.#memory === undefined) this.#memory = newMemory(pages);
      else {
        const missing = pages - this.#memory.buffer.byteLength / pageBytes;
        if (missing <= 0) return true;
        this.#memory.grow(missing);
      }
    } catch {
      return false;
    }
    // a memory that grew has another buffer; views of the old one are empty
    this.#singles = new Float32Array(this.#memory.buffer);
    this.#doubles = new Float64Array(this.#memory.buffer);
    return true;
  }

  #compile(type: 'f32' | 'f64'): Gemm | undefined {
    try {
      const bytes = gemmModule({ type, relaxed: supportsRelaxedSimd() });
      const gemm = instantiate(bytes, { env: { memory: this.#memory! } }).exports.gemm as Gemm;
      this.#gemms.set(type, gemm);
      return gemm;
    } catch {
      this.#forbidden = true;
      return undefined;
    }
  }

  #release(): void {
    this.#memory = undefined;
    this.#gemms.clear();
    this.#singles = new Float32Array();
    this.#doubles = new Float64Array();
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** What is copied of a matrix: the stretch of its store that it lies in, or its elements one by one. */
interface Extent {
  readonly whole: boolean;
  /** Where in the store the stretch begins. */
  readonly first: number;
  /** How many numbers are copied. */
  readonly length: number;
}

function extentOf({ offset, row, column }: Matrix, rows: number, columns: number): Extent {
  if (rows === 0 || columns === 0) return { whole: true, first: 0, length: 0 };
  const [down, across] = [(rows - 1) * row, (columns - 1) * column];
  const length = Math.abs(down) + Math.abs(across) + 1;
  // a stretch is copied many times faster than single numbers, unless most of it is not needed
  if (length > 4 * rows * columns) return { whole: false, first: 0, length: rows * columns };
  return { whole: true, first: offset + Math.min(down, 0) + Math.min(across, 0), length };
}

/** Copies a matrix to `at`, and says where its elements are now. */
function copyIn(x: Matrix, rows: number, columns: number, extent: Extent, numbers: Numbers, at: number): Matrix {
  const { whole, first, length } = extent;
  if (whole) {
    numbers.set(x.data.subarray(first, first + length), at);
    return { data: numbers, offset: at + x.offset - first, row: x.row, column: x.column };
  }
  for (let i = 0, target = at; i < rows; i++) {
    let from = x.offset + i * x.row;
    for (let j = 0; j < columns; j++, from += x.column) numbers[target++] = x.data[from]!;
  }
  return { data: numbers, offset: at, row: columns, column: 1 };
}
