// The quick way through an element-wise kernel, for operands that lie side by side, or are one element: a plain loop, and no
// looking up of loops by strides, which on small arrays takes longer than the loop.

import { isContiguous, type NdArray } from '../arrays.ts';
import { sameShape, sizeOf } from '../shape.ts';

/** A loop over `n` elements. `steps` says how far each operand moves with each: 1, or 0 for one element for all. */
type Loop = (
  n: number,
  out: NdArray,
  inputs: readonly NdArray[],
  steps: readonly number[],
  numbers: readonly number[],
  scalar: unknown,
) => void;

/** Writes into `out` if it knows how to. Returns whether it did. */
export type FlatKernel = (out: NdArray, inputs: readonly NdArray[], numbers: readonly number[]) => boolean;

const stores: { readonly [dtype: string]: number } = { uint8: 0, int32: 1, float32: 2, float64: 3 };

/** What is done with each element. */
interface Body {
  /** What is computed before the expression. */
  readonly lines: readonly string[];
  readonly expression: string;
  /** What both call the scalar function. */
  readonly itself: string;
}

/**
 * The flat kernel of a body over the names of elements and numbers.
 *
 * One loop is compiled for each combination of stores: a loop that met several would look at each element's store anew.
 */
export function flatKernel(
  elements: readonly string[],
  numbers: readonly string[],
  body: Body,
  scalar: unknown,
): FlatKernel {
  const loops: (Loop | undefined)[] = [];
  return (out, inputs, values) => {
    if (!isContiguous(out)) return false;
    const steps = inputs.map((x) => stepOf(x, out));
    let key = stores[out.dtype]!;
    for (let i = 0; i < inputs.length; i++) {
      if (steps[i]! < 0) return false;
      key = key * 4 + stores[inputs[i]!.dtype]!;
    }
    loops[key] ??= compileLoop(elements, numbers, body, key);
    loops[key]!(sizeOf(out.shape), out, inputs, steps, values, scalar);
    return true;
  };
}

/** How far `x` moves with each element of `out`; -1 where that is not the same for all. */
function stepOf(x: NdArray, out: NdArray): number {
  if (!sameShape(x.shape, out.shape)) return -1;
  if (isContiguous(x)) return 1;
  return x.stride.every((stride, axis) => stride === 0 || x.shape[axis] === 1) ? 0 : -1;
}

function compileLoop(
  elements: readonly string[],
  numbers: readonly string[],
  { lines, expression, itself }: Body,
  key: number,
): Loop {
  const each = (line: (name: string, i: number) => string): string => elements.map(line).join(' ');
  return new Function(
    `n, out, inputs, steps, numbers, ${itself}`,
    `// ${key}: of the same text the engine would make one function
    const to = out.data;
    ${each((_, i) => `const data${i} = inputs[${i}].data, step${i} = steps[${i}]; let at${i} = inputs[${i}].offset;`)}
    ${numbers.map((name, i) => `const ${name} = numbers[${i}];`).join(' ')}
    for (let i = 0, at = out.offset; i < n; i++, at++) {
      ${each((name, i) => `const ${name} = data${i}[at${i}]; at${i} += step${i};`)}
      ${lines.join(' ')}
      to[at] = ${expression};
    }`,
  ) as Loop;
}
