// What an operation's entry says. Only types: the table is in `ops/`, its use in `op.ts` (forward) and `tape.ts` (backward).

import type { NdArray } from './arrays.ts';
import type { DType } from './dtype.ts';
import type { ElementwiseKernel } from './kernels/elementwise.ts';
import type { Lower } from './lowering.ts';
import type { Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** A value known by shape and dtype alone. */
export interface Abstract {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What a vjp rule may ask of the call that it differentiates, beside what the entry saves. */
export interface Call<Attrs> {
  readonly attrs: Attrs;
  /** Shape and dtype of each operand. */
  readonly inputs: readonly Abstract[];
  /** Which operand the rule is asked for: of use in a variadic op, whose operands share one rule. */
  readonly position: number;
}

/**
 * The vector-Jacobian product of an op by one of its inputs: from the target's derivative by the output, `g`, the
 * derivative by that input. Written in tensor operations, so that it can be differentiated again.
 */
export type VjpRule<Saved extends string, Attrs> = (
  g: Tensor,
  saved: { readonly [K in Saved]: Tensor },
  call: Call<Attrs>,
) => Tensor;

/** How formulas show an op: its operands, by the names that the entry gives them, in their places, e.g. `x ⊙ y`. */
export interface Notation {
  /** In plain text. Default: as a call, `name(x, y)`. */
  readonly plain?: string;
  /** In TeX. Default: the entry's `tex`, where it is a formula of each operand alone and the op has no arguments; otherwise as a call. */
  readonly tex?: string;
}

/** A notation, or what makes one of the arguments and the operands' shapes. */
export type NotationOf<Attrs> = Notation | ((call: Omit<Call<Attrs>, 'position'>) => Notation);

/** One edge of an op: its rule, or the word that nothing flows there. */
export type Edge<Saved extends string, Attrs> = VjpRule<Saved, Attrs> | 'not differentiable';

/** An operand for the tests: random values, uniform in `[low, high)`, by default in [-2, 2). */
export interface SampleInput {
  readonly shape: Shape;
  readonly low?: number;
  readonly high?: number;
  /** Added to the diagonal of the last two axes: a large one makes matrices that have an inverse, or are positive definite. */
  readonly diagonal?: number;
  /** By default a float, whose gradient is tested; `bool` draws 0 and 1, `int32` whole numbers. */
  readonly dtype?: 'bool' | 'int32';
}

/** A call for the tests: operands, and the arguments after them. */
export interface Sample<Args extends readonly unknown[] = readonly unknown[]> {
  readonly inputs: readonly SampleInput[];
  readonly args?: Args;
}

/**
 * All that is known of an operation, in one place. From it come its function and its `Tensor` method, its gradient at every
 * order, its tests, and its page in the docs.
 */
export interface OpDefinition<
  In extends readonly string[],
  Args extends readonly unknown[],
  Attrs,
  Saved extends In[number] | 'out',
  Variadic extends boolean,
> {
  readonly name: string;
  /** One line: what it computes, and how ties and kinks are decided. */
  readonly doc: string;
  /** The formula. */
  readonly tex: string;
  /** How formulas show it: operators and arguments. Parentheses are put where they are needed. Default: as a call. */
  readonly notation?: NotationOf<NoInfer<Attrs>>;
  /** The operands' names. A variadic op has one, for the list. */
  readonly inputs: In;
  /** Whether the operands come as one list of any length. */
  readonly variadic?: Variadic;
  /** Whether operands are broadcast to the output: their adjoints are then summed back to their shape. */
  readonly broadcasts?: boolean;
  /** Whether each element of the output comes of the operands' elements in its place alone: reports of a NaN then show these. */
  readonly elementwise?: boolean;
  /** Checks the arguments after the operands, and puts them into the form that the other rules read. */
  readonly attributes?: (shapes: readonly Shape[], ...args: Args) => Attrs;
  /** The output's shape. @throws TapegradError where the operands' shapes do not fit. */
  readonly shape: (shapes: readonly Shape[], attrs: Attrs) => Shape;
  /** The operands that the output's dtype comes of, and that of numbers beside them. Default: all. */
  readonly typedBy?: readonly In[number][];
  /** The output's dtype. @throws TapegradError where the operands' dtypes do not go together. */
  readonly dtype: (dtypes: readonly DType[], attrs: Attrs) => DType;
  /** The value: a new array, or a view of an operand. */
  readonly forward: (inputs: readonly NdArray[], result: Abstract & { readonly attrs: Attrs }) => NdArray;
  /** Whether `forward` only makes a view of its first operand, by the functions of arrays.ts; a compiled program then moves nothing. */
  readonly isView?: boolean;
  /** How it is compiled. Left out where it is a view, and where a compiled program is to call `forward`. */
  readonly lower?: Lower<NoInfer<Attrs>>;
  /** Of an element-wise op: the kernel that `forward` runs, out of which rules that use the op are joined into one loop. */
  readonly kernel?: (result: Abstract & { readonly attrs: NoInfer<Attrs> }) => ElementwiseKernel;
  /** What backward keeps: operands by name, and `out`. The rules are given these and no others. */
  readonly saves: readonly Saved[];
  /** The rule for each operand. Leaving one out does not compile. */
  readonly vjp: { readonly [K in In[number]]: Edge<Saved, Attrs> };
  /** Calls that the tests make: awkward shapes, every kind of argument. */
  readonly samples: readonly Sample<NoInfer<Args>>[];
}

/** What the entry of an op says that is computed by other ops, and differentiated by their rules. */
export interface CompositeDefinition<F extends (...args: never[]) => Tensor | readonly Tensor[]> {
  readonly name: string;
  /** One line: what it computes, and how ties and kinks are decided. */
  readonly doc: string;
  /** The formula. */
  readonly tex: string;
  /** The operands' names. A variadic op has one, for the list. */
  readonly inputs: readonly string[];
  readonly variadic?: boolean;
  /** Whether the arguments stand before the operands, which then follow one by one: `einsum('ij,jk', x, y)`. */
  readonly argumentsFirst?: boolean;
  /** The operands that gradients flow to. Default: all. */
  readonly differentiable?: readonly string[];
  /** The op, in terms of others. Checks what these would not name well. */
  readonly compute: F;
  /** Calls that the tests make: awkward shapes, every kind of argument. */
  readonly samples: readonly Sample[];
}

/** What is said of every op, and the tests and docs go by. */
export interface Entry {
  readonly name: string;
  readonly doc: string;
  readonly tex: string;
  readonly inputs: readonly string[];
  readonly variadic: boolean;
  /** Whether the arguments stand before the operands, which then follow one by one. */
  readonly argumentsFirst: boolean;
  /** The operands that gradients flow to. */
  readonly differentiable: readonly string[];
  readonly samples: readonly Sample[];
}

/** The entry of an op with rules of its own, as the generic machinery sees it: its types forgotten. */
export interface OpEntry extends Entry {
  readonly broadcasts: boolean;
  readonly elementwise: boolean;
  readonly notation?: NotationOf<unknown>;
  readonly attributes: (shapes: readonly Shape[], ...args: readonly unknown[]) => unknown;
  readonly shape: (shapes: readonly Shape[], attrs: unknown) => Shape;
  readonly typedBy: readonly string[];
  readonly dtype: (dtypes: readonly DType[], attrs: unknown) => DType;
  readonly forward: (inputs: readonly NdArray[], result: Abstract & { readonly attrs: unknown }) => NdArray;
  readonly isView: boolean;
  readonly lower?: Lower<unknown>;
  readonly kernel?: (result: Abstract & { readonly attrs: unknown }) => ElementwiseKernel;
  readonly saves: readonly string[];
  readonly vjp: { readonly [input: string]: Edge<string, unknown> };
}
