// Normalised exponentials along one axis. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, broadcastView, copyOf } from '../arrays.ts';
import { logSoftmaxInto } from '../kernels/cross-entropy.ts';
import { maxOver, shiftedExp, sumOver } from '../kernels/reduce.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import { normalizeAxis, type Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { logSoftmaxOf, softmaxOf } from './lowered.ts';

export type Normalization = Op<(x: TensorLike, axis?: number) => Tensor>;

interface AxisAttrs {
  readonly axis: number;
}

const alongAxis = (op: string) => ({
  inputs: ['x'] as const,
  attributes: ([x]: Shapes, axis: number = -1): AxisAttrs => ({ axis: normalizeAxis(op, axis, x!.length) }),
  shape: ([x]: Shapes) => x!,
  dtype: floatResult(op),
  samples: [
    { inputs: [{ shape: [3] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 2] }], args: [1] as [number] },
    { inputs: [{ shape: [0, 3] }] },
  ],
});

export const softmax: Normalization = defineOp({
  ...alongAxis('softmax'),
  name: 'softmax',
  doc: 'Exponentials along an axis, by default the last, divided by their sum. Does not overflow.',
  tex: '\\frac{e^{x_i}}{\\sum_j e^{x_j}}',
  forward: ([x], { attrs: { axis }, dtype }) => {
    const out = shiftedExp(x!, maxOver(x!, [axis]));
    nd.diveq(out, broadcastView(sumOver(out, [axis]), out.shape));
    return copyOf(out, dtype);
  },
  lower: (to, [x], result) => softmaxOf(to, x!, result.attrs.axis, result),
  saves: ['out'],
  // J = diag(s) − s sᵀ
  vjp: { x: (g, { out }, { attrs }) => out.mul(g.sub(out.mul(g).sum(attrs.axis, { keepDims: true }))) },
});

export const logSoftmax: Normalization = defineOp({
  ...alongAxis('logSoftmax'),
  name: 'logSoftmax',
  doc: 'The logarithm of softmax along an axis, by default the last: finite where softmax itself is 0.',
  tex: 'x_i - \\ln \\sum_j e^{x_j}',
  forward: ([x], { attrs: { axis }, dtype }) => {
    const out = allocate(dtype, x!.shape);
    logSoftmaxInto(out, x!, axis);
    return out;
  },
  lower: (to, [x], result) => logSoftmaxOf(to, x!, result.attrs.axis, result),
  saves: ['out'],
  vjp: { x: (g, { out }, { attrs }) => g.sub(out.exp().mul(g.sum(attrs.axis, { keepDims: true }))) },
});
