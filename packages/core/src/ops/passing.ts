// Values passed on: under another dtype, or as a constant. An op is one entry.

import { copyOf, type NdArray } from '../arrays.ts';
import { checkDType, type DType } from '../dtype.ts';
import { defineOp, type Op, sameResult } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { map, type Unary } from './builders.ts';
import { cast, isTrue } from './lowered.ts';

const passing = {
  inputs: ['x'],
  elementwise: true,
  shape: ([x]: Shapes) => x!,
  dtype: sameResult,
  forward: ([x]: readonly NdArray[]) => x!,
  isView: true,
  saves: [],
  samples: [{ inputs: [{ shape: [2, 3] }] }],
} as const;

export const identity: Unary = defineOp({
  ...passing,
  name: 'identity',
  doc: 'The same values, as a step of its own on the tape.',
  tex: 'x',
  notation: { plain: 'x', tex: 'x' },
  vjp: { x: (g) => g },
});

export const stopGradient: Unary = defineOp({
  ...passing,
  name: 'stopGradient',
  doc: 'The same values, as a constant: no gradient flows back through it.',
  tex: 'x',
  vjp: { x: 'not differentiable' },
});

export const asType: Op<(x: TensorLike, dtype: DType) => Tensor> = defineOp({
  name: 'asType',
  doc: 'The same values in another dtype. To int32 they are cut towards zero, and beyond 32 bits wrap around; to bool everything but 0 becomes true.',
  tex: 'x',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, dtype: DType) => {
    checkDType('asType', dtype);
    return { dtype };
  },
  shape: ([x]) => x!,
  dtype: (_dtypes, { dtype }) => dtype,
  forward: ([x], { dtype, shape }) => (dtype === 'bool' ? map(isTrue, [x!], dtype, shape) : copyOf(x!, dtype)),
  lower: (to, [x], { dtype }) => cast(to, x!, dtype),
  saves: [],
  vjp: { x: (g, _saved, { inputs: [x] }) => g.asType(x!.dtype) },
  samples: [{ inputs: [{ shape: [2, 3] }], args: ['float64'] }],
});
