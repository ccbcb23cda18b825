// exp, tanh and their like, four elements at a time.

import {
  callFor,
  inlineMath,
  keepQuad,
  type MathName,
  mathArity,
  mathFunction,
  type Quad,
  type Steps,
} from '@tapegrad/wasm';
import type { ScalarFunction, ScalarStep } from '../scalar.ts';

/** A body with more functions than this calls them: written out each time, they would make the code long. */
const mostInline = 6;

/** Whether a step is a function that is computed by approximation. */
export function isFunction(op: ScalarStep['op']): op is ScalarFunction {
  return op in mathArity;
}

/** Whether the functions of a body are written out where they are used. */
export function areInline(body: readonly ScalarStep[]): boolean {
  return body.filter(({ op }) => isFunction(op)).length <= mostInline;
}

/** The value of a function, of four elements or two times four. */
export function functionQuad(
  steps: Steps,
  name: ScalarFunction & MathName,
  operands: readonly Quad[],
  { relaxed, inline }: { readonly relaxed: boolean; readonly inline: boolean },
): Quad {
  const [{ type, parts }, second] = operands as [Quad, Quad];
  const kind = { type: type === 'f64' ? 'f64' : 'f32', relaxed } as const;
  const values = parts.map((x, p) => {
    if (!inline) {
      const vectors = second === undefined ? [x] : [x, second.parts[p]!];
      return callFor('v128', mathFunction(name, kind), ...vectors);
    }
    return name === 'pow' ? inlineMath.pow(steps, x, second.parts[p]!, kind) : inlineMath[name](steps, x, kind);
  });
  return keepQuad(steps, type, values);
}
