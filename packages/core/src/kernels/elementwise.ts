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
  /** What it is made of; undefined where it was made by other means. */
  readonly source?: ElementSource;
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

/** A scalar function as it was written. */
export interface ElementSource extends Pick<ElementFormula, 'inputs' | 'numbers' | 'scalar'> {
  readonly parts: Parts;
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

/** Expressions under names, each over the operands and the parts before it. */
export type Parts = { readonly [name: string]: string };

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
    return Object.assign(write, {
      formula: { inputs, numbers: named, scalar: text, wide },
      source: { inputs, numbers: named, scalar, parts },
    });
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
  const [result, itself] = ['_0_', '_1_']; // no operand's name begins with a digit
  const operands = [...inputs, ...numbers];
  const names = new RegExp(`\\b(${[...operands, ...Object.keys(parts)].join('|')})\\b`, 'g');
  const renamed = (expression: string): string => expression.replace(names, unique('$1'));
  const run = typeof scalar === 'string' ? functionOf(operands, scalar, parts) : scalar;
  const call = `${itself}(${operands.map(unique).join(',')})`;
  const body = typeof run === 'string' ? renamed(run) : call;
  const variable = (name: string, lvalue = false) => ({ name, lvalue, rvalue: !lvalue, count: 1 });
  const strided = () =>
    compile({
      args: ['array', ...inputs.map(() => 'array' as const), ...numbers.map(() => 'scalar' as const), 'scalar'],
      pre: empty,
      body: {
        body: `{${result}=(${body})}`,
        args: [variable(result, true), ...operands.map((name) => variable(unique(name))), variable(itself)],
        thisVars: [],
        localVars: [],
      },
      post: empty,
      debug: false,
      funcName: name,
      blockSize: 64,
    }) as (...args: unknown[]) => unknown;
  const lines = Object.entries(parts).map(([name, part]) => `const ${unique(name)} = ${renamed(part)};`);
  const inLoop = typeof scalar === 'string' ? renamed(scalar) : call;
  const flat = flatKernel(inputs.map(unique), numbers.map(unique), { lines, expression: inLoop, itself }, run);
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
