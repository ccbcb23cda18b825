// Determinants and their derivatives out of P A Q = L D N. They are those of the diagonal matrix D, carried over by L, N and the
// permutations, whose determinants are ±1: nothing is divided by the determinant, so they hold at singular matrices too.

import { type Factors, substitute, unitTriangle } from './factorizations.ts';

export function determinant({ d, sign }: Factors): number {
  return d.reduce((product, pivot) => product * pivot, sign);
}

/** The sign of the determinant: 1, 0 or -1. */
export function determinantSign({ d, sign }: Factors): number {
  return d.reduce((product, pivot) => product * Math.sign(pivot), sign);
}

/** The logarithm of the determinant's magnitude. */
export function logDeterminant({ d }: Factors): number {
  return d.reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0);
}

/** The cofactors of A, which are the derivative of its determinant: det(A) A⁻ᵀ where A has an inverse. */
export function cofactors(factors: Factors): Float64Array {
  const { n, d } = factors;
  const ofDiagonal = new Float64Array(n * n);
  for (let i = 0; i < n; i++) ofDiagonal[i * n + i] = productWithout(d, i, i);
  return fromDiagonal(factors, ofDiagonal);
}

/** The derivative of the cofactors of A in the direction E, which is the second derivative of the determinant. */
export function cofactorsAlong(factors: Factors, direction: Float64Array): Float64Array {
  const { n, d } = factors;
  const e = toDiagonal(factors, direction);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const others = productWithout(d, i, j);
      out[i * n + i]! += others * e[j * n + j]!;
      out[j * n + j]! += others * e[i * n + i]!;
      out[i * n + j] = -others * e[j * n + i]!;
      out[j * n + i] = -others * e[i * n + j]!;
    }
  }
  return fromDiagonal(factors, out);
}

/** The product of all elements but two, or one where they are the same. */
function productWithout(d: Float64Array, i: number, j: number): number {
  let product = 1;
  for (let k = 0; k < d.length; k++) if (k !== i && k !== j) product *= d[k]!;
  return product;
}

/** L⁻¹ P E Q N⁻¹: where A + E is D + this. */
function toDiagonal(factors: Factors, e: Float64Array): Float64Array {
  const { n, rows, columns } = factors;
  const x = new Float64Array(n * n);
  rows.forEach((row, i) => {
    columns.forEach((column, j) => {
      x[i * n + j] = e[row * n + column]!;
    });
  });
  substitute(unitTriangle(factors, false, false), x, n);
  // X N⁻¹ = (N⁻ᵀ Xᵀ)ᵀ
  transposeInPlace(x, n);
  substitute(unitTriangle(factors, true, true), x, n);
  transposeInPlace(x, n);
  return x;
}

/** ± Pᵀ L⁻ᵀ C N⁻ᵀ Qᵀ: the cofactors of A, or a change of them, from those of D. */
function fromDiagonal(factors: Factors, c: Float64Array): Float64Array {
  const { n, rows, columns, sign } = factors;
  substitute(unitTriangle(factors, false, true), c, n);
  transposeInPlace(c, n);
  substitute(unitTriangle(factors, true, false), c, n);
  transposeInPlace(c, n);
  const out = new Float64Array(n * n);
  rows.forEach((row, i) => {
    columns.forEach((column, j) => {
      out[row * n + column] = sign * c[i * n + j]!;
    });
  });
  return out;
}

function transposeInPlace(x: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) [x[i * n + j], x[j * n + i]] = [x[j * n + i]!, x[i * n + j]!];
  }
}
