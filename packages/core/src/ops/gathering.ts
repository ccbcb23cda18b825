// Elements by their positions, and the adjoints, which add at positions. An op is one entry.

import { allocate, broadcastView, copyOf, reshaped } from '../arrays.ts';
import { zeros } from '../create.ts';
import { checkDType, type DType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { addElements, addRows, positionsOf, takeElements, takeRows } from '../kernels/gather.ts';
import { checkedLabel, checkedLabels } from '../kernels/labels.ts';
import type { Lowering } from '../lowering.ts';
import { arithmeticResult, asTensor, defineComposite, defineOp, type Op, sameResult } from '../op.ts';
import type { SampleInput } from '../op-entry.ts';
import { broadcastShapes, broadcastsTo, normalizeAxis, type Shape, type Shapes, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { asIndices, type Indices, withIndices } from './indices.ts';
import { cast, counted } from './lowered.ts';
import { slice } from './slicing.ts';

/** Zeros that take no memory: what an adjoint adds to. */
function nothing(shape: Shape, dtype: DType): Tensor {
  return zeros([], dtype).broadcastTo(shape);
}

/** The shape with the length of one axis replaced by these lengths. */
function withAxis(shape: Shape, axis: number, lengths: readonly number[]): Shape {
  return [...shape.slice(0, axis), ...lengths, ...shape.slice(axis + 1)];
}

export const take: Op<(x: TensorLike, indices: Indices, axis?: number) => Tensor> = withIndices(
  1,
  defineOp({
    name: 'take',
    doc: 'What x holds at the positions `indices` along an axis; without an axis, among all elements in row-major order. Indices of any shape stand in the place of the axis; negative ones count from the end. The gradients of a position that is taken twice add up.',
    tex: 'x_{\\dots, i, \\dots}',
    inputs: ['x', 'indices'],
    attributes: ([x]: Shapes, axis?: number) => ({
      axis: axis === undefined ? undefined : normalizeAxis('take', axis, x!.length),
    }),
    shape: ([x, indices], { axis }) => (axis === undefined ? indices! : withAxis(x!, axis, indices!)),
    typedBy: ['x'],
    dtype: sameResult,
    forward: ([x, indices], { attrs, dtype, shape }) => {
      const source = attrs.axis === undefined ? reshaped(x!, [sizeOf(x!.shape)], dtype) : x!;
      const axis = attrs.axis ?? 0;
      return takeRows(source, positionsOf('take', indices!, axis, source.shape[axis]!), axis, dtype, shape);
    },
    lower: (to, [x, indices], { attrs, shape }) => {
      const source = attrs.axis === undefined ? to.reshape(x!, [sizeOf(to.of(x!).shape)]) : x!;
      const axis = attrs.axis ?? 0;
      const { shape: lengths } = to.of(source);
      const positions = inRow(to, to.checkIndices('take', indices!, axis, lengths[axis]!), axis, lengths.length);
      return to.reshape(to.gather(source, positions, axis), shape);
    },
    saves: ['indices'],
    vjp: {
      x: (g, { indices }, { attrs: { axis }, inputs: [x] }) =>
        axis === undefined
          ? indexAdd(nothing([sizeOf(x!.shape)], g.dtype), indices, g, 0).reshape(x!.shape)
          : indexAdd(nothing(x!.shape, g.dtype), indices, g, axis),
      indices: 'not differentiable',
    },
    samples: [
      { inputs: [{ shape: [4, 3] }, positions([2, 3], 4)], args: [0] },
      { inputs: [{ shape: [2, 3] }, positions([5], 3, -3)], args: [-1] },
      { inputs: [{ shape: [2, 3, 2] }, positions([], 3)], args: [1] },
      { inputs: [{ shape: [2, 3] }, positions([4], 6)] },
      { inputs: [{ shape: [] }, positions([2], 1)] },
      { inputs: [{ shape: [2, 3] }, positions([0], 3)], args: [1] },
    ],
  }),
);

/** Indices for the tests, from `low` to `length - 1`. */
function positions(shape: Shape, length: number, low: number = 0): SampleInput {
  return { shape, dtype: 'int32', low, high: length };
}

/** Positions of any shape side by side along an axis of so many. */
function inRow<V>(to: Lowering<V>, positions: V, axis: number, rank: number): V {
  const beside = Array.from({ length: rank }, () => 1);
  return to.reshape(positions, withAxis(beside, axis, [sizeOf(to.of(positions).shape)]));
}

/** The value repeated to a shape. */
function spread<V>(to: Lowering<V>, x: V, shape: Shape): V {
  return to.view(x, (array) => broadcastView(array, shape));
}

/** An op that adds to x at positions along an axis. */
type AddAt = Op<(x: TensorLike, indices: Indices, updates: TensorLike, axis: number) => Tensor>;

export const indexAdd: AddAt = withIndices(
  1,
  defineOp({
    name: 'indexAdd',
    doc: 'x with `updates` added at the positions `indices` along an axis, as often as each is named: the adjoint of take. The updates have the shape of take(x, indices, axis), or broadcast to it. Added up in float64.',
    tex: 'x_{\\dots, i, \\dots} + y',
    inputs: ['x', 'indices', 'updates'],
    broadcasts: true,
    attributes: ([x]: Shapes, axis: number) => ({ axis: normalizeAxis('indexAdd', axis, x!.length) }),
    shape: ([x, indices, updates], { axis }) => {
      checkUpdates('indexAdd', updates!, withAxis(x!, axis, indices!));
      return x!;
    },
    typedBy: ['x', 'updates'],
    dtype: arithmeticResult('indexAdd'),
    forward: ([x, indices, updates], { attrs: { axis }, dtype, shape }) =>
      addRows(
        x!,
        positionsOf('indexAdd', indices!, axis, shape[axis]!),
        broadcastView(updates!, withAxis(shape, axis, indices!.shape)),
        axis,
        dtype,
      ),
    lower: (to, [x, indices, updates], { attrs: { axis }, dtype, shape }) => {
      const named = to.of(indices!).shape;
      const positions = inRow(to, to.checkIndices('indexAdd', indices!, axis, shape[axis]!), axis, shape.length);
      const rows = spread(to, cast(to, updates!, dtype), withAxis(shape, axis, named));
      const added = to.reshape(rows, withAxis(shape, axis, [sizeOf(named)]));
      return to.scatterAdd(cast(to, x!, dtype), positions, added, axis);
    },
    saves: ['indices'],
    vjp: {
      x: (g) => g,
      indices: 'not differentiable',
      updates: (g, { indices }, { attrs: { axis } }) => take(g, indices, axis),
    },
    samples: [
      { inputs: [{ shape: [4, 3] }, positions([2, 2], 4), { shape: [2, 2, 3] }], args: [0] },
      { inputs: [{ shape: [2, 3] }, positions([4], 3, -3), { shape: [2, 1] }], args: [-1] },
      { inputs: [{ shape: [3] }, positions([], 3), { shape: [] }], args: [0] },
      { inputs: [{ shape: [3] }, positions([0], 3), { shape: [0] }], args: [0] },
    ],
  }),
);

function checkUpdates(op: string, updates: Shape, shape: Shape): void {
  if (broadcastsTo(updates, shape)) return;
  throw new TapegradError(
    op,
    `the updates have shape ${showShape(updates)}. Expected ${showShape(shape)}, or what broadcasts to it.`,
  );
}

export const takeAlongAxis: Op<(x: TensorLike, indices: Indices, axis?: number) => Tensor> = withIndices(
  1,
  defineOp({
    name: 'takeAlongAxis',
    doc: "At each place the element of x at the position that `indices` has there, along an axis, by default the last: NumPy's take_along_axis. gather is the same in PyTorch's order of arguments, without broadcasting. x and indices have the same rank and broadcast beside the axis; negative indices count from the end. The gradients of an element that is taken twice add up.",
    tex: 'x_{\\dots, i_{\\dots}, \\dots}',
    inputs: ['x', 'indices'],
    broadcasts: true,
    attributes: ([x]: Shapes, axis: number = -1) => ({ axis: normalizeAxis('takeAlongAxis', axis, x!.length) }),
    shape: ([x, indices], { axis }) => {
      checkRank('takeAlongAxis', indices!, x!);
      const beside = broadcastShapes('takeAlongAxis', [withAxis(x!, axis, [1]), withAxis(indices!, axis, [1])]);
      return withAxis(beside, axis, [indices![axis]!]);
    },
    typedBy: ['x'],
    dtype: sameResult,
    forward: ([x, indices], { attrs: { axis }, dtype, shape }) => {
      const length = x!.shape[axis]!;
      return takeElements(
        broadcastView(x!, withAxis(shape, axis, [length])),
        positionsOf('takeAlongAxis', broadcastView(indices!, shape), axis, length),
        axis,
        dtype,
        shape,
      );
    },
    lower: (to, [x, indices], { attrs: { axis }, shape }) => {
      const length = to.of(x!).shape[axis]!;
      const positions = to.checkIndices('takeAlongAxis', spread(to, indices!, shape), axis, length);
      return to.gather(spread(to, x!, withAxis(shape, axis, [length])), positions, axis);
    },
    saves: ['indices'],
    vjp: {
      x: (g, { indices }, { attrs: { axis }, inputs: [x] }) =>
        scatterAdd(nothing(withAxis(g.shape, axis, [x!.shape[axis]!]), g.dtype), indices, g, axis),
      indices: 'not differentiable',
    },
    samples: [
      { inputs: [{ shape: [2, 4] }, positions([2, 3], 4)] },
      { inputs: [{ shape: [3, 2] }, positions([4, 2], 3, -3)], args: [0] },
      { inputs: [{ shape: [2, 1, 3] }, positions([1, 4, 2], 3)] },
      { inputs: [{ shape: [3] }, positions([0], 3)], args: [0] },
      { inputs: [{ shape: [0, 3] }, positions([0, 2], 3)] },
    ],
  }),
);

export const gather: Op<(x: TensorLike, axis: number, indices: Indices) => Tensor> = defineComposite({
  name: 'gather',
  doc: "PyTorch's gather: takeAlongAxis with the arguments in PyTorch's order, and without broadcasting. The result has the shape of the indices; these have the rank of x, and beside the axis may be shorter than x, whose further elements are left out. Negative indices count from the end. The gradients of an element that is taken twice add up.",
  tex: 'x_{\\dots, i_{\\dots}, \\dots}',
  inputs: ['x'],
  compute: (x: TensorLike, axis: number, indices: Indices): Tensor => {
    const source = asTensor('gather', 'x', x);
    const along = normalizeAxis('gather', axis, source.rank);
    const positions = asIndices('gather', indices);
    checkRank('gather', positions.shape, source.shape);
    const beside = positions.shape.reduce((part, length, i) => {
      if (i === along || length === source.shape[i]) return part;
      if (length < source.shape[i]!) return slice(part, 0, length, { axis: i });
      throw new TapegradError(
        'gather',
        `the indices have shape ${showShape(positions.shape)}, x ${showShape(source.shape)}. Expected at most ${source.shape[i]} along axis ${i}.`,
      );
    }, source);
    return takeAlongAxis(beside, positions, along);
  },
  samples: [
    // biome-ignore format: one line
    { inputs: [{ shape: [2, 3] }], args: [1, [[2, 0, -1, 2], [1, 1, 0, 0]]] },
    { inputs: [{ shape: [3, 2] }], args: [0, [[2], [0], [2], [1]]] },
    { inputs: [{ shape: [1, 3] }], args: [-1, [[0]]] },
    { inputs: [{ shape: [3] }], args: [0, []] },
    { inputs: [{ shape: [2, 3] }], args: [1, [[], []]] },
  ],
});

export const scatterAdd: AddAt = withIndices(
  1,
  defineOp({
    name: 'scatterAdd',
    doc: 'x with each element of `updates` added at the position that `indices` has in its place, along an axis: the adjoint of takeAlongAxis. Positions that are named twice get both. The indices have the rank of x; they and the updates broadcast to the shape of x with the axis as long as in the indices. Added up in float64.',
    tex: 'x_{\\dots, i_{\\dots}, \\dots} + y',
    inputs: ['x', 'indices', 'updates'],
    broadcasts: true,
    attributes: ([x]: Shapes, axis: number) => ({ axis: normalizeAxis('scatterAdd', axis, x!.length) }),
    shape: ([x, indices, updates], { axis }) => {
      checkRank('scatterAdd', indices!, x!);
      const places = withAxis(x!, axis, [indices![axis]!]);
      if (!broadcastsTo(indices!, places)) {
        throw new TapegradError(
          'scatterAdd',
          `the indices have shape ${showShape(indices!)}. Expected ${showShape(places)}, or 1 in place of a length.`,
        );
      }
      checkUpdates('scatterAdd', updates!, places);
      return x!;
    },
    typedBy: ['x', 'updates'],
    dtype: arithmeticResult('scatterAdd'),
    forward: ([x, indices, updates], { attrs: { axis }, dtype, shape }) => {
      const places = withAxis(shape, axis, [indices!.shape[axis]!]);
      const positions = positionsOf('scatterAdd', broadcastView(indices!, places), axis, shape[axis]!);
      return addElements(x!, positions, updates!, axis, dtype, places);
    },
    lower: (to, [x, indices, updates], { attrs: { axis }, dtype, shape }) => {
      const places = withAxis(shape, axis, [to.of(indices!).shape[axis]!]);
      const positions = to.checkIndices('scatterAdd', spread(to, indices!, places), axis, shape[axis]!);
      return to.scatterAdd(cast(to, x!, dtype), positions, spread(to, cast(to, updates!, dtype), places), axis);
    },
    saves: ['indices'],
    vjp: {
      x: (g) => g,
      indices: 'not differentiable',
      updates: (g, { indices }, { attrs: { axis } }) => takeAlongAxis(g, indices, axis),
    },
    samples: [
      { inputs: [{ shape: [2, 3] }, positions([2, 4], 3), { shape: [2, 4] }], args: [1] },
      { inputs: [{ shape: [3, 2] }, positions([4, 1], 3, -3), { shape: [2] }], args: [0] },
      { inputs: [{ shape: [2, 3] }, positions([2, 1], 3), { shape: [] }], args: [-1] },
      { inputs: [{ shape: [3] }, positions([0], 3), { shape: [0] }], args: [0] },
    ],
  }),
);

function checkRank(op: string, indices: Shape, x: Shape): void {
  if (indices.length === x.length) return;
  throw new TapegradError(
    op,
    `the indices have shape ${showShape(indices)} beside x of ${showShape(x)}. Expected the same number of axes.`,
  );
}

/** How {@link oneHot} gives its result. */
export interface OneHotOptions {
  /** Default: float32. */
  readonly dtype?: DType;
}

const oneHotLabels = checkedLabels('oneHot');
const isEqual = elementwise('isEqual', ['x', 'y'], 'x===y?1:0');

export const oneHot: Op<(x: Indices, classes: number, options?: OneHotOptions) => Tensor> = withIndices(
  0,
  defineOp({
    name: 'oneHot',
    doc: 'A row of `classes` zeros for each label, with a 1 in the place of the label. Labels are from 0 to classes - 1; negative ones are refused.',
    tex: '[i = x]',
    inputs: ['x'],
    attributes: (_shapes: Shapes, classes: number, options: OneHotOptions = {}) => {
      checkOptions('oneHot', options, ['dtype']);
      const { dtype = 'float32' } = options;
      checkDType('oneHot', dtype);
      if (!Number.isSafeInteger(classes) || classes < 1) {
        throw new TapegradError('oneHot', `classes is ${classes}. Expected a whole number >= 1.`);
      }
      return { classes, dtype };
    },
    shape: ([x], { classes }) => [...x!, classes],
    dtype: (_dtypes, { dtype }) => dtype,
    forward: ([x], { attrs: { classes }, dtype, shape }) => {
      const out = allocate(dtype, shape);
      copyOf(x!, 'int32').data.forEach((label, i) => {
        out.data[i * classes + checkedLabel('oneHot', label, i, classes)] = 1;
      });
      return out;
    },
    lower: (to, [x], { attrs: { classes }, dtype, shape }) => {
      const rows = to.of(x!).shape;
      const checked = to.map(oneHotLabels(classes), [x!, counted(to, rows)], { shape: rows, dtype: 'int32' });
      return to.map(isEqual, [to.reshape(checked, [...rows, 1]), counted(to, [classes])], { shape, dtype });
    },
    saves: [],
    vjp: { x: 'not differentiable' },
    samples: [
      { inputs: [positions([4], 3)], args: [3] },
      { inputs: [positions([2, 2], 3)], args: [4, { dtype: 'float64' }] },
      { inputs: [positions([], 3)], args: [3] },
    ],
  }),
);
