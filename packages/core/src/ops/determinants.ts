// Determinants of square matrices, which are the last two axes, and their derivatives. An op is one entry.

import type { NdArray } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { cofactors, cofactorsAlong, determinant, determinantSign, logDeterminant } from '../kernels/determinants.ts';
import { type Factors, factorize } from '../kernels/factorizations.ts';
import { forEachMatrix } from '../kernels/matrices.ts';
import { finish } from '../kernels/reduce.ts';
import { defineComposite, defineOp, floatResult, type Op } from '../op.ts';
import { type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import type { Binary, Unary } from './builders.ts';
import { where } from './choice.ts';
import { checkSquare, inv } from './decompositions.ts';
import { trace } from './diagonals.ts';
import { transposeLast } from './linalg.ts';

/** A number for each matrix, out of its factors. */
function ofEach(x: NdArray, shape: Shape, value: (factors: Factors) => number): NdArray {
  const n = x.shape[x.shape.length - 1]!;
  return forEachMatrix([x], shape, shape, ([a], out) => {
    out[0] = value(factorize(a!, n));
  });
}

/** What has a number for each matrix. */
const batchOf =
  (op: string) =>
  ([x]: Shapes): Shape => {
    checkSquare(op, x!);
    return x!.slice(0, -2);
  };

const squareOf =
  (op: string) =>
  ([x]: Shapes): Shape => {
    checkSquare(op, x!);
    return x!;
  };

/** A number for each matrix, so that it broadcasts against them. */
function perMatrix(values: Tensor): Tensor {
  return values.reshape([...values.shape, 1, 1]);
}

export const det: Unary = defineOp({
  name: 'det',
  doc: 'The determinant of square matrices. Its gradient is right at singular ones too, up to order 2.',
  tex: '\\det x',
  inputs: ['x'],
  shape: batchOf('det'),
  dtype: floatResult('det'),
  forward: ([x], { dtype, shape }) => finish(ofEach(x!, shape, determinant), dtype, shape),
  saves: ['x'],
  vjp: { x: (g, { x }) => perMatrix(g).mul(cofactor(x)) },
  samples: [
    { inputs: [{ shape: [1, 1] }] },
    { inputs: [{ shape: [2, 2] }] },
    { inputs: [{ shape: [2, 3, 3] }] },
    { inputs: [{ shape: [4, 4] }] },
    { inputs: [{ shape: [0, 0] }] },
    { inputs: [{ shape: [0, 2, 2] }] },
  ],
});

export const cofactor: Unary = defineOp({
  name: 'cofactor',
  doc: 'The cofactors of square matrices, singular or not: the derivative of the determinant, and the transpose of the adjugate.',
  tex: '\\det(x)\\, x^{-\\top}',
  inputs: ['x'],
  shape: squareOf('cofactor'),
  dtype: floatResult('cofactor'),
  forward: ([x], { dtype, shape }) => {
    const n = shape[shape.length - 1]!;
    const result = forEachMatrix([x!], shape.slice(0, -2), shape, ([a], out) => {
      out.set(cofactors(factorize(a!, n)));
    });
    return finish(result, dtype, shape);
  },
  saves: ['x'],
  // second derivatives are symmetric: the map is its own adjoint
  vjp: { x: (g, { x }) => cofactorDerivative(x, g) },
  samples: [
    { inputs: [{ shape: [1, 1] }] },
    { inputs: [{ shape: [3, 3], diagonal: 3 }] },
    { inputs: [{ shape: [2, 2, 2], diagonal: 3 }] },
  ],
});

export const cofactorDerivative: Binary = defineOp({
  name: 'cofactorDerivative',
  doc: 'The derivative of the cofactors of x in the direction y: the second derivative of the determinant. By x it has a gradient only where x has an inverse.',
  tex: '\\mathrm{D} \\operatorname{cof}(x)[y]',
  inputs: ['x', 'y'],
  shape: ([x, y]) => {
    checkSquare('cofactorDerivative', x!);
    if (!sameShape(x!, y!)) {
      throw new TapegradError(
        'cofactorDerivative',
        `the shapes are ${showShape(x!)} and ${showShape(y!)}. Expected equal ones.`,
      );
    }
    return x!;
  },
  dtype: floatResult('cofactorDerivative'),
  forward: ([x, y], { dtype, shape }) => {
    const n = shape[shape.length - 1]!;
    const result = forEachMatrix([x!, y!], shape.slice(0, -2), shape, ([a, direction], out) => {
      out.set(cofactorsAlong(factorize(a!, n), direction!));
    });
    return finish(result, dtype, shape);
  },
  saves: ['x', 'y'],
  vjp: { x: (g, { x, y }) => thirdDerivative(x, y, g), y: (g, { x }) => cofactorDerivative(x, g) },
  samples: [
    { inputs: [{ shape: [2, 2], diagonal: 3 }, { shape: [2, 2] }] },
    { inputs: [{ shape: [2, 3, 3], diagonal: 4 }, { shape: [2, 3, 3] }] },
  ],
});

/**
 * The derivative of ⟨g, D cof(x)[y]⟩ by x. With a = x⁻¹y and b = x⁻¹g it is
 * det(x) (((tr a tr b − tr ab) I − a tr b − b tr a + ab + ba) x⁻¹)ᵀ.
 */
function thirdDerivative(x: Tensor, y: Tensor, g: Tensor): Tensor {
  const inverse = inv(x);
  const [a, b] = [inverse.matmul(y), inverse.matmul(g)];
  const [ab, ba] = [a.matmul(b), b.matmul(a)];
  const [traceA, traceB] = [perMatrix(trace(a)), perMatrix(trace(b))];
  const ofIdentity = traceA.mul(traceB).sub(perMatrix(trace(ab)));
  const rest = ab.add(ba).sub(a.mul(traceB)).sub(b.mul(traceA));
  const product = ofIdentity.mul(inverse).add(rest.matmul(inverse));
  return perMatrix(det(x)).mul(transposeLast(product));
}

export const detSign: Unary = defineOp({
  name: 'detSign',
  doc: 'The sign of the determinant of square matrices: -1, 0 or 1, also where the determinant itself overflows. Constant between its jumps, so no gradient flows.',
  tex: '\\operatorname{sign} \\det x',
  inputs: ['x'],
  shape: batchOf('detSign'),
  dtype: floatResult('detSign'),
  forward: ([x], { dtype, shape }) => finish(ofEach(x!, shape, determinantSign), dtype, shape),
  saves: [],
  vjp: { x: 'not differentiable' },
  samples: [{ inputs: [{ shape: [3, 3] }] }, { inputs: [{ shape: [2, 2, 2] }] }],
});

export const logAbsDet: Unary = defineOp({
  name: 'logAbsDet',
  doc: 'The logarithm of the magnitude of the determinant of square matrices, without overflow; of singular ones -∞, which has no gradient: it is refused.',
  tex: '\\ln |\\det x|',
  inputs: ['x'],
  shape: batchOf('logAbsDet'),
  dtype: floatResult('logAbsDet'),
  forward: ([x], { dtype, shape }) => finish(ofEach(x!, shape, logDeterminant), dtype, shape),
  saves: ['x'],
  vjp: { x: (g, { x }) => perMatrix(g).mul(transposeLast(inv(x))) },
  samples: [
    { inputs: [{ shape: [1, 1], low: 0.5 }] },
    { inputs: [{ shape: [3, 3], diagonal: -4 }] },
    { inputs: [{ shape: [2, 2, 2], diagonal: 3 }] },
    { inputs: [{ shape: [0, 0] }] },
  ],
});

export const slogdet: Op<(x: TensorLike) => readonly [sign: Tensor, logAbsDet: Tensor]> = defineComposite({
  name: 'slogdet',
  doc: 'The sign of the determinant of square matrices and the logarithm of its magnitude: detSign and logAbsDet.',
  tex: '\\operatorname{sign} \\det x,\\ \\ln |\\det x|',
  inputs: ['x'],
  compute: (x: TensorLike): readonly [Tensor, Tensor] => [detSign(x), logAbsDet(x)],
  samples: [{ inputs: [{ shape: [2, 2], diagonal: 3 }] }, { inputs: [{ shape: [2, 3, 3], diagonal: -4 }] }],
});

export const logdet: Unary = defineComposite({
  name: 'logdet',
  doc: 'The logarithm of the determinant of square matrices, without overflow; NaN where it is below 0. Of singular ones -∞, which has no gradient: it is refused.',
  tex: '\\ln \\det x',
  inputs: ['x'],
  compute: (x: TensorLike): Tensor => {
    const value = logAbsDet(x);
    return value.mul(where(detSign(x).less(0), Number.NaN, 1).asType(value.dtype));
  },
  samples: [{ inputs: [{ shape: [1, 1], low: 0.5 }] }, { inputs: [{ shape: [2, 3, 3], diagonal: 4 }] }],
});
