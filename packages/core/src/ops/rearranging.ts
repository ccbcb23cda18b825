// Elements in another order along their axes: from back to front, or shifted around. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, type NdArray, reshaped, sliceView } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import type { Lowering } from '../lowering.ts';
import { defineOp, type Op, sameResult } from '../op.ts';
import { type Axes, normalizeAxes, normalizeAxis, type Shape, type Shapes, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { describe } from './arguments.ts';

export const flip: Op<(x: TensorLike, axes?: Axes) => Tensor> = defineOp({
  name: 'flip',
  doc: 'From back to front along the axes, by default all. A view.',
  tex: 'x_{n-1-i}',
  inputs: ['x'],
  attributes: ([x]: Shapes, axes?: Axes) => ({ axes: normalizeAxes('flip', axes, x!.length) }),
  shape: ([x]) => x!,
  dtype: sameResult,
  forward: ([x], { attrs: { axes }, shape }) =>
    sliceView(
      x!,
      shape.map((length, axis) => (axes.includes(axis) ? length - 1 : 0)),
      shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
      shape,
    ),
  isView: true,
  saves: [],
  vjp: { x: (g, _saved, { attrs: { axes } }) => flip(g, axes) },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3] }], args: [-1] },
    { inputs: [{ shape: [2, 1, 3] }], args: [[0, 2]] },
    { inputs: [{ shape: [0, 3] }], args: [0] },
  ],
});

export const roll: Op<(x: TensorLike, shift: Axes, axes?: Axes) => Tensor> = defineOp({
  name: 'roll',
  doc: 'Moved on by `shift` places along an axis, what falls off the end coming in at the front; several shifts for several axes. Without axes, among all elements in row-major order.',
  tex: 'x_{(i - s) \\bmod n}',
  inputs: ['x'],
  attributes: ([x]: Shapes, shift: Axes, axes?: Axes) => rollAttrs(x!, shift, axes),
  shape: ([x]) => x!,
  dtype: sameResult,
  forward: ([x], { attrs: { shifts, axes }, dtype, shape }) => {
    if (axes === undefined)
      return reshaped(rolled(reshaped(x!, [sizeOf(shape)], dtype), shifts[0]!, 0, dtype), shape, dtype);
    return axes.reduce((out, axis, i) => rolled(out, shifts[i]!, axis, dtype), x!);
  },
  lower: (to, [x], { attrs: { shifts, axes }, shape }) => {
    if (axes === undefined) return to.reshape(rolledOf(to, to.reshape(x!, [sizeOf(shape)]), shifts, [0]), shape);
    return rolledOf(to, x!, shifts, axes);
  },
  saves: [],
  vjp: {
    x: (g, _saved, { attrs: { shifts, axes } }) => {
      const back = shifts.map((shift) => -shift);
      return axes === undefined ? roll(g, back[0]!) : roll(g, back, axes);
    },
  },
  samples: [
    { inputs: [{ shape: [] }], args: [3] },
    { inputs: [{ shape: [2, 3] }], args: [2] },
    { inputs: [{ shape: [2, 3] }], args: [-1, -1] },
    {
      inputs: [{ shape: [3, 1, 4] }],
      args: [
        [7, -2, 1],
        [0, 2, 0],
      ],
    },
    { inputs: [{ shape: [0, 3] }], args: [1, 0] },
  ],
});

function rollAttrs(
  shape: Shape,
  shift: Axes,
  axes?: Axes,
): { readonly shifts: readonly number[]; readonly axes: readonly number[] | undefined } {
  const shifts = typeof shift === 'number' ? [shift] : shift;
  if (!Array.isArray(shifts) || !shifts.every(Number.isSafeInteger)) {
    throw new TapegradError('roll', `shift is ${describe(shift)}. Expected a whole number, or one for each axis.`);
  }
  const list = typeof axes === 'number' ? [axes] : axes;
  if (list !== undefined && !Array.isArray(list)) {
    throw new TapegradError(
      'roll',
      `axes is ${describe(axes)}. Expected an axis, a list of axes, or undefined for none.`,
    );
  }
  const expected = list?.length ?? 1;
  if (shifts.length !== expected) {
    const places = list === undefined ? 'no axes' : `${expected} axes`;
    throw new TapegradError('roll', `${shifts.length} shifts are given for ${places}. Expected ${expected}.`);
  }
  return { shifts, axes: list?.map((axis) => normalizeAxis('roll', axis, shape.length)) };
}

/** How many places elements move on along an axis of this length, none more than once around. */
function aheadBy(shift: number, length: number): number {
  return ((shift % length) + length) % length;
}

/** The elements of an axis from `start` on, `count` of them. */
function partOf(x: NdArray, axis: number, start: number, count: number): NdArray {
  return sliceView(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map(() => 1),
    x.shape.map((whole, i) => (i === axis ? count : whole)),
  );
}

function rolled(x: NdArray, shift: number, axis: number, dtype: DType): NdArray {
  const length = x.shape[axis]!;
  const out = allocate(dtype, x.shape);
  if (length === 0) return out;
  const ahead = aheadBy(shift, length);
  const rest = length - ahead;
  nd.assign(partOf(out, axis, ahead, rest), partOf(x, axis, 0, rest));
  if (ahead > 0) nd.assign(partOf(out, axis, 0, ahead), partOf(x, axis, rest, ahead));
  return out;
}

/** The same for a compiler, along several axes one after the other. */
function rolledOf<V>(to: Lowering<V>, x: V, shifts: readonly number[], axes: readonly number[]): V {
  return axes.reduce((out, axis, i) => rolledAlong(to, out, shifts[i]!, axis), x);
}

function rolledAlong<V>(to: Lowering<V>, x: V, shift: number, axis: number): V {
  const length = to.of(x).shape[axis]!;
  const ahead = length === 0 ? 0 : aheadBy(shift, length);
  if (ahead === 0) return x;
  const rest = length - ahead;
  const part = (start: number, count: number): V => to.view(x, (all) => partOf(all, axis, start, count));
  return to.assemble(to.of(x), 0, [
    { value: part(0, rest), into: (whole) => partOf(whole, axis, ahead, rest) },
    { value: part(rest, ahead), into: (whole) => partOf(whole, axis, 0, ahead) },
  ]);
}
