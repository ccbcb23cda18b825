// Parts of tensors, cut by position. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, sliceView } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { defineOp, type Op, sameResult } from '../op.ts';
import { checkShape, normalizeAxis, type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { pieceAt } from './lowered.ts';

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
  isView: true,
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
  checkOptions('slice', options, ['axis', 'step']);
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

/** @throws TapegradError unless x has the shape of that slice of the whole. */
function checkPlace(x: Shape, shape: Shape, place: SliceAttrs): void {
  checkOptions('unslice', place ?? null, ['axis', 'start', 'step', 'length']);
  const { start, step, length } = place;
  const axis = normalizeAxis('unslice', place.axis, shape.length);
  const inside = (at: number): boolean => at >= 0 && at < shape[axis]!;
  const whole = [start, step, length].every(Number.isSafeInteger) && step !== 0 && length >= 0;
  if (!whole || (length > 0 && !(inside(start) && inside(start + step * (length - 1))))) {
    throw new TapegradError(
      'unslice',
      `${length} elements from ${start} in steps of ${step} are no slice of axis ${axis} of ${showShape(shape)}. Expected what slice cuts there.`,
    );
  }
  const expected = shape.map((lengthOf, i) => (i === axis ? length : lengthOf));
  if (!sameShape(x, expected)) {
    throw new TapegradError('unslice', `x has shape ${showShape(x)}. Expected ${showShape(expected)}.`);
  }
}

export const unslice: Op<(x: TensorLike, shape: Shape, place: SliceAttrs) => Tensor> = defineOp({
  name: 'unslice',
  doc: 'Zeros of `shape` with x where a slice was taken: the adjoint of slice.',
  tex: 'x_{a:b}^*',
  inputs: ['x'],
  attributes: ([x]: Shapes, shape: Shape, place: SliceAttrs) => {
    checkShape('unslice', shape);
    checkPlace(x!, shape, place);
    return { shape: [...shape], place: { ...place } };
  },
  shape: (_shapes, { shape }) => shape,
  dtype: sameResult,
  forward: ([x], { attrs: { place }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    const starts = shape.map((_, i) => (i === place.axis ? place.start : 0));
    const steps = shape.map((_, i) => (i === place.axis ? place.step : 1));
    nd.assign(sliceView(out, starts, steps, x!.shape), x!);
    return out;
  },
  lower: (to, [x], { attrs: { place }, dtype, shape }) => {
    const starts = shape.map((_, i) => (i === place.axis ? place.start : 0));
    const steps = shape.map((_, i) => (i === place.axis ? place.step : 1));
    return to.assemble({ shape, dtype }, 0, [pieceAt(to, x!, starts, steps)]);
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
