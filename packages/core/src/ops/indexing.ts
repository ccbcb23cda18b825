// `at`: what NumPy writes in brackets, one argument for each axis. And positions on several axes made into one. Slices and
// gathering themselves are in slicing.ts and gathering.ts. An op is one entry.

import { broadcastView, type NdArray, wrap } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { elementwiseWith } from '../kernels/elementwise.ts';
import { positionsOf } from '../kernels/gather.ts';
import { asTensor, defineComposite, defineOp, type Op } from '../op.ts';
import { broadcastShapes, checkShape, rowMajorStrides, type Shape, type Shapes, showShape, sizeOf } from '../shape.ts';
import { Tensor, type TensorLike } from '../tensor.ts';
import { expandDims, squeeze } from './axes.ts';
import { take } from './gathering.ts';
import { asIndices } from './indices.ts';
import { slice } from './slicing.ts';
import { reshape } from './structure.ts';

/** Stands for a new axis of length 1 among the arguments of {@link at}. */
export const newAxis: unique symbol = Symbol('newAxis');

type Bound = `${number}` | '';

/** A range as NumPy writes it: `'1:3'`, `':'`, `'::-1'`. */
export type RangeText = `${Bound}:${Bound}` | `${Bound}:${Bound}:${Bound}`;

/** A range as a list: `[1, 3]`, `[1]` to the end, `[null, null, -1]` backwards. */
export type Range = readonly [start?: number | null, stop?: number | null, step?: number | null];

/**
 * What `at` takes of an axis: one position, which drops the axis; a range; all (`null` or `':'`); an int32 tensor of
 * positions. `'...'` stands for all axes that are not spoken of, {@link newAxis} for one more.
 */
export type Index = number | null | RangeText | Range | Tensor | '...' | typeof newAxis;

/** Positions that are gathered along an axis, once the other indices have been applied. */
interface Gathered {
  readonly axis: number;
  readonly indices: Tensor;
}

/**
 * What NumPy's brackets give: `x[0, 1:3, ::-1]` is `x.at(0, '1:3', '::-1')`. One argument for each axis; those that are left
 * out are taken whole. A view, unless tensors are among the indices.
 *
 * ```ts
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * x.at(-1).toArray(); // → 4,5,6
 * x.at(null, [1, 3]); // → float32[2, 2] [[2, 3], [5, 6]]
 * x.at('...', '::-1'); // → float32[2, 3] [[3, 2, 1], [6, 5, 4]]
 * x.at(newAxis, 0).shape; // → 1,3
 * ```
 *
 * Tensors for neighbouring axes are broadcast and read in step, as in NumPy:
 *
 * ```ts
 * const labels = tensor([2, 0], { dtype: 'int32' });
 * tensor([[1, 2, 3], [4, 5, 6]]).at(tensor([0, 1], { dtype: 'int32' }), labels).toArray(); // → 3,4
 * ```
 *
 * What they give stands in their place; where NumPy would move it to the front, because axes lie between them, they are refused.
 *
 * @throws TapegradError naming the index, the axis and its length.
 */
export const at: Op<(x: TensorLike, ...indices: readonly Index[]) => Tensor> = defineComposite({
  name: 'at',
  doc: "What NumPy's brackets give, one argument for each axis: a number, a range as '1:3' or [1, 3], null for all, an int32 tensor, '...' or newAxis. The gradients of an element that is taken twice add up.",
  tex: 'x_{i, a:b, \\dots}',
  inputs: ['x'],
  compute: (x: TensorLike, ...indices: readonly Index[]): Tensor => {
    let out = asTensor('at', 'x', x);
    const gathered: Gathered[] = [];
    let axis = 0;
    let counted = 0; // axes of x behind us, for messages
    for (const [i, index] of filledUp(indices, out.rank).entries()) {
      if (index === newAxis) {
        out = expandDims(out, axis++);
      } else if (typeof index === 'number') {
        out = squeeze(onePosition(out, index, axis, counted++), axis);
      } else {
        if (index instanceof Tensor) gathered.push({ axis, indices: asIndices('at', index) });
        else if (index !== null) out = range(out, index, axis, i);
        axis++;
        counted++;
      }
    }
    return gathered.length === 0 ? out : gather(out, gathered);
  },
  samples: [
    { inputs: [{ shape: [4, 3] }], args: [-1] },
    { inputs: [{ shape: [4, 3] }], args: [null, [1, 3]] },
    { inputs: [{ shape: [2, 4, 3] }], args: ['...', '::-2'] },
    { inputs: [{ shape: [2, 4, 3] }], args: [0, '1:3', [null, null, -1]] },
    { inputs: [{ shape: [2, 0, 3] }], args: [':', [1], -2] },
    { inputs: [{ shape: [] }], args: [] },
  ],
});

/** One index for each axis, beside new axes: `'...'` written out, and what was left out at the end. */
function filledUp(indices: readonly Index[], rank: number): Exclude<Index, '...'>[] {
  const spoken = indices.filter((index) => index !== '...' && index !== newAxis).length;
  if (spoken > rank) {
    throw new TapegradError('at', `${spoken} indices are given for ${rank} axes. Expected ${rank} at most.`);
  }
  const dots = indices.indexOf('...');
  if (dots !== indices.lastIndexOf('...')) {
    throw new TapegradError('at', "'...' is given twice. Expected it once at most.");
  }
  const rest = new Array<null>(rank - spoken).fill(null);
  const place = dots < 0 ? indices.length : dots;
  return [...indices.slice(0, place), ...rest, ...indices.slice(place + 1)] as Exclude<Index, '...'>[];
}

function onePosition(x: Tensor, index: number, axis: number, counted: number): Tensor {
  const length = x.shape[axis]!;
  if (!Number.isInteger(index) || index < -length || index >= length) {
    const expected =
      length === 0 ? 'There is nothing to index.' : `Expected a whole number from ${-length} to ${length - 1}.`;
    throw new TapegradError(
      'at',
      `the index ${index} is out of range for axis ${counted} of length ${length}. ${expected}`,
    );
  }
  const from = index < 0 ? index + length : index;
  return slice(x, from, from + 1, { axis });
}

function range(x: Tensor, index: RangeText | Range, axis: number, i: number): Tensor {
  const bounds = typeof index === 'string' ? boundsOf(index) : index;
  const whole = (bound: unknown): boolean => bound === null || bound === undefined || Number.isInteger(bound);
  if (!Array.isArray(bounds) || bounds.length > 3 || !bounds.every(whole) || bounds[2] === 0) {
    throw new TapegradError(
      'at',
      `index ${i} is ${JSON.stringify(index)}. Expected a whole number, null, a range such as [1, 3] or '1:3' ` +
        "whose step is not 0, an int32 tensor, '...' or newAxis.",
    );
  }
  const [start, stop, step] = bounds as readonly (number | null | undefined)[];
  return slice(x, start ?? undefined, stop ?? undefined, { axis, step: step ?? 1 });
}

/** The numbers of `'1:3'` or `'::-1'`, null where there are none; undefined where the text is no range. */
function boundsOf(text: string): readonly (number | null)[] | undefined {
  if (!/^ *(-?\d+)? *:( *(-?\d+)? *:)? *(-?\d+)? *$/.test(text)) return undefined;
  return text.split(':').map((bound) => (bound.trim() === '' ? null : Number(bound)));
}

/** Tensors for neighbouring axes, read in step: the axes are made one, and so are the positions. */
function gather(x: Tensor, gathered: readonly Gathered[]): Tensor {
  const [{ axis, indices }] = gathered as readonly [Gathered];
  if (gathered.length === 1) return take(x, indices, axis);
  if (gathered.some((each, i) => each.axis !== axis + i)) {
    throw new TapegradError(
      'at',
      'other axes lie between those that tensors index. Expected neighbours: move the axes together by moveAxis, or index twice.',
    );
  }
  const end = axis + gathered.length;
  const lengths = x.shape.slice(axis, end);
  const merged = reshape(x, [...x.shape.slice(0, axis), sizeOf(lengths), ...x.shape.slice(end)]);
  const positions = ravelMultiIndex(
    gathered.map((each) => each.indices),
    lengths,
  );
  return take(merged, positions, axis);
}

const plusTimes = elementwiseWith('plusTimes', ['total', 'position'], ['stride'], 'total+position*stride');

export const ravelMultiIndex: Op<(indices: readonly TensorLike[], shape: Shape) => Tensor> = defineOp({
  name: 'ravelMultiIndex',
  doc: 'Positions on the axes of `shape` made into positions among all its elements in row-major order. One int32 tensor for each axis; they broadcast, and negative ones count from the end.',
  tex: '\\sum_k i_k \\prod_{l > k} n_l',
  inputs: ['indices'],
  variadic: true,
  attributes: (shapes: Shapes, shape: Shape) => {
    checkShape('ravelMultiIndex', shape);
    if (shapes.length !== shape.length) {
      throw new TapegradError(
        'ravelMultiIndex',
        `${shapes.length} indices are given for the shape ${showShape(shape)}. Expected one for each axis.`,
      );
    }
    return { shape: [...shape] };
  },
  shape: (shapes) => broadcastShapes('ravelMultiIndex', shapes),
  dtype: (dtypes) => {
    const other = dtypes.find((dtype) => dtype !== 'int32');
    if (other === undefined) return 'int32';
    throw new TapegradError(
      'ravelMultiIndex',
      `an index has dtype ${other}. Expected int32: convert it by asType('int32').`,
    );
  },
  forward: (indices, { attrs, shape }) => wrap(raveled(indices, attrs.shape, shape), shape),
  lower: (to, indices, { attrs: { shape: lengths }, dtype, shape }) => {
    const strides = rowMajorStrides(lengths);
    const start = to.constant(wrap(Int32Array.of(0), []), dtype);
    return indices.reduce((total, index, axis) => {
      const spread = to.view(index, (array) => broadcastView(array, shape));
      const positions = to.checkIndices('ravelMultiIndex', spread, axis, lengths[axis]!);
      return to.map(plusTimes(strides[axis]!), [total, positions], { shape, dtype });
    }, start);
  },
  saves: [],
  vjp: { indices: 'not differentiable' },
  samples: [
    {
      inputs: [
        { shape: [3], dtype: 'int32', low: -2, high: 2 },
        { shape: [2, 1], dtype: 'int32', low: 0, high: 3 },
      ],
      args: [[2, 3]],
    },
  ],
});

function raveled(indices: readonly NdArray[], lengths: Shape, shape: Shape): Int32Array {
  const strides = rowMajorStrides(lengths);
  const out = new Int32Array(sizeOf(shape));
  indices.forEach((index, axis) => {
    const positions = positionsOf('ravelMultiIndex', broadcastView(index, shape), axis, lengths[axis]!);
    for (let i = 0; i < out.length; i++) out[i]! += positions[i]! * strides[axis]!;
  });
  return out;
}
