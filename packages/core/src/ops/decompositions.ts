// Linear systems: triangular and general solves, inverses, Cholesky factors; of matrices, which are the last two axes, or batches
// of them. Determinants are in `determinants.ts`. An op is one entry.

import { type NdArray, reshaped } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import {
  choleskyFactor,
  type Factors,
  factorize,
  rankOf,
  solveFactored,
  substitute,
} from '../kernels/factorizations.ts';
import { forEachMatrix, matrixName } from '../kernels/matrices.ts';
import { finish } from '../kernels/reduce.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import type { Call } from '../op-entry.ts';
import { broadcastShapes, type Shape, type Shapes, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkFlags, checkOptions } from './arguments.ts';
import type { Binary, Unary } from './builders.ts';
import { tril, triu } from './diagonals.ts';
import { transposeLast } from './linalg.ts';

/** @throws TapegradError unless the last two axes are as long as each other. */
export function checkSquare(op: string, shape: Shape): void {
  if (shape.length >= 2 && shape[shape.length - 1] === shape[shape.length - 2]) return;
  throw new TapegradError(op, `x has shape ${showShape(shape)}. Expected a square matrix, or a batch of them.`);
}

/** The factors of a matrix that has an inverse. @throws TapegradError where it has none. */
function invertible(op: string, a: Float64Array, n: number, batch: Shape, b: number): Factors {
  const factors = factorize(a, n);
  const rank = rankOf(factors);
  if (rank === n) return factors;
  throw new TapegradError(
    op,
    `${matrixName(batch, b)} is singular: its rank is ${rank} of ${n}. Expected one that has an inverse.`,
  );
}

/** The shape of the solution of x z = y: y is a vector, a matrix, or a batch of matrices. */
function solutionShape(op: string, x: Shape, y: Shape): Shape {
  checkSquare(op, x);
  const n = x[x.length - 1]!;
  const isVector = y.length === 1;
  if (y.length === 0 || (isVector ? y[0] : y[y.length - 2]) !== n) {
    throw new TapegradError(
      op,
      `the shapes are ${showShape(x)} and ${showShape(y)}. Expected the second operand to be [${n}] or [..., ${n}, k].`,
    );
  }
  const batch = broadcastShapes(op, [x.slice(0, -2), y.slice(0, -2)]);
  return [...batch, ...(isVector ? [n] : y.slice(-2))];
}

/** The solution with a vector on the right as a matrix of one column. */
function withColumns(shape: Shape, [, y]: Shapes): Shape {
  return y!.length === 1 ? [...shape, 1] : shape;
}

/** `values`, solution or gradient of such a shape, with a vector on the right as a matrix of one column. */
function asColumns(values: Tensor, { inputs: [, y] }: Call<unknown>): Tensor {
  return y!.shape.length === 1 ? values.reshape([...values.shape, 1]) : values;
}

/** Runs a solver for each matrix of the batch. */
function solved(
  [x, y]: readonly NdArray[],
  shape: Shape,
  solver: (x: Float64Array, y: Float64Array, k: number, batch: Shape, b: number) => Float64Array,
): NdArray {
  const matrices = withColumns(shape, [x!.shape, y!.shape]);
  const batch = matrices.slice(0, -2);
  const k = matrices[matrices.length - 1]!;
  const columns = y!.shape.length === 1 ? reshaped(y!, [y!.shape[0]!, 1], 'float64') : y!;
  return forEachMatrix([x!, columns], batch, matrices, ([a, right], out, b) => {
    out.set(solver(a!, right!, k, batch, b));
  });
}

export const solve: Binary = defineOp({
  name: 'solve',
  doc: 'The solution z of x z = y for square matrices x and vectors or matrices y; leading axes are a batch, and broadcast. An operand y of one axis is a vector, of more a batch of matrices.',
  tex: 'x^{-1} y',
  inputs: ['x', 'y'],
  broadcasts: true,
  shape: ([x, y]) => solutionShape('solve', x!, y!),
  dtype: floatResult('solve'),
  forward: (inputs, { dtype, shape }) => {
    const n = inputs[0]!.shape.at(-1)!;
    const solution = solved(inputs, shape, (a, right, k, batch, b) =>
      solveFactored(invertible('solve', a, n, batch, b), right, k),
    );
    return finish(solution, dtype, shape);
  },
  saves: ['x', 'out'],
  // dz = x⁻¹ (dy − dx z): Giles 2008, section 2.3.1
  vjp: {
    x: (g, { x, out }, call) => {
      const ofY = solve(transposeLast(x), asColumns(g, call));
      return ofY.matmul(transposeLast(asColumns(out, call))).neg();
    },
    y: (g, { x }, call) => solve(transposeLast(x), asColumns(g, call)).reshape(g.shape),
  },
  samples: [
    { inputs: [{ shape: [1, 1], low: 0.5 }, { shape: [1] }] },
    { inputs: [{ shape: [3, 3], diagonal: 4 }, { shape: [3] }] },
    { inputs: [{ shape: [2, 2], diagonal: 3 }, { shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 3], diagonal: 4 }, { shape: [3] }] },
    { inputs: [{ shape: [2, 1, 2, 2], diagonal: 3 }, { shape: [3, 2, 1] }] },
    { inputs: [{ shape: [0, 0] }, { shape: [0, 2] }] },
    { inputs: [{ shape: [0, 2, 2] }, { shape: [2, 1] }] },
  ],
});

/** Which triangular system is solved. */
export interface TriangularOptions {
  /** Whether the triangle above the diagonal is read. Default: false, the one below. */
  readonly upper?: boolean;
  /** Whether the system is that of the transposed triangle. Default: false. */
  readonly transposed?: boolean;
}

export const solveTriangular: Op<(x: TensorLike, y: TensorLike, options?: TriangularOptions) => Tensor> = defineOp({
  name: 'solveTriangular',
  doc: 'The solution of a triangular system: solve, by substitution alone. Only one triangle of x is read, and gets a gradient.',
  tex: 'x^{-1} y',
  inputs: ['x', 'y'],
  broadcasts: true,
  attributes: (_shapes: Shapes, options: TriangularOptions = {}) => {
    checkOptions('solveTriangular', options, ['upper', 'transposed']);
    const { upper = false, transposed = false } = options;
    checkFlags('solveTriangular', { upper, transposed });
    return { upper, transposed };
  },
  shape: ([x, y]) => solutionShape('solveTriangular', x!, y!),
  dtype: floatResult('solveTriangular'),
  forward: (inputs, { attrs, dtype, shape }) => {
    const n = inputs[0]!.shape.at(-1)!;
    const solution = solved(inputs, shape, (data, right, k, batch, b) => {
      checkDiagonal(data, n, batch, b);
      substitute({ data, n, ...attrs, unit: false }, right, k);
      return right;
    });
    return finish(solution, dtype, shape);
  },
  saves: ['x', 'out'],
  vjp: {
    x: (g, { x, out }, call) => {
      const { upper, transposed } = call.attrs;
      const ofY = solveTriangular(x, asColumns(g, call), { upper, transposed: !transposed });
      const z = asColumns(out, call);
      const ofX = transposed ? z.matmul(transposeLast(ofY)) : ofY.matmul(transposeLast(z));
      return (upper ? triu : tril)(ofX.neg());
    },
    y: (g, { x }, call) => {
      const { upper, transposed } = call.attrs;
      return solveTriangular(x, asColumns(g, call), { upper, transposed: !transposed }).reshape(g.shape);
    },
  },
  samples: [
    { inputs: [{ shape: [1, 1], low: 0.5 }, { shape: [1] }] },
    { inputs: [{ shape: [3, 3], diagonal: 4 }, { shape: [3, 2] }] },
    { inputs: [{ shape: [2, 2], diagonal: 3 }, { shape: [2] }], args: [{ upper: true }] },
    { inputs: [{ shape: [3, 3], diagonal: 4 }, { shape: [2, 3, 1] }], args: [{ transposed: true }] },
    { inputs: [{ shape: [2, 2, 2], diagonal: 3 }, { shape: [2] }], args: [{ upper: true, transposed: true }] },
  ],
});

function checkDiagonal(data: Float64Array, n: number, batch: Shape, b: number): void {
  for (let i = 0; i < n; i++) {
    if (data[i * n + i] !== 0) continue;
    throw new TapegradError(
      'solveTriangular',
      `${matrixName(batch, b)} is singular: its diagonal is 0 at ${i}. Expected one that has an inverse.`,
    );
  }
}

export const inv: Unary = defineOp({
  name: 'inv',
  doc: 'The inverse of square matrices. To multiply by it, solve is faster and more exact.',
  tex: 'x^{-1}',
  inputs: ['x'],
  shape: ([x]) => {
    checkSquare('inv', x!);
    return x!;
  },
  dtype: floatResult('inv'),
  forward: ([x], { dtype, shape }) => {
    const batch = shape.slice(0, -2);
    const n = shape[shape.length - 1]!;
    const inverse = forEachMatrix([x!], batch, shape, ([a], out, b) => {
      for (let i = 0; i < n; i++) out[i * n + i] = 1;
      out.set(solveFactored(invertible('inv', a!, n, batch, b), out, n));
    });
    return finish(inverse, dtype, shape);
  },
  saves: ['out'],
  // d(x⁻¹) = −x⁻¹ dx x⁻¹: Giles 2008, section 2.2.3
  vjp: { x: (g, { out }) => transposeLast(out).matmul(g).matmul(transposeLast(out)).neg() },
  samples: [
    { inputs: [{ shape: [1, 1], low: 0.5 }] },
    { inputs: [{ shape: [3, 3], diagonal: 4 }] },
    { inputs: [{ shape: [2, 2, 2], diagonal: 3 }] },
    { inputs: [{ shape: [0, 0] }] },
    { inputs: [{ shape: [0, 2, 2] }] },
  ],
});

export const cholesky: Unary = defineOp({
  name: 'cholesky',
  doc: 'The lower triangular matrix L with L Lᵀ = x, for symmetric positive definite x. What is not symmetric in x is left out: it is (x + xᵀ)/2 that is factored, and the gradient is symmetric.',
  tex: 'L:\\ L L^\\top = x',
  inputs: ['x'],
  shape: ([x]) => {
    checkSquare('cholesky', x!);
    return x!;
  },
  dtype: floatResult('cholesky'),
  forward: ([x], { dtype, shape }) => {
    const batch = shape.slice(0, -2);
    const n = shape[shape.length - 1]!;
    const factor = forEachMatrix([x!], batch, shape, ([a], out, b) => {
      const bad = choleskyFactor(a!, n, out);
      if (bad === undefined) return;
      throw new TapegradError(
        'cholesky',
        `${matrixName(batch, b)} is not positive definite: pivot ${bad.at} is ${bad.value}. ` +
          'Expected a symmetric positive definite one; adding a small multiple of the identity may make it that.',
      );
    });
    return finish(factor, dtype, shape);
  },
  saves: ['out'],
  // x̄ = ½ (S + Sᵀ), S = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, where Φ takes the lower triangle and halves its diagonal: Murray 2016, eq. 10
  vjp: {
    x: (g, { out }) => {
      const product = transposeLast(out).matmul(g);
      const phi = tril(product).sub(triu(tril(product)).mul(0.5));
      const left = solveTriangular(out, phi, { transposed: true });
      const s = solveTriangular(out, transposeLast(left), { transposed: true });
      return s.add(transposeLast(s)).mul(0.5);
    },
  },
  samples: [
    { inputs: [{ shape: [1, 1], low: 0.5 }] },
    { inputs: [{ shape: [3, 3], low: -1, high: 1, diagonal: 4 }] },
    { inputs: [{ shape: [2, 2, 2], low: -1, high: 1, diagonal: 3 }] },
    { inputs: [{ shape: [0, 0] }] },
    { inputs: [{ shape: [0, 2, 2] }] },
  ],
});
