// Which kernel multiplies: the one place that chooses.

import type { TypedData } from '../dtype.ts';
import type { Matrix, ProductKernel } from './product.ts';
import { jsProduct } from './product-js.ts';
import { wasmProduct } from './product-wasm.ts';

/**
 * From so many multiplications on, WebAssembly is faster, copies in and out included. Microseconds of JavaScript and of
 * WebAssembly, float32: 4 square (64) 0.08 and 0.18; 6 square (216) 0.7 and 0.2; 8 square 0.35 and 0.2; 16 square 2.0 and 0.35;
 * a row times 64 square 2.6 and 0.6; 100 × 30 by a column 10 and 1.1; 100 × 30 × 128 184 and 15. float64 is much the same.
 */
const worthCopying = 200;

/** Undefined before the first product that is large enough, null where this engine cannot. */
let wasm: ProductKernel | null | undefined;

/** See {@link ProductKernel.multiply}. */
export function multiplyMatrices(
  m: number,
  n: number,
  k: number,
  x: Matrix,
  y: Matrix,
  out: TypedData,
  to: number,
  accumulate = false,
): void {
  if (m * n * k >= worthCopying) {
    if (wasm === undefined) wasm = wasmProduct() ?? null;
    if (wasm?.multiply(m, n, k, x, y, out, to, accumulate)) return;
  }
  jsProduct.multiply(m, n, k, x, y, out, to, accumulate);
}
