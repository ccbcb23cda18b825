// Factorisations of one square matrix, row by row in float64, and what is solved by them: P A Q = L D N with complete pivoting
// (Golub & Van Loan, Matrix Computations, 4th ed., section 3.4.8), and A = L Lᵀ (section 4.2.5).

/**
 * P A Q = L D N: L and N have ones on the diagonal and at most ones beside it, below in L and above in N; D is diagonal. Complete
 * pivoting shows the rank: D has as many elements other than 0, and they come first.
 */
export interface Factors {
  readonly n: number;
  /** L below the diagonal, N above it. */
  readonly packed: Float64Array;
  readonly d: Float64Array;
  /** Which row of A stands in each row of P A, and which column in each column of A Q. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** The determinant of P times that of Q. */
  readonly sign: number;
}

/** The factors of the n × n matrix `a`, which is overwritten. */
export function factorize(a: Float64Array, n: number): Factors {
  const d = new Float64Array(n);
  const [rows, columns] = [Int32Array.from(d, (_, i) => i), Int32Array.from(d, (_, i) => i)];
  let sign = 1;
  for (let k = 0; k < n; k++) {
    const pivot = largestFrom(a, n, k);
    const [row, column] = [Math.floor(pivot / n), pivot % n];
    if (row !== k) {
      swap(rows, k, row, 1, 1, 0);
      swap(a, k, row, n, n, 1);
      sign = -sign;
    }
    if (column !== k) {
      swap(columns, k, column, 1, 1, 0);
      swap(a, k, column, 1, n, n);
      sign = -sign;
    }
    const value = a[k * n + k]!;
    d[k] = value;
    if (value === 0) break; // and all that is left is 0
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / value;
      a[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
    for (let j = k + 1; j < n; j++) a[k * n + j]! /= value;
  }
  return { n, packed: a, d, rows, columns, sign };
}

/** Where the largest element stands among those from row and column k on; NaN counts as larger than all. */
function largestFrom(a: Float64Array, n: number, k: number): number {
  let best = k * n + k;
  for (let i = k; i < n; i++) {
    for (let at = i * n + k; at < (i + 1) * n; at++) {
      if (Number.isNaN(a[at])) return at;
      if (Math.abs(a[at]!) > Math.abs(a[best]!)) best = at;
    }
  }
  return best;
}

/** Exchanges two lines of `count` elements, `step` apart; the lines are `stride` apart. */
function swap(
  a: Float64Array | Int32Array,
  one: number,
  other: number,
  stride: number,
  count: number,
  step: number,
): void {
  for (let i = 0; i < count; i++) {
    const [p, q] = [one * stride + i * step, other * stride + i * step];
    [a[p], a[q]] = [a[q]!, a[p]!];
  }
}

/** How many elements of D are not 0. */
export function rankOf({ d, n }: Factors): number {
  const zero = d.indexOf(0);
  return zero < 0 ? n : zero;
}

/** A triangular n × n matrix by its elements, of which only one half is read. */
export interface Triangle {
  readonly data: Float64Array;
  readonly n: number;
  readonly upper: boolean;
  /** Whether the matrix that is meant is the transposed one. */
  readonly transposed: boolean;
  /** Whether the diagonal is not read, but ones. */
  readonly unit: boolean;
}

/** Solves T X = B for X [n, m] by substitution; `x` holds B, and is overwritten. */
export function substitute({ data, n, upper, transposed, unit }: Triangle, x: Float64Array, m: number): void {
  const [row, column] = transposed ? [1, n] : [n, 1];
  const descending = upper !== transposed;
  for (let step = 0; step < n; step++) {
    const i = descending ? n - 1 - step : step;
    for (let before = 0; before < step; before++) {
      const k = descending ? n - 1 - before : before;
      const factor = data[i * row + k * column]!;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) x[i * m + j]! -= factor * x[k * m + j]!;
    }
    if (unit) continue;
    const diagonal = data[i * row + i * column]!;
    for (let j = 0; j < m; j++) x[i * m + j]! /= diagonal;
  }
}

/** L or N of the factors, as it is or transposed. */
export function unitTriangle({ packed, n }: Factors, upper: boolean, transposed: boolean): Triangle {
  return { data: packed, n, upper, transposed, unit: true };
}

/** The solution [n, m] of A X = B, where A has its full rank. */
export function solveFactored(factors: Factors, b: Float64Array, m: number): Float64Array {
  const { n, d, rows, columns } = factors;
  const y = new Float64Array(n * m);
  rows.forEach((row, i) => {
    y.set(b.subarray(row * m, (row + 1) * m), i * m);
  });
  substitute(unitTriangle(factors, false, false), y, m);
  for (let i = 0; i < n * m; i++) y[i]! /= d[Math.floor(i / m)]!;
  substitute(unitTriangle(factors, true, false), y, m);
  const x = new Float64Array(n * m);
  columns.forEach((column, i) => {
    x.set(y.subarray(i * m, (i + 1) * m), column * m);
  });
  return x;
}

/** Why a matrix has no Cholesky factor: which pivot is not above 0. */
export interface BadPivot {
  readonly at: number;
  readonly value: number;
}

/** Writes into `l` the lower triangle with L Lᵀ = (A + Aᵀ) / 2. NaN goes through; a pivot that is not above 0 is given back. */
export function choleskyFactor(a: Float64Array, n: number, l: Float64Array): BadPivot | undefined {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = (a[i * n + j]! + a[j * n + i]!) / 2;
      for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
      if (i === j && rest <= 0) return { at: i, value: rest };
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j]!;
    }
  }
  return undefined;
}
