// What a kernel for products of matrices is: the one interface behind which implementations are exchanged.

import type { TypedData } from '../dtype.ts';

/** Where the elements of a matrix lie: strides of its rows and columns, of any sign or 0. */
export interface Matrix {
  readonly data: TypedData;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** One way to multiply matrices. Each passes the same tests. */
export interface ProductKernel {
  /**
   * Writes x (m × k) · y (k × n) row by row into `out`, from `to` on; or adds it to what stands there. x, y and `out` hold the
   * same type of floats. False where this kernel cannot (no memory, no such engine): nothing is written then.
   */
  multiply(
    m: number,
    n: number,
    k: number,
    x: Matrix,
    y: Matrix,
    out: TypedData,
    to: number,
    accumulate: boolean,
  ): boolean;
}
