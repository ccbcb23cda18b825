// How a matrix in memory is told to BLAS: which way it lies, and how far apart its rows or columns are.

/** A matrix as BLAS reads it. */
export interface BlasMatrix {
  /** Whether it lies column by column. */
  readonly transposed: boolean;
  /** From one row (of a transposed one: column) to the next, in numbers: what BLAS calls the leading dimension. */
  readonly leading: number;
}

/**
 * A matrix whose numbers, of `size` bytes each, are `row` and `column` bytes apart, as BLAS reads it. Undefined where BLAS cannot: one
 * of the strides must be `size`, the other a multiple of it that leaves rows (or columns) apart. So no reversed matrix, none that
 * repeats a row, none that skips numbers both ways. The stride of an axis of length 1 is never used, and may be anything; so may both
 * strides where there are no numbers.
 */
export function blasMatrix(
  rows: number,
  columns: number,
  row: number,
  column: number,
  size: number,
): BlasMatrix | undefined {
  if (rows === 0 || columns === 0) return { transposed: false, leading: Math.max(1, columns) };
  if (columns === 1 || column === size) {
    const leading = leadingDimension(rows, columns, row, size);
    if (leading > 0) return { transposed: false, leading };
  }
  if (rows === 1 || row === size) {
    const leading = leadingDimension(columns, rows, column, size);
    if (leading > 0) return { transposed: true, leading };
  }
  return undefined;
}

/** The leading dimension of so many lines of `length` numbers, `stride` bytes apart; 0 where they overlap or begin within a number. */
function leadingDimension(lines: number, length: number, stride: number, size: number): number {
  if (lines === 1) return length;
  return stride >= length * size && stride % size === 0 ? stride / size : 0;
}
