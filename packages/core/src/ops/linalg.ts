// The product of matrices and vectors. What is made of it is in `products.ts`. An op is one entry.

import { copyOf, type NdArray, reshaped } from '../arrays.ts';
import type { DType, FloatDType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { matmulKernel } from '../kernels/matmul.ts';
import { defineOp, floatResult } from '../op.ts';
import { broadcastShapes, type Shape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { Binary } from './builders.ts';
import { cast } from './lowered.ts';

export const matmul: Binary = defineOp({
  name: 'matmul',
  doc: 'The matrix product over the last two axes; leading axes are a batch, and broadcast. A vector on the left is a row, on the right a column, and the result lacks its axis: two vectors give a scalar.',
  tex: 'x y',
  notation: { plain: 'x · y', tex: 'x\\, y' },
  inputs: ['x', 'y'],
  broadcasts: true,
  shape: ([x, y]) => productShape(x!, y!),
  dtype: floatResult('matmul'),
  forward: ([x, y], { dtype, shape }) => {
    const [left, right] = [rowsOf(x!.shape), columnsOf(y!.shape)];
    const product = matmulKernel(
      matrixOf(x!, left, dtype),
      matrixOf(y!, right, dtype),
      dtype as FloatDType,
      withVectorAxes(shape, x!.shape, y!.shape),
    );
    return reshaped(product, shape, dtype);
  },
  lower: (to, [x, y], { dtype, shape }) => {
    const [left, right] = [to.of(x!).shape, to.of(y!).shape];
    const matrices = { shape: withVectorAxes(shape, left, right), dtype };
    const rows = to.reshape(cast(to, x!, dtype), rowsOf(left));
    const columns = to.reshape(cast(to, y!, dtype), columnsOf(right));
    return to.reshape(to.product(rows, columns, matrices), shape);
  },
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) =>
      asMatrix(g, withVectorAxes(g.shape, x.shape, y.shape)).matmul(transposeLast(asMatrix(y, columnsOf(y.shape)))),
    y: (g, { x, y }) => {
      const contribution = transposeLast(asMatrix(x, rowsOf(x.shape))).matmul(
        asMatrix(g, withVectorAxes(g.shape, x.shape, y.shape)),
      );
      return y.rank === 1 ? contribution.reshape(contribution.shape.slice(0, -1)) : contribution;
    },
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [3, 4] }] },
    { inputs: [{ shape: [1, 1] }, { shape: [1, 2] }] },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [3, 2] }] },
    { inputs: [{ shape: [2, 1, 2, 3] }, { shape: [3, 3, 1] }] },
    { inputs: [{ shape: [2, 0] }, { shape: [0, 3] }] },
    { inputs: [{ shape: [0, 2] }, { shape: [2, 3] }] },
    { inputs: [{ shape: [3] }, { shape: [3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [3] }] },
    { inputs: [{ shape: [3] }, { shape: [3, 2] }] },
    { inputs: [{ shape: [3] }, { shape: [2, 3, 2] }] },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [3] }] },
    { inputs: [{ shape: [0] }, { shape: [0] }] },
  ],
});

/** The shape of x as matrices: a vector is a row. */
function rowsOf(x: Shape): Shape {
  return x.length === 1 ? [1, x[0]!] : x;
}

/** The shape of y as matrices: a vector is a column. */
function columnsOf(y: Shape): Shape {
  return y.length === 1 ? [y[0]!, 1] : y;
}

/** The product's shape with the axes that vectors have not: 1 row, 1 column. */
function withVectorAxes(product: Shape, x: Shape, y: Shape): Shape {
  const columns = y.length === 1 ? [...product, 1] : product;
  return x.length === 1 ? [...columns.slice(0, -1), 1, ...columns.slice(-1)] : columns;
}

function asMatrix(x: Tensor, shape: Shape): Tensor {
  return x.rank === shape.length ? x : x.reshape(shape);
}

function matrixOf(x: NdArray, shape: Shape, dtype: DType): NdArray {
  const typed = x.dtype === dtype ? x : copyOf(x, dtype);
  return x.shape.length === shape.length ? typed : reshaped(typed, shape, dtype);
}

function productShape(x: Shape, y: Shape): Shape {
  if (x.length < 1 || y.length < 1) {
    throw new TapegradError(
      'matmul',
      `the shapes are ${showShape(x)} × ${showShape(y)}. Expected vectors or matrices; multiply by a number with mul().`,
    );
  }
  const [m, k] = rowsOf(x).slice(-2) as [number, number];
  const [inner, n] = columnsOf(y).slice(-2) as [number, number];
  if (inner !== k) {
    const expected = y.length === 1 ? [k] : [...y.slice(0, -2), k, 'n'];
    throw new TapegradError(
      'matmul',
      `inner sizes differ: ${showShape(x)} × ${showShape(y)}. Expected the second operand to be [${expected.join(', ')}].`,
    );
  }
  const batch = broadcastShapes('matmul', [x.slice(0, -2), y.slice(0, -2)]);
  return [...batch, ...(x.length === 1 ? [] : [m]), ...(y.length === 1 ? [] : [n])];
}

/** Rows and columns exchanged. */
export function transposeLast(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  return x.transpose([...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
