// Products of matrices in JavaScript: on any engine, and for products so small that copying them elsewhere costs more.

import type { TypedData } from '../dtype.ts';
import type { Matrix, ProductKernel } from './product.ts';

/** The kernel that can always multiply. */
export const jsProduct: ProductKernel = {
  multiply(m, n, k, x, y, out, to, accumulate) {
    if (!accumulate) out.fill(0, to, to + m * n);
    addProduct(m, n, k, x, packed(y, k, n), out, to);
    return true;
  },
};

/** How many rows of x, and rows of y, are taken at a time. */
const block = 4;

/** y in row-major order, with rows of zeros up to a multiple of {@link block}: itself where it is laid out so. */
export function packed(y: Matrix, k: number, n: number): Matrix {
  const { offset, row, column } = y;
  if (k % block === 0 && row === n && column === 1) return y;
  const data = new (y.data.constructor as new (size: number) => TypedData)(Math.ceil(k / block) * block * n);
  for (let p = 0, to = 0; p < k; p++) {
    for (let j = 0, from = offset + p * row; j < n; j++, from += column) data[to++] = y.data[from]!;
  }
  return { data, offset: 0, row: n, column: 1 };
}

/**
 * Adds x·y to the row-major matrix that starts at `to` in `out`. Four rows of x meet four rows of y at a time: every element
 * that is loaded is used four times, and four products are added in float64 before the sum is rounded to float32.
 */
export function addProduct(m: number, n: number, k: number, x: Matrix, y: Matrix, out: TypedData, to: number): void {
  for (let i = 0; i < m; i += block) {
    for (let p = 0; p < k; p += block) {
      if (i + block <= m) addBlock(n, x, i, p, k, y.data, y.offset + p * n, out, to + i * n);
      else for (let r = i; r < m; r++) addRow(n, x, r, p, k, y.data, y.offset + p * n, out, to + r * n);
    }
  }
}

/** The element of x at row i, column p; 0 beyond the last column, where y has rows of zeros. */
function at({ data, offset, row, column }: Matrix, i: number, p: number, k: number): number {
  return p < k ? data[offset + i * row + p * column]! : 0;
}

/** Four rows of x, from row i, times four rows of y, which begin at y0. */
function addBlock(
  n: number,
  x: Matrix,
  i: number,
  p: number,
  k: number,
  y: TypedData,
  y0: number,
  out: TypedData,
  o0: number,
): void {
  const [a0, a1, a2, a3] = [at(x, i, p, k), at(x, i, p + 1, k), at(x, i, p + 2, k), at(x, i, p + 3, k)];
  const [b0, b1, b2, b3] = [at(x, i + 1, p, k), at(x, i + 1, p + 1, k), at(x, i + 1, p + 2, k), at(x, i + 1, p + 3, k)];
  const [c0, c1, c2, c3] = [at(x, i + 2, p, k), at(x, i + 2, p + 1, k), at(x, i + 2, p + 2, k), at(x, i + 2, p + 3, k)];
  const [d0, d1, d2, d3] = [at(x, i + 3, p, k), at(x, i + 3, p + 1, k), at(x, i + 3, p + 2, k), at(x, i + 3, p + 3, k)];
  const [y1, y2, y3] = [y0 + n, y0 + 2 * n, y0 + 3 * n];
  const [o1, o2, o3] = [o0 + n, o0 + 2 * n, o0 + 3 * n];
  for (let j = 0; j < n; j++) {
    const [v0, v1, v2, v3] = [y[y0 + j]!, y[y1 + j]!, y[y2 + j]!, y[y3 + j]!];
    out[o0 + j]! += a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
    out[o1 + j]! += b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
    out[o2 + j]! += c0 * v0 + c1 * v1 + c2 * v2 + c3 * v3;
    out[o3 + j]! += d0 * v0 + d1 * v1 + d2 * v2 + d3 * v3;
  }
}

/** One row of x times four rows of y. */
function addRow(
  n: number,
  x: Matrix,
  i: number,
  p: number,
  k: number,
  y: TypedData,
  y0: number,
  out: TypedData,
  o0: number,
): void {
  const [a0, a1, a2, a3] = [at(x, i, p, k), at(x, i, p + 1, k), at(x, i, p + 2, k), at(x, i, p + 3, k)];
  for (let j = 0; j < n; j++) {
    out[o0 + j]! += a0 * y[y0 + j]! + a1 * y[y0 + n + j]! + a2 * y[y0 + 2 * n + j]! + a3 * y[y0 + 3 * n + j]!;
  }
}
