// Products of matrices in a WebAssembly memory by a BLAS library, and which products are for it. How one is found is not here.

import type { WasmMemory } from '@tapegrad/wasm';
import type { Host, Koffi, SharedLibrary } from './koffi.ts';
import { type BlasMatrix, blasMatrix } from './layout.ts';

/** Products of matrices by a library of the machine. */
export interface NativeGemm {
  /** The library: the path or name it was found under. */
  readonly library: string;
  /** Products in a memory, which may grow afterwards. An import for a module that works on the same memory. */
  bind(type: 'f32' | 'f64', memory: WasmMemory): NativeProduct;
}

/**
 * As `gemm` of `gemmFunction` (see @tapegrad/wasm), which needs `scratch` besides: out (m × n) = x (m × k) · y (k × n), or added to
 * what is there where `accumulate` is not 0. All are i32: addresses, and strides in bytes. Only for what {@link blasTakes}: for other
 * layouts it throws, with nothing changed. `out` must not overlap x or y. Unlike in WebAssembly, nobody checks that all lie in the memory.
 */
export type NativeProduct = (
  m: number,
  n: number,
  k: number,
  x: number,
  xRow: number,
  xColumn: number,
  y: number,
  yRow: number,
  yColumn: number,
  out: number,
  outRow: number,
  accumulate: number,
) => void;

const sizeOf = { f32: 4, f64: 8 } as const;

/** Whether BLAS can read x and y and write `out` as they lie, rows of `out` in one piece: see `blasMatrix`. */
export function blasTakes(
  type: 'f32' | 'f64',
  m: number,
  n: number,
  k: number,
  xRow: number,
  xColumn: number,
  yRow: number,
  yColumn: number,
  outRow: number,
): boolean {
  const size = sizeOf[type];
  const [left, right] = [blasMatrix(m, k, xRow, xColumn, size), blasMatrix(k, n, yRow, yColumn, size)];
  return left !== undefined && right !== undefined && outOf(m, n, outRow, size) !== undefined;
}

function outOf(m: number, n: number, outRow: number, size: number): BlasMatrix | undefined {
  const out = blasMatrix(m, n, outRow, size, size);
  return out?.transposed ? undefined : out;
}

/**
 * Whether a product is large enough for BLAS to be faster than WebAssembly: it takes 0.4 µs to call, packs its operands each time, and
 * gains little where few rows, columns or terms of a sum share what was packed. Microseconds of WebAssembly, of WebAssembly with
 * relaxed SIMD and of OpenBLAS on one core with AVX2, float32: 16 square 0.4, 0.3 and 0.8; 32 square 2.3, 1.9 and 1.9; 64 square 18, 14
 * and 9.3; 128 × 784 by 784 × 128 1260, 980 and 415; 128 × 64 by 64 × 10 8.2, 6.9 and 5.3; 128 × 8 by 8 × 64 6.1, 4.9 and 6.0; 1 × 128
 * by 128 square 3.4, 3.4 and 5.2. With float64 OpenBLAS gains from slightly smaller ones on.
 */
export function blasPays(m: number, n: number, k: number): boolean {
  return m >= 4 && n >= 10 && k >= 12 && m * n * k >= 20_000;
}

/** How a library is held to one thread, and the environment variable by which its user says something else. */
const threading = [
  { variable: 'OPENBLAS_NUM_THREADS', prototype: 'void openblas_set_num_threads(int)', single: 1 },
  // macOS 15; earlier ones have only the variable
  { variable: 'VECLIB_MAXIMUM_THREADS', prototype: 'int BLASSetThreading(unsigned int)', single: 1 },
] as const;

// of enum CBLAS_ORDER, and of enum CBLAS_TRANSPOSE
const rowMajor = 101;
const [asItLies, transposed] = [111, 112] as const;

/**
 * The products of a library that has the C interface of BLAS. They run on one thread, as the kernels in WebAssembly do, so that a result
 * does not depend on the number of cores; this holds for the whole process, unless `OPENBLAS_NUM_THREADS` or
 * `VECLIB_MAXIMUM_THREADS` is set, which are then left to say it.
 *
 * @throws Error where there is no such library, or it has no `cblas_sgemm` and `cblas_dgemm`.
 */
export function openNativeGemm(koffi: Koffi, path: string, env: Host['env']): NativeGemm {
  const library = koffi.load(path);
  const int = integerOf(library);
  // pointers as numbers: a call takes 0.3 µs, and with views of the memory made for it 0.7 to 0.9 µs
  const prototype = (name: string, real: string) =>
    `void ${name}(int order, int transposeX, int transposeY, ${int} m, ${int} n, ${int} k, ${real} alpha, uintptr_t x, ${int} xLeading, ` +
    `uintptr_t y, ${int} yLeading, ${real} beta, uintptr_t out, ${int} outLeading)`;
  const functions = {
    f32: library.func(prototype('cblas_sgemm', 'float')),
    f64: library.func(prototype('cblas_dgemm', 'double')),
  };
  for (const { variable, prototype, single } of threading) {
    if (env[variable] === undefined) optional(library, prototype)?.(single);
  }
  return {
    library: path,
    bind(type, memory) {
      const [gemm, size] = [functions[type], sizeOf[type]];
      let buffer = memory.buffer;
      let base = Number(koffi.address(buffer));
      return (m, n, k, x, xRow, xColumn, y, yRow, yColumn, out, outRow, accumulate) => {
        // a memory that grew has another buffer, and may lie elsewhere
        if (memory.buffer !== buffer) {
          buffer = memory.buffer;
          base = Number(koffi.address(buffer));
        }
        const left = blasMatrix(m, k, xRow, xColumn, size);
        const right = blasMatrix(k, n, yRow, yColumn, size);
        const result = outOf(m, n, outRow, size);
        if (left === undefined || right === undefined || result === undefined) {
          throw new Error('internal: BLAS was given a layout that it does not take.');
        }
        gemm(
          rowMajor,
          left.transposed ? transposed : asItLies,
          right.transposed ? transposed : asItLies,
          m,
          n,
          k,
          1,
          // addresses from 2 GiB on are negative as i32
          base + (x >>> 0),
          left.leading,
          base + (y >>> 0),
          right.leading,
          // not a factor of what is there where it is 0: NaN stays out of the product
          accumulate === 0 ? 0 : 1,
          base + (out >>> 0),
          result.leading,
        );
      };
    },
  };
}

/** The integers of a library: 64-bit ones in an OpenBLAS that was built for them. */
function integerOf(library: SharedLibrary): 'int' | 'int64_t' {
  const configuration = String(optional(library, 'const char *openblas_get_config()')?.());
  return configuration.includes('USE64BITINT') ? 'int64_t' : 'int';
}

/** A function that not every library has. */
function optional(library: SharedLibrary, prototype: string): ReturnType<SharedLibrary['func']> | undefined {
  try {
    return library.func(prototype);
  } catch {
    return undefined;
  }
}
