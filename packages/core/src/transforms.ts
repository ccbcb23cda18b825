// Functions of functions: from a function its gradient.

import { TapegradError } from './errors.ts';
import { alias } from './naming.ts';
import { recordWith } from './recording.ts';
import { type GradientOptions, Tape } from './tape.ts';
import { Tensor } from './tensor.ts';
import { type Like, rebuild, sourcesOf, type Tree } from './tree.ts';

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
 * ```
 *
 * @throws TapegradError where `f` does not return a scalar tensor, or does not depend on a part of its first argument
 * (unless `unconnected` is `zero`).
 */
export function valueAndGrad<P extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Tensor,
  options: GradientOptions = {},
): (variables: P, ...rest: Rest) => [value: Tensor, gradient: Like<P>] {
  return (variables, ...rest) => differentiate('valueAndGrad', f, variables, rest, options);
}

/**
 * The gradient of a scalar function by its first argument: {@link valueAndGrad} without the value.
 *
 * ```ts
 * const cube = (x: Tensor) => x.pow(3);
 * grad(cube)(scalar(2)).item(); // → 12
 * grad(grad(cube))(scalar(2)).item(); // → 12
 * ```
 */
export function grad<P extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Tensor,
  options: GradientOptions = {},
): (variables: P, ...rest: Rest) => Like<P> {
  return (variables, ...rest) => differentiate('grad', f, variables, rest, options)[1];
}

function differentiate<P extends Tree, Rest extends readonly unknown[]>(
  op: string,
  f: (variables: P, ...rest: Rest) => Tensor,
  variables: P,
  rest: Rest,
  options: GradientOptions,
): [Tensor, Like<P>] {
  const leaves = sourcesOf(op, variables);
  // Variables of this level's own, so that a tensor which an outer level follows too is not taken for them.
  const own = leaves.map(({ tensor, path }) => alias(tensor, tensor.name ?? (path || undefined)));
  const tape = new Tape({ watchParameters: false });
  const inner = rebuild(variables, own) as unknown as P;
  tape.watch(inner);
  const value = recordWith(op, tape, () => f(inner, ...rest));
  if (!(value instanceof Tensor)) {
    throw new TapegradError(op, `the function returned ${typeof value}. Expected a scalar tensor.`);
  }
  return [value, tape.differentiate(op, value, inner, options)];
}
