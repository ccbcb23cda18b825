// Ops that move elements without changing them. An op is one entry; where they can they give a view, not a copy.

import nd from 'ndarray-ops';
import { allocate, broadcastView, reshaped, sliceView, transposeView } from '../arrays.ts';
import { promote } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { defineOp, type Op, sameResult } from '../op.ts';
import {
  broadcastsTo,
  checkList,
  checkShape,
  normalizeAxis,
  type Shape,
  type Shapes,
  showShape,
  sizeOf,
} from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';

export const reshape: Op<(x: TensorLike, shape: Shape) => Tensor> = defineOp({
  name: 'reshape',
  doc: 'The same elements, in row-major order, under another shape. One length may be -1: it is worked out from the others.',
  tex: 'x',
  inputs: ['x'],
  attributes: ([x]: Shapes, shape: Shape) => ({ shape: resolveShape(x!, shape) }),
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { dtype, shape }) => reshaped(x!, shape, dtype),
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
  inputs: ['x'],
  attributes: ([x]: Shapes, axes?: readonly number[]) => ({ axes: permutationOf(x!.length, axes) }),
  shape: ([x], { axes }) => axes.map((axis) => x![axis]!),
  dtype: sameResult,
  forward: ([x], { attrs }) => transposeView(x!, attrs.axes),
  saves: [],
  vjp: { x: (g, _saved, { attrs: { axes } }) => g.transpose(axes.map((_, axis) => axes.indexOf(axis))) },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 4] }], args: [[1, 2, 0]] },
    { inputs: [{ shape: [2, 3, 4] }], args: [[0, -1, -2]] },
  ],
});

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
  saves: [],
  vjp: { x: (g) => g },
  samples: [
    { inputs: [{ shape: [] }], args: [[2, 3]] },
    { inputs: [{ shape: [3, 1] }], args: [[2, 3, 4]] },
    { inputs: [{ shape: [1, 3] }], args: [[0, 3]] },
  ],
});

/** Where {@link slice} cuts. */
export interface SliceOptions {
  /** The axis to cut along. Default: 0. */
  readonly axis?: number;
  /** Every `step`-th element; negative: backwards. Default: 1. */
  readonly step?: number;
}

interface SliceAttrs {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

export const slice: Op<(x: TensorLike, start?: number, stop?: number, options?: SliceOptions) => Tensor> = defineOp({
  name: 'slice',
  doc: "The elements from `start` up to, not including, `stop` along an axis, by Python's rule: negative positions count from the end, positions past it are cut off. A view.",
  tex: 'x_{a:b}',
  inputs: ['x'],
  attributes: ([x]: Shapes, start?: number, stop?: number, options?: SliceOptions) =>
    sliceAttrs(x!, start, stop, options),
  shape: ([x], { axis, length }) => x!.map((whole, i) => (i === axis ? length : whole)),
  dtype: sameResult,
  forward: ([x], { attrs: { axis, start, step }, shape }) =>
    sliceView(
      x!,
      shape.map((_, i) => (i === axis ? start : 0)),
      shape.map((_, i) => (i === axis ? step : 1)),
      shape,
    ),
  saves: [],
  vjp: { x: (g, _saved, { attrs, inputs: [x] }) => unslice(g, x!.shape, attrs) },
  samples: [
    { inputs: [{ shape: [4, 3] }], args: [1, 3] },
    { inputs: [{ shape: [4, 3] }], args: [-1, undefined, { axis: 1 }] },
    { inputs: [{ shape: [5] }], args: [undefined, undefined, { step: -2 }] },
    { inputs: [{ shape: [5] }], args: [2, 2] },
  ],
});

/** Python's rule for `start:stop:step` on an axis. */
function sliceAttrs(shape: Shape, start?: number, stop?: number, options: SliceOptions = {}): SliceAttrs {
  const axis = normalizeAxis('slice', options.axis ?? 0, shape.length);
  const step = options.step ?? 1;
  if (!Number.isInteger(step) || step === 0) {
    throw new TapegradError('slice', `step is ${step}. Expected a whole number other than 0.`);
  }
  const whole = shape[axis]!;
  const [lowest, highest] = step > 0 ? [0, whole] : [-1, whole - 1];
  const resolve = (name: string, position: number | undefined, otherwise: number): number => {
    if (position === undefined) return otherwise;
    if (!Number.isInteger(position))
      throw new TapegradError('slice', `${name} is ${position}. Expected a whole number.`);
    return Math.min(Math.max(position < 0 ? position + whole : position, lowest), highest);
  };
  const first = resolve('start', start, step > 0 ? lowest : highest);
  const end = resolve('stop', stop, step > 0 ? highest : lowest);
  return { axis, start: first, step, length: Math.max(0, Math.ceil((end - first) / step)) };
}

export const unslice: Op<(x: TensorLike, shape: Shape, place: SliceAttrs) => Tensor> = defineOp({
  name: 'unslice',
  doc: 'Zeros of `shape` with x where a slice was taken: the adjoint of slice.',
  tex: 'x_{a:b}^*',
  inputs: ['x'],
  attributes: (_shapes: Shapes, shape: Shape, place: SliceAttrs) => ({ shape: [...shape], place: { ...place } }),
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { attrs: { place }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    const starts = shape.map((_, i) => (i === place.axis ? place.start : 0));
    const steps = shape.map((_, i) => (i === place.axis ? place.step : 1));
    nd.assign(sliceView(out, starts, steps, x!.shape), x!);
    return out;
  },
  saves: [],
  vjp: {
    x: (g, _saved, { attrs: { place } }) => {
      const { axis, start, step, length } = place;
      if (length === 0) return g.slice(0, 0, { axis });
      const end = start + step * length;
      return g.slice(start, end < 0 ? undefined : end, { axis, step });
    },
  },
  samples: [
    { inputs: [{ shape: [2, 3] }], args: [[4, 3], { axis: 0, start: 1, step: 1, length: 2 }] },
    { inputs: [{ shape: [3] }], args: [[5], { axis: 0, start: 4, step: -2, length: 3 }] },
  ],
});

export const concat: Op<(xs: readonly TensorLike[], axis?: number) => Tensor> = defineOp({
  name: 'concat',
  doc: 'The tensors side by side along an axis, by default the first. Their other lengths must agree.',
  tex: '[x_1; x_2; \\dots]',
  inputs: ['xs'],
  variadic: true,
  attributes: (shapes: Shapes, axis: number = 0) => ({ axis: normalizeAxis('concat', axis, shapes[0]!.length) }),
  shape: (shapes, { axis }) => concatShape(shapes, axis),
  dtype: (dtypes) => promote('concat', dtypes),
  forward: (xs, { attrs: { axis }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    const starts = shape.map(() => 0);
    const steps = shape.map(() => 1);
    for (const x of xs) {
      nd.assign(sliceView(out, starts, steps, x.shape), x);
      starts[axis]! += x.shape[axis]!;
    }
    return out;
  },
  saves: [],
  vjp: {
    xs: (g, _saved, { attrs: { axis }, inputs, position }) => {
      const start = inputs.slice(0, position).reduce((total, x) => total + x.shape[axis]!, 0);
      return g.slice(start, start + inputs[position]!.shape[axis]!, { axis });
    },
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [1, 3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [2, 0] }, { shape: [2, 1] }], args: [-1] },
    { inputs: [{ shape: [2] }] },
  ],
});

function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const first = shapes[0]!;
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((length, i) => i !== axis && length !== first[i])) {
      throw new TapegradError(
        'concat',
        `shapes ${shapes.map(showShape).join(', ')} differ beside axis ${axis}. Expected equal lengths there.`,
      );
    }
  }
  const total = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  return first.map((length, i) => (i === axis ? total : length));
}
