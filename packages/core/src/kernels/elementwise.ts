// Element-wise kernels beyond those of `ndarray-ops`, made the way it makes its own: a scalar expression, compiled into loops
// over any strides (with a shortcut in `flat.ts`). Operands already have the output's shape (broadcast by strides of 0).

import compile from 'cwise-compiler';
import type { NdArray } from '../arrays.ts';
import { flatKernel } from './flat.ts';

/** Writes its result for each element into `out`. */
export interface ElementwiseKernel {
  (out: NdArray, ...inputs: NdArray[]): unknown;
  /** What it does with each element, for a compiler to read; undefined where only calling it tells. */
  readonly formula?: ElementFormula;
}

/** A scalar function, with what its names mean. */
export interface ElementFormula {
  readonly inputs: readonly string[];
  /** The numbers that are the same for all elements. A function is given them after the elements. */
  readonly numbers: { readonly [name: string]: number };
  readonly scalar: Scalar;
  /** Whether float32 arithmetic would lose digits that the result has: a compiler computes it in float64, as the kernel does. */
  readonly wide: boolean;
}

/** What else is to be said of a kernel. */
export interface ElementwiseOptions {
  /** Whether the arithmetic needs float64 also where the result is float32. Default: false. */
  readonly wide?: boolean;
  /** Expressions under names, for the scalar and for later ones to use: `{ s: 'Math.exp(x)' }`. Each is computed once. */
  readonly parts?: Parts;
  /** What a compiler reads in place of the scalar. It may differ from it in the last digits, and use `erf` and `sigmoid`. */
  readonly expression?: string;
}

type Parts = { readonly [name: string]: string };

/**
 * What a kernel does with each element: a JavaScript expression over the names of its operands, or a function of them.
 *
 * A compiler reads expressions of names, numbers, `Infinity` and `NaN`; of + - * / and comparisons, && || ! and ?:; and of
 * functions and constants of `Math`. It may compute both sides of a choice. A function it calls, element by element.
 */
export type Scalar = string | ((...values: number[]) => number);

/**
 * A kernel from a JavaScript expression over `inputs`, for example `elementwise('hypotenuse', ['x', 'y'], 'Math.hypot(x, y)')`,
 * or from a function of them where an expression would be long. The arithmetic is in float64, whatever the operands are;
 * storing the result rounds it.
 */
export function elementwise(
  name: string,
  inputs: readonly string[],
  scalar: Scalar,
  options?: ElementwiseOptions,
): ElementwiseKernel {
  return elementwiseWith(name, inputs, [], scalar, options)();
}

/**
 * Kernels that differ in numbers, each the same for all elements: `elementwiseWith('scaled', ['x'], ['factor'], 'factor * x')(2)`
 * doubles. A function is given the numbers after the elements.
 */
export function elementwiseWith(
  name: string,
  inputs: readonly string[],
  numbers: readonly string[],
  scalar: Scalar,
  { wide = false, parts = {}, expression }: ElementwiseOptions = {},
): (...values: number[]) => ElementwiseKernel {
  let writer: Writer | undefined;
  const read = expression ?? scalar;
  const text = typeof read === 'string' ? withParts(read, parts) : read;
  return (...values) => {
    const write = (out: NdArray, ...arrays: NdArray[]): void => {
      writer ??= writerOf(name, inputs, numbers, scalar, parts);
      writer(out, arrays, values);
    };
    const named = Object.fromEntries(numbers.map((name, i) => [name, values[i]!]));
    return Object.assign(write, { formula: { inputs, numbers: named, scalar: text, wide } });
  };
}

/** Writes what a kernel makes of elements and numbers. */
type Writer = (out: NdArray, arrays: readonly NdArray[], values: readonly number[]) => void;

/** Compiled when it is first called: most programs call few of the kernels there are. */
function writerOf(
  name: string,
  inputs: readonly string[],
  numbers: readonly string[],
  scalar: Scalar,
  parts: Parts,
): Writer {
  const empty = { body: '', args: [], thisVars: [], localVars: [] };
  // The compiler replaces names as text, also within other words: these stand within none.
  const unique = (name: string): string => `_${name}_`;
  const operands = [...inputs, ...numbers];
  const run = typeof scalar === 'string' ? functionOf(operands, scalar, parts) : scalar;
  const body =
    typeof run === 'string'
      ? run.replace(new RegExp(`\\b(${operands.join('|')})\\b`, 'g'), unique('$1'))
      : `_scalar_(${operands.map(unique).join(',')})`;
  const variable = (operand: string, lvalue: boolean) => ({ name: unique(operand), lvalue, rvalue: !lvalue, count: 1 });
  const strided = () =>
    compile({
      args: ['array', ...inputs.map(() => 'array' as const), ...numbers.map(() => 'scalar' as const), 'scalar'],
      pre: empty,
      body: {
        body: `{_out_=(${body})}`,
        args: [variable('out', true), ...[...operands, 'scalar'].map((operand) => variable(operand, false))],
        thisVars: [],
        localVars: [],
      },
      post: empty,
      debug: false,
      funcName: name,
      blockSize: 64,
    }) as (...args: unknown[]) => unknown;
  const flat = flatKernel(inputs.map(unique), numbers.map(unique), body, run);
  let kernel: ReturnType<typeof strided> | undefined;
  return (out, arrays, values) => {
    if (flat(out, arrays, values)) return;
    kernel ??= strided();
    kernel(out, ...arrays, ...values, run);
  };
}

/** An expression that uses parts, as a function of its operands that computes each part once; without parts as it is. */
function functionOf(operands: readonly string[], expression: string, parts: Parts): Scalar {
  const lines = Object.entries(parts).map(([name, part]) => `const ${name} = ${part};`);
  if (lines.length === 0) return expression;
  return new Function(...operands, `${lines.join(' ')} return ${expression};`) as Exclude<Scalar, string>;
}

/** An expression with its parts in their places. */
function withParts(expression: string, parts: Parts): string {
  return Object.entries(parts).reduceRight(
    (text, [name, part]) => text.replace(new RegExp(`\\b${name}\\b`, 'g'), `(${part})`),
    expression,
  );
}
