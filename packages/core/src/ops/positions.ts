// Where the largest and the smallest elements are. An op is one entry.

import { type NdArray, wrap } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { argmaxOver, argminOver } from '../kernels/reduce.ts';
import { defineOp, type Op } from '../op.ts';
import { normalizeAxis, reducedShape, type Shapes, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';

/** A position along an axis, or without one among all elements in row-major order. */
export type Position = Op<(x: TensorLike, axis?: number) => Tensor>;

function position(
  name: string,
  what: string,
  tex: string,
  which: 'max' | 'min',
  kernel: (x: NdArray, axis: number | undefined) => Int32Array,
): Position {
  return defineOp({
    name,
    doc: `The position of the ${what} element along an axis, or among all in row-major order; the first of several. NaN counts as the ${what}. No gradient flows.`,
    tex,
    inputs: ['x'],
    attributes: ([x]: Shapes, axis?: number) => ({
      axis: axis === undefined ? undefined : normalizeAxis(name, axis, x!.length),
    }),
    shape: ([x], { axis }) => {
      if ((axis === undefined ? sizeOf(x!) : x![axis]) === 0) {
        throw new TapegradError(
          name,
          `${showShape(x!)} has no elements${axis === undefined ? '' : ` along axis ${axis}`}. Expected at least one.`,
        );
      }
      return axis === undefined ? [] : reducedShape(x!, [axis], false);
    },
    dtype: () => 'int32',
    forward: ([x], { attrs: { axis }, shape }) => wrap(kernel(x!, axis), shape),
    lower: (to, [x], { attrs: { axis }, shape }) => {
      const along = axis === undefined ? to.reshape(x!, [sizeOf(to.of(x!).shape)]) : x!;
      return to.reshape(to.position(which, along, axis ?? 0), shape);
    },
    saves: [],
    vjp: { x: 'not differentiable' },
    samples: [{ inputs: [{ shape: [2, 3] }] }, { inputs: [{ shape: [2, 3] }], args: [0] }],
  });
}

export const argmax: Position = position('argmax', 'largest', '\\operatorname{arg\\,max}_i x_i', 'max', argmaxOver);
export const argmin: Position = position('argmin', 'smallest', '\\operatorname{arg\\,min}_i x_i', 'min', argminOver);
