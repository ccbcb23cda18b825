// Builders for the kinds of op that come in numbers: element-wise ops of one and two operands, and reductions. What an entry of
// such a kind need not say is said here, once.

import { allocate, broadcastView, type NdArray } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import type { ElementwiseKernel } from '../kernels/elementwise.ts';
import { finish } from '../kernels/reduce.ts';
import type { Lowering } from '../lowering.ts';
import { arithmeticResult, boolResult, defineOp, floatResult, type Op } from '../op.ts';
import type { Abstract, Edge, Notation, Sample, SampleInput } from '../op-entry.ts';
import { type Axes, broadcastShapes, normalizeAxes, reducedShape, type Shape, type Shapes, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkFlags, checkOptions } from './arguments.ts';

/** An operation on each element of one tensor. */
export type Unary = Op<(x: TensorLike) => Tensor>;

/** An operation on the elements of two tensors, which broadcast. */
export type Binary = Op<(x: TensorLike, y: TensorLike) => Tensor>;

/** A reduction over `axes`, or over all of them where none are given. */
export type Reduction = Op<(x: TensorLike, axes?: Axes, options?: ReduceOptions) => Tensor>;

/** How a reduction gives its result. */
export interface ReduceOptions {
  /** Whether the reduced axes stay, with length 1. Default: false. */
  readonly keepDims?: boolean;
}

/** What the entries of element-wise ops have in common. */
export interface ElementwiseDefinition {
  readonly name: string;
  readonly doc: string;
  readonly tex: string;
  /** How formulas show it. Default: as a call. */
  readonly notation?: Notation;
  readonly kernel: ElementwiseKernel;
  /** In place of `kernel` where the result is of whole numbers. */
  readonly wholeKernel?: ElementwiseKernel;
  readonly dtype?: (op: string) => (dtypes: readonly DType[]) => DType;
}

/** The entry of a {@link unary} op. */
export interface UnaryDefinition<Saved extends 'x' | 'out'> extends ElementwiseDefinition {
  readonly saves: readonly Saved[];
  readonly vjp: Edge<Saved, undefined>;
  /** Where the tests draw from. */
  readonly range?: readonly [low: number, high: number];
}

/** The value of an element-wise op: operands broadcast by strides, the kernel run over them. */
export function map(kernel: ElementwiseKernel, inputs: readonly NdArray[], dtype: DType, shape: Shape): NdArray {
  const out = allocate(dtype, shape);
  kernel(out, ...inputs.map((x) => broadcastView(x, shape)));
  return out;
}

/** How an element-wise op is computed: at once, and by a compiler where the kernel says what it does. */
interface Computed<Attrs> {
  readonly kernel: (result: Abstract & { readonly attrs: Attrs }) => ElementwiseKernel;
  readonly forward: (inputs: readonly NdArray[], result: Abstract & { readonly attrs: Attrs }) => NdArray;
  readonly lower?: <V>(to: Lowering<V>, operands: readonly V[], result: Abstract & { readonly attrs: Attrs }) => V;
}

/** An element-wise op is computed by this kernel: what its entry says of that. The kernel says what it does. */
export function computedBy<Attrs>(kernel: Computed<Attrs>['kernel']): Required<Computed<Attrs>> {
  return {
    kernel,
    forward: (inputs, result) => map(kernel(result), inputs, result.dtype, result.shape),
    lower: (to, operands, result) => to.map(kernel(result), operands, result),
  };
}

function computedByOneOf(kernel: ElementwiseKernel, wholeKernel: ElementwiseKernel = kernel): Computed<undefined> {
  const { lower, ...computed } = computedBy<undefined>(({ dtype }) => (dtype === 'int32' ? wholeKernel : kernel));
  return kernel.formula === undefined || wholeKernel.formula === undefined ? computed : { ...computed, lower };
}

/**
 * An op on each element of one tensor.
 *
 * ```ts
 * const cube = unary({
 *   name: 'cube',
 *   doc: 'The third power.',
 *   tex: 'x^3',
 *   kernel: elementwise('cube', ['x'], 'x * x * x'),
 *   saves: ['x'],
 *   vjp: (g, { x }) => g.mul(x.square().mul(3)),
 * });
 * grad((x: Tensor) => cube(x).sum())(tensor([1, 2])).toArray(); // → 3,12
 * ```
 */
export function unary<const Saved extends 'x' | 'out' = never>(definition: UnaryDefinition<Saved>): Unary {
  const { kernel, wholeKernel, vjp, range: [low, high] = [-2, 2], dtype = floatResult, ...rest } = definition;
  return defineOp({
    ...rest,
    inputs: ['x'],
    elementwise: true,
    shape: ([x]) => x!,
    dtype: dtype(rest.name),
    ...computedByOneOf(kernel, wholeKernel),
    vjp: { x: vjp },
    samples: [[], [3], [2, 3], [0, 2]].map((shape) => ({ inputs: [{ shape, low, high }] })),
  });
}

/** The entry of a {@link binary} op. */
export interface BinaryDefinition<Saved extends 'x' | 'y' | 'out'> extends ElementwiseDefinition {
  readonly saves: readonly Saved[];
  readonly vjp: { readonly x: Edge<Saved, undefined>; readonly y: Edge<Saved, undefined> };
  readonly ranges?: { readonly x?: readonly [number, number]; readonly y?: readonly [number, number] };
}

/**
 * An op on the elements of two tensors, which broadcast; its rules need not know that.
 *
 * ```ts
 * const hypotenuse = binary({
 *   name: 'hypotenuse',
 *   doc: 'The length of a right triangle\'s longest side.',
 *   tex: '\\sqrt{x^2 + y^2}',
 *   kernel: elementwise('hypotenuse', ['x', 'y'], 'Math.hypot(x, y)'),
 *   saves: ['x', 'y', 'out'],
 *   vjp: { x: (g, { x, out }) => g.mul(x).div(out), y: (g, { y, out }) => g.mul(y).div(out) },
 * });
 * hypotenuse(3, tensor([4])).toArray(); // → 5
 * ```
 */
export function binary<const Saved extends 'x' | 'y' | 'out' = never>(definition: BinaryDefinition<Saved>): Binary {
  const { kernel, wholeKernel, ranges = {}, dtype = arithmeticResult, ...rest } = definition;
  const input = (shape: Shape, [low, high]: readonly [number, number] = [-2, 2]): SampleInput => ({ shape, low, high });
  const pairs: readonly (readonly [Shape, Shape])[] = [
    [[], []],
    [[3], [3]],
    [[2, 3], [3]],
    [[], [2, 2]],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [
      [0, 3],
      [1, 3],
    ],
  ];
  return defineOp({
    ...rest,
    inputs: ['x', 'y'],
    broadcasts: true,
    elementwise: true,
    shape: (shapes) => broadcastShapes(rest.name, shapes),
    dtype: dtype(rest.name),
    ...computedByOneOf(kernel, wholeKernel),
    samples: pairs.map(([x, y]) => ({ inputs: [input(x, ranges.x), input(y, ranges.y)] })),
  });
}

/** A question about the elements of two tensors, true or false: no gradient flows through the answer. */
export function predicate(name: string, doc: string, plain: string, tex: string, kernel: ElementwiseKernel): Binary {
  const edge = 'not differentiable';
  return binary({
    name,
    doc,
    tex,
    notation: { plain },
    kernel,
    dtype: boolResult,
    saves: [],
    vjp: { x: edge, y: edge },
  });
}

/** A reduction's arguments, checked. */
export interface ReduceAttrs {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

interface ReductionDefinition<Saved extends 'x' | 'out'> {
  readonly name: string;
  readonly doc: string;
  readonly tex: string;
  /** Its sign in TeX, where that is not its name. */
  readonly sign?: string;
  /** The result with the reduced axes kept, in any dtype. */
  readonly kernel: (x: NdArray, axes: readonly number[]) => NdArray;
  /** The same for a compiler; `kept` is the result with the reduced axes kept. */
  readonly lower: <V>(to: Lowering<V>, x: V, axes: readonly number[], kept: Abstract) => V;
  readonly dtype?: (op: string) => (dtypes: readonly DType[]) => DType;
  readonly saves: readonly Saved[];
  readonly vjp: Edge<Saved, ReduceAttrs>;
  /** What it chooses among the elements, where of none there is no result. */
  readonly chooses?: string;
}

function keepDimsOf(op: string, options: ReduceOptions | undefined): boolean {
  if (options === undefined) return false;
  checkOptions(op, options, ['keepDims']);
  const { keepDims = false } = options;
  checkFlags(op, { keepDims });
  return keepDims;
}

/** `sum(x, axis 0)`: of all elements where no axes are said. */
function reductionNotation(name: string, sign: string, { axes, keepDims }: ReduceAttrs, rank: number): Notation {
  const which = axes.length === rank ? '' : `${axes.length === 1 ? 'axis' : 'axes'} ${axes.join(', ')}`;
  const words = ['x', ...(which === '' ? [] : [which]), ...(keepDims ? ['keepDims'] : [])];
  const under = which === '' ? '' : `_{\\text{${which}}}`;
  const operator = /^\\(sum|prod)$/.test(sign);
  return { plain: `${name}(${words.join(', ')})`, tex: `${sign}${under}${operator ? ' x' : '(x)'}` };
}

/** Refuses an axis with nothing to choose from. */
function checkChoice(op: string, x: Shape, axes: readonly number[], what: string): void {
  const empty = axes.find((axis) => x[axis] === 0);
  if (empty !== undefined && sizeOf(reducedShape(x, axes, false)) > 0) {
    throw new TapegradError(op, `axis ${empty} has no elements. Expected at least one to choose the ${what} from.`);
  }
}

type ReduceArgs = [axes?: Axes, options?: ReduceOptions];

export function reduction<const Saved extends 'x' | 'out' = never>(definition: ReductionDefinition<Saved>): Reduction {
  const { kernel, lower, vjp, dtype = floatResult, chooses, sign, ...rest } = definition;
  const texName = sign ?? `\\operatorname{${rest.name}}`;
  const samples: Sample<ReduceArgs>[] = [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [3, 2] }] },
    { inputs: [{ shape: [3, 2] }], args: [0] },
    { inputs: [{ shape: [3, 2] }], args: [-1, { keepDims: true }] },
    { inputs: [{ shape: [2, 1, 3] }], args: [[0, 2]] },
    { inputs: [{ shape: [0, 3] }], args: [1] },
  ];
  if (chooses === undefined) samples.push({ inputs: [{ shape: [0, 3] }], args: [0] });
  return defineOp<['x'], ReduceArgs, ReduceAttrs, Saved>({
    ...rest,
    notation: ({ attrs, inputs: [x] }) => reductionNotation(rest.name, texName, attrs, x!.shape.length),
    inputs: ['x'],
    attributes: ([x]: Shapes, axes, options) => ({
      axes: normalizeAxes(rest.name, axes, x!.length),
      keepDims: keepDimsOf(rest.name, options),
    }),
    shape: ([x], { axes, keepDims }) => {
      if (chooses !== undefined) checkChoice(rest.name, x!, axes, chooses);
      return reducedShape(x!, axes, keepDims);
    },
    dtype: dtype(rest.name),
    forward: ([x], { attrs: { axes }, dtype, shape }) => finish(kernel(x!, axes), dtype, shape),
    lower: (to, [x], { attrs: { axes }, dtype, shape }) => {
      const kept = { shape: reducedShape(to.of(x!).shape, axes, true), dtype };
      return to.reshape(lower(to, x!, axes, kept), shape);
    },
    vjp: { x: vjp },
    samples,
  });
}
