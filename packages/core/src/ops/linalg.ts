// Products of matrices. An op is one entry.

import { copyOf } from '../arrays.ts';
import type { FloatDType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { matmulKernel } from '../kernels/matmul.ts';
import { defineOp, floatResult } from '../op.ts';
import { broadcastShapes, type Shape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { Binary } from './builders.ts';

export const matmul: Binary = defineOp({
  name: 'matmul',
  doc: 'The matrix product over the last two axes; leading axes are a batch, and broadcast.',
  tex: 'x y',
  inputs: ['x', 'y'],
  broadcasts: true,
  shape: ([x, y]) => productShape(x!, y!),
  dtype: floatResult('matmul'),
  forward: ([x, y], { dtype, shape }) =>
    matmulKernel(
      x!.dtype === dtype ? x! : copyOf(x!, dtype),
      y!.dtype === dtype ? y! : copyOf(y!, dtype),
      dtype as FloatDType,
      shape,
    ),
  saves: ['x', 'y'],
  vjp: {
    x: (g, { y }) => g.matmul(transposeLast(y)),
    y: (g, { x }) => transposeLast(x).matmul(g),
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [3, 4] }] },
    { inputs: [{ shape: [1, 1] }, { shape: [1, 2] }] },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [3, 2] }] },
    { inputs: [{ shape: [2, 1, 2, 3] }, { shape: [3, 3, 1] }] },
    { inputs: [{ shape: [2, 0] }, { shape: [0, 3] }] },
    { inputs: [{ shape: [0, 2] }, { shape: [2, 3] }] },
  ],
});

function productShape(x: Shape, y: Shape): Shape {
  if (x.length < 2 || y.length < 2) {
    throw new TapegradError(
      'matmul',
      `the shapes are ${showShape(x)} × ${showShape(y)}. Expected matrices; make a vector one by reshape([-1, 1]) or reshape([1, -1]).`,
    );
  }
  const [m, k] = x.slice(-2) as [number, number];
  const [inner, n] = y.slice(-2) as [number, number];
  if (inner !== k) {
    throw new TapegradError(
      'matmul',
      `inner sizes differ: ${showShape(x)} × ${showShape(y)}. Expected the second operand to be [${[...y.slice(0, -2), k, 'n'].join(', ')}].`,
    );
  }
  return [...broadcastShapes('matmul', [x.slice(0, -2), y.slice(0, -2)]), m, n];
}

function transposeLast(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  return x.transpose([...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
