// Products of the Jacobian with vectors, without the Jacobian: Jᵀg backward, Jv forward, and those of the Hessian.

import { zerosLike } from '../create.ts';
import { TapegradError } from '../errors.ts';
import { recordWith } from '../recording.ts';
import { Tape } from '../tape.ts';
import type { Tensor } from '../tensor.ts';
import { type Like, leavesLike, rebuild, sourcesOf, type Tree } from '../tree.ts';
import { checkUnconnected, connected, type GradientOptions } from '../unconnected.ts';
import { type AnyFunction, differentiate } from './gradient.ts';
import { recordOn } from './variables.ts';

/** From a cotangent, nested like a function's result, the derivatives by its arguments. */
export type Pullback<Args extends readonly Tree[], Out extends Tree> = (
  cotangent: Like<Out>,
  options?: GradientOptions,
) => Like<Args>;

/** From tangents, one for each of a function's arguments, the tangent of its result. */
export type Pushforward<Args extends readonly Tree[], Out extends Tree> = (...tangents: LikeAll<Args>) => Like<Out>;

/** What is like each of a list. */
export type LikeAll<Args extends readonly Tree[]> = { [K in keyof Args]: Like<Args[K]> };

/**
 * The result of `f`, and its pullback: the vector-Jacobian product g ↦ Jᵀg, one backward pass, as often as one likes. Arguments,
 * result and cotangent may be any nestings of float tensors; the pullback gives a list with what is like each argument.
 *
 * ```ts
 * const [out, pullback] = vjp((x: Tensor, y: Tensor) => x.mul(y), tensor([1, 2]), tensor([3, 4]));
 * out.toArray(); // → 3,8
 * const [dx, dy] = pullback(tensor([1, 10]));
 * dx.toArray(); // → 3,40
 * dy.toArray(); // → 1,20
 * ```
 *
 * @throws TapegradError where the result holds what is no float tensor; the pullback, where the cotangent is not like the
 * result, and where the result does not depend on an argument (unless `unconnected` is `zero`).
 */
export function vjp<Args extends readonly Tree[], Out extends Tree>(
  f: (...primals: Args) => Out,
  ...primals: Args
): [out: Out, pullback: Pullback<Args, Out>] {
  const { tape, leaves, variables, result } = recordOn('vjp', primals, (own) => f(...own));
  const outs = sourcesOf('vjp', result, 'the result').map(({ tensor }) => tensor);
  const pullback: Pullback<Args, Out> = (cotangent, options = {}) => {
    checkUnconnected('vjp', options);
    const seeds = leavesLike('vjp', cotangent, result, 'the cotangent', 'the result');
    return rebuild(primals, connected('vjp', tape.pull(outs, seeds, variables), leaves, options));
  };
  return [result, pullback];
}

/**
 * The result of `f`, and the derivative of the result along tangents, one for each argument: the Jacobian-vector product Jv.
 *
 * Jᵀu is linear in u, so its own vector-Jacobian product is Jv, whatever u is. That costs `f` and two backward passes (one of
 * them over the other) in place of the one pass alongside `f` of forward mode by rules of its own; and the memory of `f`
 * recorded, as for a gradient. In exchange every op has it from its one rule.
 *
 * ```ts
 * const [out, tangent] = jvp((x: Tensor) => x.square(), [tensor([3, 4])], [tensor([1, 10])]);
 * out.toArray(); // → 9,16
 * tangent.toArray(); // → 6,80
 * ```
 *
 * Source: J. Townsend, "A new trick for calculating Jacobian vector products", 2017.
 *
 * @throws TapegradError where arguments or result hold what is no float tensor, where the tangents are not like the arguments, and
 * where no part of the result depends on any argument (unless `unconnected` is `zero`). A part that does not has the tangent 0.
 */
export function jvp<Args extends readonly Tree[], Out extends Tree>(
  f: (...primals: Args) => Out,
  primals: Args,
  tangents: LikeAll<Args>,
  options: GradientOptions = {},
): [out: Out, tangent: Like<Out>] {
  checkUnconnected('jvp', options);
  if (!isList(primals)) {
    throw new TapegradError('jvp', 'the arguments are no list. Expected a list of them, and one of their tangents.');
  }
  const [out, push] = linearized('jvp', f, primals, options);
  return [out, push(tangents)];
}

/**
 * The result of `f`, and its derivative there as a linear function of tangents: {@link jvp} for many tangents at one point. What
 * does not depend on the tangents is computed once; each tangent then costs one backward pass.
 *
 * ```ts
 * const [out, push] = linearize((x: Tensor) => x.square(), tensor([3, 4]));
 * out.toArray(); // → 9,16
 * push(tensor([1, 0])).toArray(); // → 6,0
 * push(tensor([0, 1])).toArray(); // → 0,8
 * ```
 *
 * @throws TapegradError as {@link jvp} does.
 */
export function linearize<Args extends readonly Tree[], Out extends Tree>(
  f: (...primals: Args) => Out,
  ...primals: Args
): [out: Out, push: Pushforward<Args, Out>] {
  const [out, push] = linearized('linearize', f, primals, {});
  return [out, (...tangents) => push(tangents)];
}

function linearized<Args extends readonly Tree[], Out extends Tree>(
  op: string,
  f: (...primals: Args) => Out,
  primals: Args,
  { unconnected }: GradientOptions,
): [out: Out, push: (tangents: LikeAll<Args>) => Like<Out>] {
  const { tape, variables, result } = recordOn(op, primals, (own) => f(...own));
  const outs = sourcesOf(op, result, 'the result').map(({ tensor }) => tensor);
  // Any cotangents will do: only how the pullback depends on them matters.
  const cotangents = outs.map((out) => zerosLike(out));
  const linear = new Tape({ watchParameters: false, persistent: true });
  for (const cotangent of cotangents) linear.watchApart(cotangent);
  const pulled = recordWith(op, linear, () => tape.pull(outs, cotangents, variables));
  const dependent = [...pulled.keys()].filter((i) => pulled[i] !== undefined);
  if (dependent.length === 0 && outs.length > 0 && unconnected !== 'zero') {
    throw new TapegradError(
      op,
      'the result does not depend on the arguments: its derivative along any tangent is 0. Expected it to be computed from them by operations on tensors.',
    );
  }
  const push = (tangents: LikeAll<Args>): Like<Out> => {
    const along = leavesLike(op, tangents, primals, 'the list of tangents', 'the arguments');
    const targets = dependent.map((i) => pulled[i]!);
    const seeds = dependent.map((i) => along[i]!);
    const tangentsOut = linear.pull(targets, seeds, cotangents);
    return rebuild(
      result,
      outs.map((out, i) => tangentsOut[i] ?? zerosLike(out)),
    );
  };
  return [result, push];
}

/**
 * The function that gives the product Hv of a scalar function's Hessian by its first argument with `v`, in the nesting of both.
 * The Hessian is never formed: it is the gradient, recorded, pulled back once more. Further arguments of `f` follow `v`.
 *
 * ```ts
 * const f = (x: Tensor) => x.pow(3).sum(); // H = diag(6x)
 * hvp(f)(tensor([1, 2]), tensor([1, 1])).toArray(); // → 6,12
 * ```
 *
 * @throws TapegradError where `f` does not return a scalar tensor or does not depend on a part of the argument (unless
 * `unconnected` is `zero`), and where `v` is not like the argument.
 */
export function hvp<P extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Tensor,
  options: GradientOptions = {},
): (variables: P, v: Like<P>, ...rest: Rest) => Like<P> {
  return (variables, v, ...rest) => {
    const slope = (own: P) => differentiate('hvp', f as AnyFunction, [own, ...rest], options).gradient as Tree;
    const { tape, leaves, variables: sources, result } = recordOn('hvp', variables, slope);
    const slopes = sourcesOf('hvp', result).map(({ tensor }) => tensor);
    const seeds = leavesLike('hvp', v, variables, 'the vector', 'the argument');
    // A gradient that does not change with a variable has second derivatives of 0 by it.
    const products = connected('hvp', tape.pull(slopes, seeds, sources), leaves, { unconnected: 'zero' });
    return rebuild(variables, products);
  };
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}
