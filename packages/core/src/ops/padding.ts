// Tensors made larger at their edges. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, sliceView } from '../arrays.ts';
import { fromData } from '../create.ts';
import { type DType, isFloat } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, defineOp, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions, describe } from './arguments.ts';
import { take } from './gathering.ts';
import { pieceAt } from './lowered.ts';
import { slice } from './slicing.ts';

/** How many elements are added before and after what an axis has: for all axes alike, or a pair for each axis. */
export type PadWidths =
  | number
  | readonly [before: number, after: number]
  | readonly (readonly [before: number, after: number])[];

/** What {@link pad} fills with. */
export interface PadOptions {
  /** `constant`: with `value`. `edge`: with the outermost element. `reflect`: mirrored about the outermost element. Default: constant. */
  readonly mode?: 'constant' | 'edge' | 'reflect';
  /** Default: 0. */
  readonly value?: number;
}

type Pairs = readonly (readonly [before: number, after: number])[];

export const padConstant: Op<(x: TensorLike, widths: Pairs, value: number) => Tensor> = defineOp({
  name: 'padConstant',
  doc: 'x with `value` around it: what pad does in the mode constant.',
  tex: 'x_{i-a}',
  inputs: ['x'],
  attributes: ([x]: Shapes, widths: Pairs, value: number) => ({
    widths: pairsOf('padConstant', widths, x!.length),
    value: checkedValue('padConstant', value),
  }),
  shape: ([x], { widths }) => x!.map((length, axis) => widths[axis]![0] + length + widths[axis]![1]),
  dtype: ([dtype], { value }) => {
    if (isFloat(dtype!) || Number.isInteger(value)) return dtype!;
    throw new TapegradError('padConstant', `the value ${value} does not fit ${dtype}. Expected a whole number.`);
  },
  forward: ([x], { attrs: { widths, value }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    out.data.fill(fillOf(value, dtype));
    const starts = widths.map(([before]) => before);
    nd.assign(
      sliceView(
        out,
        starts,
        shape.map(() => 1),
        x!.shape,
      ),
      x!,
    );
    return out;
  },
  lower: (to, [x], { attrs: { widths, value }, dtype, shape }) => {
    const starts = widths.map(([before]) => before);
    return to.assemble({ shape, dtype }, fillOf(value, dtype), [pieceAt(to, x!, starts)]);
  },
  saves: [],
  vjp: {
    x: (g, _saved, { attrs: { widths }, inputs: [x] }) =>
      widths.reduce((rest, [before], axis) => slice(rest, before, before + x!.shape[axis]!, { axis }), g),
  },
  samples: [
    {
      inputs: [{ shape: [2, 3] }],
      args: [
        [
          [1, 0],
          [0, 2],
        ],
        0,
      ],
    },
    {
      inputs: [{ shape: [0, 3] }],
      args: [
        [
          [1, 1],
          [0, 0],
        ],
        -1.5,
      ],
    },
    { inputs: [{ shape: [] }], args: [[], 1] },
  ],
});

export const pad: Op<(x: TensorLike, widths: PadWidths, options?: PadOptions) => Tensor> = defineComposite({
  name: 'pad',
  doc: 'With more elements before and after those of each axis: a constant, the edge, or a reflection about it, which repeats where it is too short. The gradients of an element that is repeated add up.',
  tex: 'x_{i-a}',
  inputs: ['x'],
  compute: (x: TensorLike, widths: PadWidths, options: PadOptions = {}): Tensor => {
    checkOptions('pad', options, ['mode', 'value']);
    const { mode = 'constant', value = 0 } = options;
    const { shape } = asTensor('pad', 'x', x);
    const pairs = pairsOf('pad', widths, shape.length);
    if (mode === 'constant') return padConstant(x, pairs, checkedValue('pad', value));
    const position = mode === 'edge' ? nearest : mode === 'reflect' ? reflected : undefined;
    if (position === undefined) {
      throw new TapegradError('pad', `mode is ${describe(mode)}. Expected 'constant', 'edge' or 'reflect'.`);
    }
    return pairs.reduce<Tensor>(
      (out, [before, after], axis) => {
        if (before === 0 && after === 0) return out;
        const length = shape[axis]!;
        if (length === 0) {
          throw new TapegradError(
            'pad',
            `axis ${axis} has no elements to ${mode === 'edge' ? 'repeat' : 'reflect'}. Expected the mode 'constant'.`,
          );
        }
        const from = Int32Array.from({ length: before + length + after }, (_, i) => position(i - before, length));
        return take(out, fromData(from, [from.length], 'int32'), axis);
      },
      asTensor('pad', 'x', x),
    );
  },
  samples: [
    { inputs: [{ shape: [2, 3] }], args: [1] },
    { inputs: [{ shape: [2, 3] }], args: [[0, 2], { value: 2 }] },
    {
      inputs: [{ shape: [2, 3] }],
      args: [
        [
          [0, 2],
          [3, 1],
        ],
        { mode: 'edge' },
      ],
    },
    {
      inputs: [{ shape: [4, 2] }],
      args: [
        [
          [2, 3],
          [0, 4],
        ],
        { mode: 'reflect' },
      ],
    },
    { inputs: [{ shape: [1] }], args: [[2, 1], { mode: 'reflect' }] },
    {
      inputs: [{ shape: [0, 2] }],
      args: [
        [
          [0, 0],
          [1, 1],
        ],
        { mode: 'edge' },
      ],
    },
    { inputs: [{ shape: [] }], args: [3] },
  ],
});

/** What elements of this dtype are set to. */
function fillOf(value: number, dtype: DType): number {
  return dtype === 'bool' ? Number(value !== 0) : value;
}

function checkedValue(op: string, value: number): number {
  if (typeof value === 'number') return value;
  throw new TapegradError(op, `the value is ${describe(value)}. Expected a number.`);
}

/** Which element of an axis stands at a position that may lie beyond it: the outermost. */
function nearest(position: number, length: number): number {
  return Math.min(Math.max(position, 0), length - 1);
}

/** Which element stands there after going there and back again: 0 1 2 1 | 0 1 2 1 | … */
function reflected(position: number, length: number): number {
  const period = Math.max(1, 2 * (length - 1));
  const phase = ((position % period) + period) % period;
  return Math.min(phase, period - phase, length - 1);
}

function pairsOf(op: string, widths: PadWidths, rank: number): Pairs {
  const list: readonly unknown[] = typeof widths === 'number' ? [widths, widths] : widths;
  const alike = Array.isArray(list) && list.length === 2 && list.every((width) => typeof width === 'number');
  const pairs = alike ? new Array<unknown>(rank).fill(list) : list;
  const fits = Array.isArray(pairs) && pairs.length === rank && pairs.every(isPair);
  if (fits) return pairs as unknown as Pairs;
  throw new TapegradError(
    op,
    `the widths are ${JSON.stringify(widths)}. Expected a whole number >= 0, a pair [before, after], or ${rank} pairs, one for each axis.`,
  );
}

function isPair(pair: unknown): boolean {
  return Array.isArray(pair) && pair.length === 2 && pair.every((width) => Number.isSafeInteger(width) && width >= 0);
}
