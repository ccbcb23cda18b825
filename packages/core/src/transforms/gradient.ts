// From a function its gradient, alone or with the value.

import { TapegradError } from '../errors.ts';
import { Tensor } from '../tensor.ts';
import { describe, type Like, type Tree } from '../tree.ts';
import type { GradientOptions } from '../unconnected.ts';
import { recordOn } from './variables.ts';

/** Which argument a gradient is taken by, or which several, counted from 0. */
export type ArgumentNumbers = number | readonly number[];

/** How {@link grad} and {@link valueAndGrad} differentiate. */
export interface GradOptions<N extends ArgumentNumbers = ArgumentNumbers> extends GradientOptions {
  /** The argument to differentiate by, or a list of several, which gives a list of gradients. Default: 0, the first. */
  readonly argument?: N;
  /** Whether the function returns `[value, rest]`, where the rest is passed on as it is. Default: false. */
  readonly hasAux?: boolean;
}

/** The gradient by the arguments that are asked for: like the one, or a list of what is like each. */
export type GradientBy<Args extends readonly unknown[], N extends ArgumentNumbers> = N extends readonly number[]
  ? { -readonly [K in keyof N]: Like<Args[N[K] & keyof Args]> }
  : N extends number
    ? Like<Args[N]>
    : never;

/**
 * The function that gives both the value of `f` and its gradient by its first argument, which may be any nesting of objects
 * and arrays of tensors. Further arguments are passed on.
 *
 * Calls may be nested: each level differentiates by its own variable alone, also where both are the same tensor.
 *
 * ```ts
 * const lossOf = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => x.mul(w).add(b).square().mean();
 * const [loss, gradients] = valueAndGrad(lossOf)({ w: scalar(2), b: scalar(1) }, tensor([0, 1]));
 * loss.item(); // → 5
 * gradients.w.item(); // → 3
 * gradients.b.item(); // → 4
 *
 * const withParts = (x: Tensor) => [x.square().sum(), { largest: x.max() }] as const;
 * const [[value, parts], slope] = valueAndGrad(withParts, { hasAux: true })(tensor([1, 2]));
 * value.item(); // → 5
 * parts.largest.item(); // → 2
 * slope.toArray(); // → 2,4
 * ```
 *
 * @throws TapegradError where `f` does not return a scalar tensor, or does not depend on a part of the argument (unless
 * `unconnected` is `zero`).
 */
export function valueAndGrad<Args extends readonly unknown[], const N extends ArgumentNumbers = 0>(
  f: (...args: Args) => Tensor,
  options?: GradOptions<N> & { readonly hasAux?: false },
): (...args: Args) => [value: Tensor, gradient: GradientBy<Args, N>];
export function valueAndGrad<Args extends readonly unknown[], Aux, const N extends ArgumentNumbers = 0>(
  f: (...args: Args) => readonly [value: Tensor, aux: Aux],
  options: GradOptions<N> & { readonly hasAux: true },
): (...args: Args) => [valueAndAux: [value: Tensor, aux: Aux], gradient: GradientBy<Args, N>];
export function valueAndGrad(
  f: AnyFunction,
  options: GradOptions = {},
): (...args: readonly unknown[]) => [unknown, unknown] {
  return (...args) => {
    const { value, aux, gradient } = differentiate('valueAndGrad', f, args, options);
    return [options.hasAux ? [value, aux] : value, gradient];
  };
}

/**
 * The gradient of a scalar function by its first argument, or by those that `argument` lists: {@link valueAndGrad} without the
 * value. With `hasAux` it comes as `[gradient, rest]`.
 *
 * ```ts
 * const cube = (x: Tensor) => x.pow(3);
 * grad(cube)(scalar(2)).item(); // → 12
 * grad(grad(cube))(scalar(2)).item(); // → 12
 *
 * const product = (x: Tensor, y: Tensor) => x.mul(y);
 * grad(product, { argument: 1 })(scalar(2), scalar(3)).item(); // → 2
 * const [dx, dy] = grad(product, { argument: [0, 1] })(scalar(2), scalar(3));
 * dx.item(); // → 3
 * ```
 */
export function grad<Args extends readonly unknown[], const N extends ArgumentNumbers = 0>(
  f: (...args: Args) => Tensor,
  options?: GradOptions<N> & { readonly hasAux?: false },
): (...args: Args) => GradientBy<Args, N>;
export function grad<Args extends readonly unknown[], Aux, const N extends ArgumentNumbers = 0>(
  f: (...args: Args) => readonly [value: Tensor, aux: Aux],
  options: GradOptions<N> & { readonly hasAux: true },
): (...args: Args) => [gradient: GradientBy<Args, N>, aux: Aux];
export function grad(f: AnyFunction, options: GradOptions = {}): (...args: readonly unknown[]) => unknown {
  return (...args) => {
    const { aux, gradient } = differentiate('grad', f, args, options);
    return options.hasAux ? [gradient, aux] : gradient;
  };
}

/** A function with its types forgotten. */
export type AnyFunction = (...args: readonly unknown[]) => unknown;

/** What a differentiated function gave. */
export interface Differentiated {
  readonly value: Tensor;
  readonly aux: unknown;
  readonly gradient: unknown;
}

/** {@link valueAndGrad}, with errors in the name of the function that the user called. */
export function differentiate(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  options: GradOptions,
): Differentiated {
  const { argument = 0, hasAux = false } = options;
  const several = Array.isArray(argument);
  const numbers = (several ? argument : [argument]) as readonly number[];
  for (const number of numbers) checkArgument(op, number, args.length);
  if (new Set(numbers).size < numbers.length) {
    throw new TapegradError(op, `argument lists [${numbers.join(', ')}]. Expected each once.`);
  }
  // One argument is a tree of its own: its paths in messages begin inside it.
  const asked = (several ? numbers.map((number) => args[number]) : args[argument as number]) as Tree;
  const { tape, own, result } = recordOn(op, asked, (variables) => {
    const replaced = [...args];
    numbers.forEach((number, i) => {
      replaced[number] = several ? (variables as readonly unknown[])[i] : variables;
    });
    return f(...replaced);
  });
  const [value, aux] = hasAux ? pairOf(op, result) : [result, undefined];
  if (!(value instanceof Tensor)) throw notScalar(op, value, hasAux);
  return { value, aux, gradient: tape.differentiate(op, value, own, options) };
}

function checkArgument(op: string, number: unknown, count: number): void {
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < Math.max(count, 1)) return;
  throw new TapegradError(
    op,
    `argument is ${String(number)}. Expected a whole number from 0 to ${count - 1}: the function was called with ${count} arguments.`,
  );
}

function pairOf(op: string, result: unknown): readonly [unknown, unknown] {
  if (Array.isArray(result) && result.length === 2) return result as unknown as readonly [unknown, unknown];
  throw new TapegradError(
    op,
    `the function returned ${describe(result)}. Expected [value, rest] of a function with hasAux.`,
  );
}

function notScalar(op: string, value: unknown, hasAux: boolean): TapegradError {
  const hint = Array.isArray(value) && !hasAux ? '; of [value, rest] pass { hasAux: true }' : '';
  return new TapegradError(op, `the function returned ${describe(value)}. Expected a scalar tensor${hint}.`);
}
