// The shape of a tensor: its lengths, the order of its axes, repetition by strides. An op is one entry.

import { broadcastView, reshaped, reshapedView, transposeView } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { defineOp, type Op, sameResult } from '../op.ts';
import type { Notation } from '../op-entry.ts';
import {
  broadcastsTo,
  checkList,
  checkShape,
  normalizeAxis,
  type Shape,
  type Shapes,
  sameShape,
  showShape,
  sizeOf,
} from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';

export const reshape: Op<(x: TensorLike, shape: Shape) => Tensor> = defineOp({
  name: 'reshape',
  doc: 'The same elements, in row-major order, under another shape. One length may be -1: it is worked out from the others. A view where the layout allows one.',
  tex: 'x',
  notation: ({ attrs, inputs: [x] }) => reshapedNotation('reshape', x!.shape, attrs.shape),
  inputs: ['x'],
  attributes: ([x]: Shapes, shape: Shape) => ({ shape: resolveShape(x!, shape) }),
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { dtype, shape }) => reshapedView(x!, shape) ?? reshaped(x!, shape, dtype),
  lower: (to, [x], { shape }) => to.reshape(x!, shape),
  saves: [],
  vjp: { x: (g, _saved, { inputs: [x] }) => g.reshape(x!.shape) },
  samples: [
    { inputs: [{ shape: [2, 3] }], args: [[3, 2]] },
    { inputs: [{ shape: [2, 3] }], args: [[-1]] },
    { inputs: [{ shape: [1] }], args: [[]] },
    { inputs: [{ shape: [0, 3] }], args: [[3, 0]] },
  ],
});

function resolveShape(from: Shape, to: Shape): Shape {
  checkList('reshape', 'the shape', to);
  const open = to.indexOf(-1);
  if (open !== to.lastIndexOf(-1)) {
    throw new TapegradError('reshape', `the shape ${showShape(to)} has more than one -1. Expected one at most.`);
  }
  const known = to.filter((_, axis) => axis !== open);
  checkShape('reshape', known);
  const size = sizeOf(from);
  const missing = size / sizeOf(known);
  if (open === -1 ? missing !== 1 && !(size === 0 && sizeOf(known) === 0) : !Number.isInteger(missing)) {
    throw new TapegradError('reshape', `${showShape(from)} has ${size} elements, which do not fit ${showShape(to)}.`);
  }
  return to.map((length) => (length === -1 ? missing : length));
}

export const transpose: Op<(x: TensorLike, axes?: readonly number[]) => Tensor> = defineOp({
  name: 'transpose',
  doc: 'The axes in another order: reversed, or as `axes` lists them.',
  tex: 'x^\\top',
  notation: ({ attrs: { axes } }) => (exchangesLast(axes) ? { plain: 'xᵀ', tex: 'x^\\top' } : {}),
  inputs: ['x'],
  attributes: ([x]: Shapes, axes?: readonly number[]) => ({ axes: permutationOf(x!.length, axes) }),
  shape: ([x], { axes }) => axes.map((axis) => x![axis]!),
  dtype: sameResult,
  forward: ([x], { attrs }) => transposeView(x!, attrs.axes),
  isView: true,
  saves: [],
  vjp: { x: (g, _saved, { attrs: { axes } }) => g.transpose(axes.map((_, axis) => axes.indexOf(axis))) },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 4] }], args: [[1, 2, 0]] },
    { inputs: [{ shape: [2, 3, 4] }], args: [[0, -1, -2]] },
  ],
});

/** Whether only the last two of the axes change places. */
function exchangesLast(axes: readonly number[]): boolean {
  const n = axes.length;
  return n >= 2 && axes.every((axis, i) => axis === (i === n - 1 ? n - 2 : i === n - 2 ? n - 1 : i));
}

/** A change of shape as formulas show it: nothing where the shape stays, or a number stays one; otherwise a call with the new shape. */
function reshapedNotation(name: string, from: Shape, to: Shape): Notation {
  // Leading axes of length 1 come and go without a word: broadcasting does not see them.
  if (sameShape(withoutLeadingOnes(from), withoutLeadingOnes(to)) || sizeOf(to) === 1) return { plain: 'x', tex: 'x' };
  return { plain: `${name}(x, ${showShape(to)})`, tex: `\\operatorname{${name}}(x, ${showShape(to)})` };
}

function withoutLeadingOnes(shape: Shape): Shape {
  const first = shape.findIndex((length) => length !== 1);
  return first < 0 ? [] : shape.slice(first);
}

function permutationOf(rank: number, axes?: readonly number[]): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => rank - 1 - i);
  checkList('transpose', 'the order of axes', axes);
  const permutation = axes.map((axis) => normalizeAxis('transpose', axis, rank));
  if (axes.length !== rank || new Set(permutation).size !== rank) {
    throw new TapegradError('transpose', `axes ${showShape(axes)} do not order ${rank} axes. Expected each axis once.`);
  }
  return permutation;
}

export const broadcastTo: Op<(x: TensorLike, shape: Shape) => Tensor> = defineOp({
  name: 'broadcastTo',
  doc: "Repeated along axes of length 1, and along new leading ones, by NumPy's rule. A view.",
  tex: 'x',
  notation: ({ attrs, inputs: [x] }) => reshapedNotation('broadcastTo', x!.shape, attrs.shape),
  inputs: ['x'],
  broadcasts: true,
  attributes: ([x]: Shapes, shape: Shape) => {
    checkShape('broadcastTo', shape);
    if (!broadcastsTo(x!, shape)) {
      throw new TapegradError(
        'broadcastTo',
        `${showShape(x!)} does not broadcast to ${showShape(shape)}. Expected lengths that are equal, or 1.`,
      );
    }
    return { shape: [...shape] };
  },
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { shape }) => broadcastView(x!, shape),
  isView: true,
  saves: [],
  vjp: { x: (g) => g },
  samples: [
    { inputs: [{ shape: [] }], args: [[2, 3]] },
    { inputs: [{ shape: [3, 1] }], args: [[2, 3, 4]] },
    { inputs: [{ shape: [1, 3] }], args: [[0, 3]] },
  ],
});
