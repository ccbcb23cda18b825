// Element-wise kernels beyond those of `ndarray-ops`, made the way it makes its own: a scalar expression, compiled into loops
// over any strides (with a shortcut in `flat.ts`). Operands already have the output's shape (broadcast by strides of 0).

import compile from 'cwise-compiler';
import type { NdArray } from '../arrays.ts';
import { flatKernel } from './flat.ts';

/** Writes its result for each element into `out`. */
export type ElementwiseKernel = (out: NdArray, ...inputs: NdArray[]) => unknown;

/** What a kernel does with each element: a JavaScript expression over the names of its operands, or a function of them. */
export type Scalar = string | ((...values: number[]) => number);

/**
 * A kernel from a JavaScript expression over `inputs`, for example `elementwise('hypotenuse', ['x', 'y'], 'Math.hypot(x, y)')`,
 * or from a function of them where an expression would be long. The arithmetic is in float64, whatever the operands are;
 * storing the result rounds it.
 */
export function elementwise(name: string, inputs: readonly string[], scalar: Scalar): ElementwiseKernel {
  return elementwiseWith(name, inputs, [], scalar)();
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
): (...values: number[]) => ElementwiseKernel {
  const empty = { body: '', args: [], thisVars: [], localVars: [] };
  // The compiler replaces names as text, also within other words: these stand within none.
  const unique = (name: string): string => `_${name}_`;
  const operands = [...inputs, ...numbers];
  const body =
    typeof scalar === 'string'
      ? scalar.replace(new RegExp(`\\b(${operands.join('|')})\\b`, 'g'), unique('$1'))
      : `_scalar_(${operands.map(unique).join(',')})`;
  const variable = (operand: string, lvalue: boolean) => ({ name: unique(operand), lvalue, rvalue: !lvalue, count: 1 });
  const kernel = compile({
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
  const flat = flatKernel(inputs.map(unique), numbers.map(unique), body, scalar);
  return (...values) =>
    (out, ...arrays) => {
      if (!flat(out, arrays, values)) kernel(out, ...arrays, ...values, scalar);
    };
}
