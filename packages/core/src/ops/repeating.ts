// Elements several times over: whole tensors as tiles, single elements, vectors across a grid. An op is one entry.

import { fromData } from '../create.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, type Op } from '../op.ts';
import { checkList, normalizeAxis, type Shape, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions, describe } from './arguments.ts';
import { take } from './gathering.ts';
import { broadcastTo, reshape } from './structure.ts';

/** @throws TapegradError unless every count is a whole number >= 0. */
function checkCounts(op: string, what: string, counts: readonly number[]): void {
  const wrong = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined) throw new TapegradError(op, `${what} holds ${wrong}. Expected whole numbers >= 0.`);
}

export const tile: Op<(x: TensorLike, counts: readonly number[]) => Tensor> = defineComposite({
  name: 'tile',
  doc: 'x as a tile, laid `counts` times along each axis. The counts and the shape are aligned at the last axis.',
  tex: 'x_{i \\bmod n}',
  inputs: ['x'],
  compute: (x: TensorLike, counts: readonly number[]): Tensor => {
    checkList('tile', 'counts', counts);
    checkCounts('tile', 'counts', counts);
    const { shape } = asTensor('tile', 'x', x);
    const rank = Math.max(shape.length, counts.length);
    const lengths = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    const times = [...new Array<number>(rank - counts.length).fill(1), ...counts];
    const apart = reshape(
      x,
      lengths.flatMap((length) => [1, length]),
    );
    return reshape(
      broadcastTo(
        apart,
        lengths.flatMap((length, axis) => [times[axis]!, length]),
      ),
      lengths.map((length, axis) => times[axis]! * length),
    );
  },
  samples: [
    { inputs: [{ shape: [] }], args: [[3]] },
    { inputs: [{ shape: [2, 3] }], args: [[2]] },
    { inputs: [{ shape: [2, 1] }], args: [[2, 1, 3]] },
    { inputs: [{ shape: [3] }], args: [[0]] },
    { inputs: [{ shape: [0, 2] }], args: [[2, 2]] },
    { inputs: [{ shape: [2] }], args: [[]] },
  ],
});

export const repeat: Op<(x: TensorLike, counts: number | readonly number[], axis?: number) => Tensor> = defineComposite(
  {
    name: 'repeat',
    doc: 'Each element so many times in a row along an axis, all equally often or each by its own count; without an axis, all elements in row-major order.',
    tex: 'x_{\\lfloor i / n \\rfloor}',
    inputs: ['x'],
    compute: (x: TensorLike, counts: number | readonly number[], axis?: number): Tensor => {
      const whole = axis === undefined ? reshape(x, [-1]) : asTensor('repeat', 'x', x);
      const along = normalizeAxis('repeat', axis ?? 0, whole.rank);
      if (typeof counts !== 'number') return take(whole, positionsOf(counts, along, whole.shape[along]!), along);
      checkCounts('repeat', 'counts', [counts]);
      const [before, after] = [whole.shape.slice(0, along), whole.shape.slice(along + 1)];
      const length = whole.shape[along]!;
      const apart = reshape(whole, [...before, length, 1, ...after]);
      return reshape(broadcastTo(apart, [...before, length, counts, ...after]), [...before, length * counts, ...after]);
    },
    samples: [
      { inputs: [{ shape: [] }], args: [2] },
      { inputs: [{ shape: [2, 3] }], args: [2] },
      { inputs: [{ shape: [2, 3] }], args: [3, -1] },
      { inputs: [{ shape: [3, 2] }], args: [[1, 0, 2], 0] },
      { inputs: [{ shape: [0, 2] }], args: [2, 1] },
      { inputs: [{ shape: [3] }], args: [0] },
    ],
  },
);

/** Each position of an axis as often as its count says. */
function positionsOf(counts: readonly number[], axis: number, length: number): Tensor {
  checkList('repeat', 'counts', counts);
  checkCounts('repeat', 'counts', counts);
  if (counts.length !== length) {
    throw new TapegradError(
      'repeat',
      `${counts.length} counts are given for axis ${axis} of length ${length}. Expected ${length}, or one number.`,
    );
  }
  const positions = counts.flatMap((count, i) => new Array<number>(count).fill(i));
  return fromData(Int32Array.from(positions), [positions.length], 'int32');
}

/** How {@link meshgrid} orders its axes. */
export interface MeshgridOptions {
  /** `xy`: the second vector along the first axis, the first along the second, as for images. `ij`: in their order. Default: xy. */
  readonly indexing?: 'xy' | 'ij';
}

export const meshgrid: Op<(xs: readonly TensorLike[], options?: MeshgridOptions) => Tensor[]> = defineComposite({
  name: 'meshgrid',
  doc: 'The coordinates of a grid: each vector across the axes of the others, as views. By default with `xy` indexing, as in NumPy: the first two axes change places.',
  tex: 'x^k_{i_1 i_2 \\dots} = x^k_{i_k}',
  inputs: ['xs'],
  variadic: true,
  compute: (xs: readonly TensorLike[], options: MeshgridOptions = {}): Tensor[] => {
    checkOptions('meshgrid', options, ['indexing']);
    const { indexing = 'xy' } = options;
    if (indexing !== 'xy' && indexing !== 'ij') {
      throw new TapegradError('meshgrid', `indexing is ${describe(indexing)}. Expected 'xy' or 'ij'.`);
    }
    if (!Array.isArray(xs)) throw new TapegradError('meshgrid', `got ${typeof xs}. Expected a list of vectors.`);
    const vectors = xs.map((x, k) => vector(x, k));
    const axisOf = (k: number): number => (indexing === 'xy' && k < 2 && vectors.length > 1 ? 1 - k : k);
    const grid: number[] = [];
    vectors.forEach((x, k) => {
      grid[axisOf(k)] = x.size;
    });
    const alone = (k: number): Shape => grid.map((length, axis) => (axis === axisOf(k) ? length : 1));
    return vectors.map((x, k) => broadcastTo(reshape(x, alone(k)), grid));
  },
  samples: [
    { inputs: [{ shape: [2] }, { shape: [3] }] },
    { inputs: [{ shape: [2] }, { shape: [3] }, { shape: [1] }], args: [{ indexing: 'ij' }] },
    { inputs: [{ shape: [2] }, { shape: [0] }, { shape: [2] }] },
    { inputs: [{ shape: [3] }] },
    { inputs: [{ shape: [] }, { shape: [2] }] },
  ],
});

function vector(x: TensorLike, k: number): Tensor {
  const { rank, shape } = asTensor('meshgrid', `xs[${k}]`, x);
  if (rank > 1) throw new TapegradError('meshgrid', `xs[${k}] has shape ${showShape(shape)}. Expected a vector.`);
  return reshape(x, [sizeOf(shape)]);
}
