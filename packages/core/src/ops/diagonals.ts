// Diagonals and triangles of matrices, which are the last two axes; the others are a batch. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, diagonalView, type NdArray } from '../arrays.ts';
import { fromData, zeros } from '../create.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, defineOp, type Op, sameResult } from '../op.ts';
import { checkShape, type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions, describe } from './arguments.ts';
import { where } from './choice.ts';
import { sum } from './reductions.ts';

/** Which diagonal is meant. */
export interface DiagonalOptions {
  /** How far right of the main diagonal; negative: left of it. Default: 0. */
  readonly diagonal?: number;
}

interface Place {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

/** Where a diagonal of a matrix starts, and how long it is: 0 where it lies outside. */
function placeOf([rows, columns]: readonly [number, number], diagonal: number): Place {
  const [row, column] = [Math.max(-diagonal, 0), Math.max(diagonal, 0)];
  return { row, column, length: Math.max(0, Math.min(rows - row, columns - column)) };
}

function diagonalOf(op: string, options: DiagonalOptions = {}): number {
  checkOptions(op, options, ['diagonal']);
  const { diagonal = 0 } = options;
  if (Number.isSafeInteger(diagonal)) return diagonal;
  throw new TapegradError(op, `diagonal is ${describe(diagonal)}. Expected a whole number.`);
}

function matrixSizes(op: string, shape: Shape): readonly [number, number] {
  if (shape.length >= 2) return shape.slice(-2) as unknown as readonly [number, number];
  throw new TapegradError(op, `x has shape ${showShape(shape)}. Expected a matrix, or a batch of them.`);
}

export const diagonal: Op<(x: TensorLike, options?: DiagonalOptions) => Tensor> = defineOp({
  name: 'diagonal',
  doc: 'A diagonal of matrices, in the place of their two axes. A view.',
  tex: 'x_{i,\\, i+k}',
  inputs: ['x'],
  attributes: ([x]: Shapes, options?: DiagonalOptions) => {
    const k = diagonalOf('diagonal', options);
    return { k, place: placeOf(matrixSizes('diagonal', x!), k) };
  },
  shape: ([x], { place }) => [...x!.slice(0, -2), place.length],
  dtype: sameResult,
  forward: ([x], { attrs: { place } }) => diagonalView(x!, place.row, place.column, place.length),
  isView: true,
  saves: [],
  vjp: { x: (g, _saved, { attrs: { k }, inputs: [x] }) => undiagonal(g, x!.shape, { diagonal: k }) },
  samples: [
    { inputs: [{ shape: [3, 3] }] },
    { inputs: [{ shape: [2, 2, 4] }], args: [{ diagonal: 1 }] },
    { inputs: [{ shape: [3, 2] }], args: [{ diagonal: -1 }] },
    { inputs: [{ shape: [2, 2] }], args: [{ diagonal: 5 }] },
    { inputs: [{ shape: [0, 2] }] },
  ],
});

export const undiagonal: Op<(x: TensorLike, shape: Shape, options?: DiagonalOptions) => Tensor> = defineOp({
  name: 'undiagonal',
  doc: 'Zeros of `shape` with x on a diagonal of the last two axes: the adjoint of diagonal.',
  tex: 'x_i\\, [j = i + k]',
  inputs: ['x'],
  attributes: ([x]: Shapes, shape: Shape, options?: DiagonalOptions) => {
    checkShape('undiagonal', shape);
    const k = diagonalOf('undiagonal', options);
    const place = placeOf(matrixSizes('undiagonal', shape), k);
    const expected = [...shape.slice(0, -2), place.length];
    if (!sameShape(x!, expected)) {
      throw new TapegradError(
        'undiagonal',
        `x has shape ${showShape(x!)}. Expected ${showShape(expected)}, as diagonal ${k} of ${showShape(shape)} has.`,
      );
    }
    return { shape: [...shape], k, place };
  },
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { attrs: { place }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    nd.assign(diagonalView(out, place.row, place.column, place.length), x!);
    return out;
  },
  lower: (to, [x], { attrs: { place }, dtype, shape }) => {
    const into = (whole: NdArray): NdArray => diagonalView(whole, place.row, place.column, place.length);
    return to.assemble({ shape, dtype }, 0, [{ value: x!, into }]);
  },
  saves: [],
  vjp: { x: (g, _saved, { attrs: { k } }) => diagonal(g, { diagonal: k }) },
  samples: [
    { inputs: [{ shape: [2] }], args: [[2, 3]] },
    { inputs: [{ shape: [2, 1] }], args: [[2, 3, 2], { diagonal: -2 }] },
    { inputs: [{ shape: [0] }], args: [[2, 2], { diagonal: 2 }] },
  ],
});

export const diag: Op<(x: TensorLike, options?: DiagonalOptions) => Tensor> = defineComposite({
  name: 'diag',
  doc: 'Of a vector the square matrix with it on a diagonal, zeros elsewhere; of a matrix that diagonal.',
  tex: '\\operatorname{diag} x',
  inputs: ['x'],
  compute: (x: TensorLike, options?: DiagonalOptions): Tensor => {
    const { shape, rank } = asTensor('diag', 'x', x);
    if (rank === 2) return diagonal(x, options);
    if (rank !== 1) {
      throw new TapegradError(
        'diag',
        `x has shape ${showShape(shape)}. Expected a vector or a matrix; diagonal takes batches.`,
      );
    }
    const size = shape[0]! + Math.abs(diagonalOf('diag', options));
    return undiagonal(x, [size, size], options);
  },
  samples: [
    { inputs: [{ shape: [3] }] },
    { inputs: [{ shape: [2] }], args: [{ diagonal: -1 }] },
    { inputs: [{ shape: [0] }], args: [{ diagonal: 1 }] },
    { inputs: [{ shape: [2, 3] }], args: [{ diagonal: 1 }] },
  ],
});

export const trace: Op<(x: TensorLike, options?: DiagonalOptions) => Tensor> = defineComposite({
  name: 'trace',
  doc: 'The sum of a diagonal of each matrix.',
  tex: '\\operatorname{tr} x',
  inputs: ['x'],
  compute: (x: TensorLike, options?: DiagonalOptions): Tensor => {
    matrixSizes('trace', asTensor('trace', 'x', x).shape);
    return sum(diagonal(x, options), -1);
  },
  samples: [
    { inputs: [{ shape: [3, 3] }] },
    { inputs: [{ shape: [2, 3, 2] }], args: [{ diagonal: -1 }] },
    { inputs: [{ shape: [0, 0] }] },
  ],
});

const triangleSamples = [
  { inputs: [{ shape: [3, 3] }] },
  { inputs: [{ shape: [2, 2, 3] }], args: [{ diagonal: 1 }] },
  { inputs: [{ shape: [3, 2] }], args: [{ diagonal: -1 }] },
  { inputs: [{ shape: [0, 2] }] },
] as const;

/** x where `keeps` says so of its distance right of the chosen diagonal; 0 elsewhere, whatever stood there. */
function triangle(
  op: string,
  x: TensorLike,
  options: DiagonalOptions | undefined,
  keeps: (right: number) => boolean,
): Tensor {
  const { shape, dtype } = asTensor(op, 'x', x);
  const [rows, columns] = matrixSizes(op, shape);
  const k = diagonalOf(op, options);
  const mask = Uint8Array.from({ length: rows * columns }, (_, at) =>
    keeps((at % columns) - Math.floor(at / columns) - k) ? 1 : 0,
  );
  return where(fromData(mask, [rows, columns], 'bool'), x, zeros([], dtype));
}

export const triu: Op<(x: TensorLike, options?: DiagonalOptions) => Tensor> = defineComposite({
  name: 'triu',
  doc: 'The upper triangle of matrices: from a diagonal on to the right, zeros left of it.',
  tex: 'x_{ij}\\, [j \\ge i + k]',
  inputs: ['x'],
  compute: (x: TensorLike, options?: DiagonalOptions): Tensor => triangle('triu', x, options, (right) => right >= 0),
  samples: triangleSamples,
});

export const tril: Op<(x: TensorLike, options?: DiagonalOptions) => Tensor> = defineComposite({
  name: 'tril',
  doc: 'The lower triangle of matrices: up to a diagonal, zeros right of it.',
  tex: 'x_{ij}\\, [j \\le i + k]',
  inputs: ['x'],
  compute: (x: TensorLike, options?: DiagonalOptions): Tensor => triangle('tril', x, options, (right) => right <= 0),
  samples: triangleSamples,
});
