// The table of mathematical functions on vectors: each inline, or as a function of the module, from the same source.

import { local } from '../assembler/control.ts';
import type { DefinedFunction, Expression, Local } from '../assembler/expression.ts';
import { defineFunction } from '../assembler/function.ts';
import { Steps } from '../assembler/steps.ts';
import { erf } from './error-function.ts';
import { exp, expm1 } from './exponential.ts';
import { sigmoid, tanh } from './hyperbolic.ts';
import type { MathKind } from './ieee.ts';
import { log, log1p } from './logarithm.ts';
import { pow } from './power.ts';
import { cos, sin } from './trigonometric.ts';

type UnaryName = 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sigmoid' | 'sin' | 'cos' | 'erf';

/** The functions that there are. */
export type MathName = UnaryName | 'pow';

/** Adds the steps of a function of one vector, and gives its value. */
export type InlineUnary = (steps: Steps, x: Local<'v128'>, kind: MathKind) => Expression<'v128'>;

/** Adds the steps of a function of two vectors, and gives its value. */
export type InlineBinary = (steps: Steps, x: Local<'v128'>, y: Local<'v128'>, kind: MathKind) => Expression<'v128'>;

/**
 * The functions as code that goes where it is used: lane by lane, without branches (but for sin and cos of large
 * angles). In a loop that is up to three times as fast as {@link mathFunction}, since the engine then makes the
 * constants once. The value is an expression to be used once; keep it for more. Zeros keep their signs, infinities and
 * NaN give what IEEE 754 says, and numbers below the least normal one are taken and given in full.
 *
 * The largest errors that were found, in units in the last place of the exact result, whether x · y + z is rounded
 * once or twice (float32: among 44 million numbers of every size, and for most functions every number of medium size;
 * float64, and pow: among 120 thousand):
 *
 * | function | float32 | float64 |
 * | --- | --- | --- |
 * | exp | 1.0 | 1.0 |
 * | expm1 | 1.5 | 2.1 |
 * | log, log1p | 0.9 | 0.9 |
 * | tanh | 1.4 | 1.4 |
 * | sigmoid | 2.0 | 1.9 |
 * | sin, cos | 1.6 | 1.6 |
 * | erf | 1.0 | 1.2 |
 * | pow | 0.51 | 1.1 |
 *
 * ```ts
 * const { at } = locals('i32', 'at');
 * const steps = new Steps();
 * const x = steps.keep(v128.load(at));
 * steps.do(v128.store(at, inlineMath.tanh(steps, x, { type: 'f32', relaxed: false })));
 * const tanhAt = defineFunction({ name: 'tanh at', params: [at], body: steps.statements });
 * const { memory, run } = instantiate(
 *   assemble({ exports: { run: tanhAt }, memory: { pages: 1, as: 'memory' } }),
 * ).exports as unknown as { memory: WasmMemory; run(at: number): void };
 * const numbers = new Float32Array(memory.buffer, 0, 4);
 * numbers.set([0, 1, -1, 100]);
 * run(0);
 * numbers; // → 0,0.7615941762924194,-0.7615941762924194,1
 * ```
 */
export const inlineMath: { readonly [N in UnaryName]: InlineUnary } & { readonly pow: InlineBinary } = {
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  sin,
  cos,
  erf,
  pow,
};

/** How many vectors each function takes. */
export const mathArity: { readonly [N in MathName]: N extends 'pow' ? 2 : 1 } = {
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  tanh: 1,
  sigmoid: 1,
  sin: 1,
  cos: 1,
  erf: 1,
  pow: 2,
};

const made = new Map<string, DefinedFunction>();

/**
 * A function as one of the module: a vector, or two for pow, to a vector. Asked for again it is the same, so that a
 * module holds it once.
 *
 * ```ts
 * const kind = { type: 'f64', relaxed: false } as const;
 * mathFunction('exp', kind) === mathFunction('exp', { ...kind }); // → true
 * ```
 */
export function mathFunction(name: MathName, kind: MathKind): DefinedFunction {
  const key = `${name} ${kind.type}${kind.relaxed ? ' relaxed' : ''}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const steps = new Steps();
  const [x, y] = [local('v128'), local('v128')];
  const [params, result] =
    name === 'pow' ? [[x, y], inlineMath.pow(steps, x, y, kind)] : [[x], inlineMath[name](steps, x, kind)];
  const source = defineFunction({ name: key, params, body: steps.statements, result });
  made.set(key, source);
  return source;
}
