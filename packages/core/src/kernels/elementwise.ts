// Element-wise kernels beyond those of `ndarray-ops`, made the way it makes its own: a scalar expression, compiled into loops
// over any strides. Operands already have the output's shape (broadcast by strides of 0).

import compile from 'cwise-compiler';
import type { NdArray } from '../arrays.ts';

/** Writes its result for each element into `out`. */
export type ElementwiseKernel = (out: NdArray, ...inputs: NdArray[]) => unknown;

/**
 * A kernel from a JavaScript expression over `inputs`, for example `elementwise('hypotenuse', ['x', 'y'], 'Math.hypot(x, y)')`.
 * The arithmetic is in float64, whatever the operands are; storing the result rounds it.
 */
export function elementwise(name: string, inputs: readonly string[], expression: string): ElementwiseKernel {
  const empty = { body: '', args: [], thisVars: [], localVars: [] };
  // The compiler replaces names as text, also within other words: these stand within none.
  const unique = (name: string): string => `_${name}_`;
  const body = expression.replace(new RegExp(`\\b(${inputs.join('|')})\\b`, 'g'), unique('$1'));
  const variable = (input: string, lvalue: boolean) => ({ name: unique(input), lvalue, rvalue: !lvalue, count: 1 });
  return compile({
    args: ['array', ...inputs.map(() => 'array' as const)],
    pre: empty,
    body: {
      body: `{_out_=(${body})}`,
      args: [variable('out', true), ...inputs.map((input) => variable(input, false))],
      thisVars: [],
      localVars: [],
    },
    post: empty,
    debug: false,
    funcName: name,
    blockSize: 64,
  }) as ElementwiseKernel;
}
