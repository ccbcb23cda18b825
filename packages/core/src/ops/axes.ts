// Axes moved, merged, dropped and added: reshape and transpose under the names of what they are for. Views where the layout
// allows. An op is one entry.

import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, type Op } from '../op.ts';
import { type Axes, normalizeAxes, normalizeAxis, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { reshape, transpose } from './structure.ts';

/** Which axes {@link flatten} merges. */
export interface FlattenOptions {
  /** The first of them. Default: 0. */
  readonly start?: number;
  /** The last of them. Default: -1. */
  readonly end?: number;
}

export const flatten: Op<(x: TensorLike, options?: FlattenOptions) => Tensor> = defineComposite({
  name: 'flatten',
  doc: 'The axes from `start` to `end`, both included, merged into one; by default all. A scalar becomes a vector of one.',
  tex: 'x',
  inputs: ['x'],
  compute: (x: TensorLike, options: FlattenOptions = {}): Tensor => {
    checkOptions('flatten', options, ['start', 'end']);
    const { start = 0, end = -1 } = options;
    const { shape, rank } = asTensor('flatten', 'x', x);
    if (rank === 0) return reshape(x, [1]);
    const [first, last] = [normalizeAxis('flatten', start, rank), normalizeAxis('flatten', end, rank)];
    if (last < first) {
      throw new TapegradError(
        'flatten',
        `start is axis ${first}, end is axis ${last}. Expected the end not to come first.`,
      );
    }
    return reshape(x, [...shape.slice(0, first), sizeOf(shape.slice(first, last + 1)), ...shape.slice(last + 1)]);
  },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3, 2] }], args: [{ start: 1 }] },
    { inputs: [{ shape: [0, 3, 2] }], args: [{ start: -2, end: 1 }] },
  ],
});

export const moveAxis: Op<(x: TensorLike, source: Axes, destination: Axes) => Tensor> = defineComposite({
  name: 'moveAxis',
  doc: 'Axes moved to other places; the rest keep their order. A view.',
  tex: 'x',
  inputs: ['x'],
  compute: (x: TensorLike, source: Axes, destination: Axes): Tensor => {
    const { rank } = asTensor('moveAxis', 'x', x);
    const from = orderedAxes(source, rank);
    const to = orderedAxes(destination, rank);
    if (from.length !== to.length) {
      throw new TapegradError(
        'moveAxis',
        `${from.length} axes are to move to ${to.length} places. Expected as many places as axes.`,
      );
    }
    const staying = [...Array(rank).keys()].filter((axis) => !from.includes(axis));
    return transpose(
      x,
      Array.from({ length: rank }, (_, place) => (to.includes(place) ? from[to.indexOf(place)]! : staying.shift()!)),
    );
  },
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], args: [0, -1] },
    {
      inputs: [{ shape: [2, 1, 3, 2] }],
      args: [
        [-1, 0],
        [0, 2],
      ],
    },
    { inputs: [{ shape: [0, 2] }], args: [1, 0] },
  ],
});

/** Axes counted from the first, in the order in which they are given. */
function orderedAxes(axes: Axes, rank: number): readonly number[] {
  normalizeAxes('moveAxis', axes ?? Number.NaN, rank); // refuses what is missing, or there twice
  return (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis('moveAxis', axis, rank));
}

export const swapAxes: Op<(x: TensorLike, first: number, second: number) => Tensor> = defineComposite({
  name: 'swapAxes',
  doc: "Two axes in each other's place. A view.",
  tex: 'x',
  inputs: ['x'],
  compute: (x: TensorLike, first: number, second: number): Tensor => {
    const { rank } = asTensor('swapAxes', 'x', x);
    const [a, b] = [normalizeAxis('swapAxes', first, rank), normalizeAxis('swapAxes', second, rank)];
    return transpose(
      x,
      Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis)),
    );
  },
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], args: [0, -1] },
    { inputs: [{ shape: [2, 3] }], args: [1, 1] },
  ],
});

export const squeeze: Op<(x: TensorLike, axes?: Axes) => Tensor> = defineComposite({
  name: 'squeeze',
  doc: 'Without axes of length 1: those named, or all of them. A view.',
  tex: 'x',
  inputs: ['x'],
  compute: (x: TensorLike, axes?: Axes): Tensor => {
    const { shape, rank } = asTensor('squeeze', 'x', x);
    const named = normalizeAxes('squeeze', axes, rank);
    const long = axes === undefined ? undefined : named.find((axis) => shape[axis] !== 1);
    if (long !== undefined) {
      throw new TapegradError('squeeze', `axis ${long} of ${showShape(shape)} has length ${shape[long]}. Expected 1.`);
    }
    return reshape(
      x,
      shape.filter((length, axis) => length !== 1 || !named.includes(axis)),
    );
  },
  samples: [
    { inputs: [{ shape: [1, 3, 1] }] },
    { inputs: [{ shape: [1, 3, 1] }], args: [-1] },
    { inputs: [{ shape: [1, 0, 1] }], args: [[0, 2]] },
    { inputs: [{ shape: [] }] },
  ],
});

export const expandDims: Op<(x: TensorLike, axes: Axes) => Tensor> = defineComposite({
  name: 'expandDims',
  doc: 'With new axes of length 1, at these places of the result. A view.',
  tex: 'x',
  inputs: ['x'],
  compute: (x: TensorLike, axes: Axes): Tensor => {
    const { shape, rank } = asTensor('expandDims', 'x', x);
    const added = normalizeAxes('expandDims', axes ?? Number.NaN, rank + (Array.isArray(axes) ? axes.length : 1));
    const lengths = [...shape];
    for (const axis of added) lengths.splice(axis, 0, 1); // ascending: each finds the earlier ones in place
    return reshape(x, lengths);
  },
  samples: [
    { inputs: [{ shape: [] }], args: [0] },
    { inputs: [{ shape: [2, 3] }], args: [-1] },
    { inputs: [{ shape: [2, 3] }], args: [[0, -2]] },
    { inputs: [{ shape: [0] }], args: [1] },
  ],
});
