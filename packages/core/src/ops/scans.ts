// Running sums, products and extremes along an axis. An op is one entry.

import { broadcastView } from '../arrays.ts';
import { recurrenceKernel, type ScanPath, scanKernel } from '../kernels/scan.ts';
import { arithmeticResult, defineOp, floatResult, type Op } from '../op.ts';
import type { Call, Sample } from '../op-entry.ts';
import { broadcastShapes, normalizeAxis, type Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkFlags, checkOptions } from './arguments.ts';
import { where } from './choice.ts';
import { slice, unslice } from './slicing.ts';

/** Along which axis a running extreme goes, and which way. */
export interface RunningOptions {
  /** Whether it runs from the last element to the first. Default: false. */
  readonly reverse?: boolean;
}

/** Along which axis a running sum or product goes, and which way. */
export interface CumulativeOptions extends RunningOptions {
  /** Whether each result leaves out its own element, so that the first is that of nothing. Default: false. */
  readonly exclusive?: boolean;
}

/** A running sum or product along an axis, by default the last. */
export type Cumulative = Op<(x: TensorLike, axis?: number, options?: CumulativeOptions) => Tensor>;

/** A running extreme along an axis, by default the last. */
export type Running = Op<(x: TensorLike, axis?: number, options?: RunningOptions) => Tensor>;

type ScanArgs = [axis?: number, options?: CumulativeOptions];

const runningSamples: Sample<[axis?: number, options?: RunningOptions]>[] = [
  { inputs: [{ shape: [3] }] },
  { inputs: [{ shape: [1] }], args: [0, { reverse: true }] },
  { inputs: [{ shape: [3, 2] }], args: [0] },
  { inputs: [{ shape: [2, 4] }], args: [-1, { reverse: true }] },
  { inputs: [{ shape: [2, 0] }] },
  { inputs: [{ shape: [0, 2] }] },
];

const cumulativeSamples: Sample<ScanArgs>[] = [
  ...runningSamples,
  { inputs: [{ shape: [2, 3, 2] }], args: [1, { exclusive: true }] },
  { inputs: [{ shape: [4] }], args: [0, { reverse: true, exclusive: true }] },
];

const runningNames: readonly (keyof RunningOptions)[] = ['reverse'];
const cumulativeNames: readonly (keyof CumulativeOptions)[] = [...runningNames, 'exclusive'];

function pathOf(
  op: string,
  rank: number,
  axis: number,
  options: CumulativeOptions,
  names: readonly string[],
): ScanPath {
  checkOptions(op, options, names);
  const { reverse = false, exclusive = false } = options;
  checkFlags(op, { reverse, exclusive });
  return { axis: normalizeAxis(op, axis, rank), reverse, exclusive };
}

/** What the entries of scans have in common. */
const scan = <Args extends ScanArgs>(name: string) => ({
  name,
  inputs: ['x'] as const,
  attributes: ([x]: Shapes, axis: number = -1, options: CumulativeOptions = {}): ScanPath =>
    pathOf(name, x!.length, axis, options, cumulativeNames),
  shape: ([x]: Shapes) => x!,
  dtype: arithmeticResult(name),
  samples: cumulativeSamples as Sample<Args>[],
});

/** At each place what x has one step behind it, in the direction of a scan that is `reverse` or not; 0 at the start. */
function previous(x: Tensor, { axis, reverse }: { readonly axis: number; readonly reverse: boolean }): Tensor {
  const n = x.shape[axis]!;
  if (n === 0) return x;
  const kept = reverse ? slice(x, 1, n, { axis }) : slice(x, 0, n - 1, { axis });
  return unslice(kept, x.shape, { axis, start: reverse ? 0 : 1, step: 1, length: n - 1 });
}

export const cumsum: Cumulative = defineOp({
  ...scan<ScanArgs>('cumsum'),
  doc: 'The running sum along an axis, by default the last; added up in float64.',
  tex: '\\sum_{j \\le i} x_j',
  forward: ([x], { attrs, dtype }) => scanKernel(x!, attrs, dtype, 0, (sum, element) => sum + element),
  lower: (to, [x], { attrs, dtype }) => to.scan('sum', x!, attrs, dtype),
  saves: [],
  vjp: {
    x: (g, _saved, { attrs: { axis, reverse, exclusive } }) => cumsum(g, axis, { reverse: !reverse, exclusive }),
  },
});

interface RecurrenceAttrs {
  readonly axis: number;
  readonly reverse: boolean;
}

type Recurrence = Op<(x: TensorLike, y: TensorLike, axis?: number, options?: RunningOptions) => Tensor>;

export const linearRecurrence: Recurrence = defineOp({
  name: 'linearRecurrence',
  doc: 'Along an axis, by default the last, each result is x times the one before it, plus y. The first is y.',
  tex: 'h_i = x_i h_{i-1} + y_i',
  inputs: ['x', 'y'],
  broadcasts: true,
  attributes: (shapes: Shapes, axis: number = -1, options: RunningOptions = {}): RecurrenceAttrs => {
    const { length } = broadcastShapes('linearRecurrence', shapes);
    const { reverse, ...rest } = pathOf('linearRecurrence', length, axis, options, runningNames);
    return { axis: rest.axis, reverse };
  },
  shape: (shapes) => broadcastShapes('linearRecurrence', shapes),
  dtype: floatResult('linearRecurrence'),
  forward: ([x, y], { attrs, dtype, shape }) =>
    recurrenceKernel(broadcastView(x!, shape), broadcastView(y!, shape), attrs, dtype),
  lower: (to, [x, y], result) => to.recurrence(x!, y!, result.attrs, result),
  saves: ['x', 'out'],
  // The adjoint s of h runs backward: sᵢ = xᵢ₊₁ sᵢ₊₁ + gᵢ, with the x of the step after.
  vjp: {
    x: (g, { x, out }, call) => adjointStates(g, x, call).mul(previous(out, call.attrs)),
    y: (g, { x }, call) => adjointStates(g, x, call),
  },
  samples: [
    { inputs: [{ shape: [4] }, { shape: [4] }] },
    { inputs: [{ shape: [1] }, { shape: [1] }] },
    { inputs: [{ shape: [3, 2] }, { shape: [3, 2] }], args: [0] },
    { inputs: [{ shape: [3] }, { shape: [2, 3] }], args: [-1, { reverse: true }] },
    { inputs: [{ shape: [2, 1] }, { shape: [3] }] },
    { inputs: [{ shape: [2, 0] }, { shape: [2, 0] }] },
  ],
});

/** {@link linearRecurrence} as attributes say it. */
function recurrence(x: Tensor, y: Tensor, { axis, reverse }: RecurrenceAttrs): Tensor {
  return linearRecurrence(x, y, axis, { reverse });
}

function adjointStates(g: Tensor, x: Tensor, { attrs: { axis, reverse } }: Call<RecurrenceAttrs>): Tensor {
  const back = { axis, reverse: !reverse };
  return recurrence(previous(x.broadcastTo(g.shape), back), g, back);
}

export const cumprod: Cumulative = defineOp({
  ...scan<ScanArgs>('cumprod'),
  doc: 'The running product along an axis, by default the last, in float64. The gradient divides by nothing: it is right beside any number of zeros.',
  tex: '\\prod_{j \\le i} x_j',
  forward: ([x], { attrs, dtype }) => scanKernel(x!, attrs, dtype, 1, (product, element) => product * element),
  lower: (to, [x], { attrs, dtype }) => to.scan('product', x!, attrs, dtype),
  saves: ['x'],
  // d out_j / dx_i = (product before i) · (product after i up to j); summed over j with weights g, the second is a recurrence.
  vjp: {
    x: (g, { x }, { attrs: { axis, reverse, exclusive } }) => {
      const before = cumprod(x, axis, { reverse, exclusive: true });
      const back = { axis, reverse: !reverse };
      const after = exclusive ? previous(recurrence(x, g, back), back) : recurrence(previous(x, back), g, back);
      return before.mul(after);
    },
  },
});

function runningExtreme(name: string, what: string, tex: string, combine: 'max' | 'min'): Running {
  const [initial, step] =
    combine === 'max' ? [Number.NEGATIVE_INFINITY, Math.max] : [Number.POSITIVE_INFINITY, Math.min];
  return defineOp({
    ...scan<[axis?: number, options?: RunningOptions]>(name),
    doc: `The ${what} element so far along an axis, by default the last. Equal ${what} elements so far share the gradient evenly. From a NaN on all is NaN, and has no gradient.`,
    tex,
    attributes: ([x]: Shapes, axis: number = -1, options: RunningOptions = {}) =>
      pathOf(name, x!.length, axis, options, runningNames),
    forward: ([x], { attrs, dtype }) => scanKernel(x!, attrs, dtype, initial, step),
    lower: (to, [x], { attrs, dtype }) => to.scan(combine, x!, attrs, dtype),
    saves: ['x', 'out'],
    vjp: { x: shareAmongLeaders },
    samples: runningSamples,
  });
}

/**
 * The rule of a running extreme: the g of each place is shared by the elements up to it that equal the extreme there. How many
 * these are is counted along the axis, anew from each new extreme on; their shares are added up in the other direction, likewise.
 */
function shareAmongLeaders(
  g: Tensor,
  { x, out }: { readonly x: Tensor; readonly out: Tensor },
  { attrs: { axis, reverse } }: Call<ScanPath>,
): Tensor {
  const path = { axis, reverse };
  const back = { axis, reverse: !reverse };
  const leads = x.equal(out);
  const goesOn = out.equal(previous(out, path)).asType(g.dtype);
  const count = recurrence(goesOn, leads.asType(g.dtype), path);
  const shares = where(count.equal(0), 0, g.div(where(count.equal(0), 1, count)));
  return where(leads, recurrence(previous(goesOn, back), shares, back), 0);
}

export const cummax: Running = runningExtreme('cummax', 'largest', '\\max_{j \\le i} x_j', 'max');

export const cummin: Running = runningExtreme('cummin', 'smallest', '\\min_{j \\le i} x_j', 'min');
