// A function with a gradient of the user's own in place of what its operations would give.

import { requireVersions } from '../current.ts';
import { TapegradError } from '../errors.ts';
import { activeTapes } from '../recording.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import {
  describe,
  isFloatTree,
  type Leaf,
  type Like,
  leavesLike,
  leavesOf,
  rebuild,
  sourcesOf,
  type Tree,
} from '../tree.ts';
import { probe, putStep } from './step.ts';

/** What a function with a gradient of its own returns. */
export interface ValueWithVjp<Args extends readonly unknown[], Out extends Tree> {
  readonly value: Out;
  /**
   * The rule: from the derivative by the value, `g`, nested like it, a list of those by each argument, nested like these; null
   * for an argument that has none, such as an option.
   */
  readonly vjp: (g: Like<Out>) => GradientsOf<Args>;
}

/** A gradient, or null, for each argument. */
export type GradientsOf<Args extends readonly unknown[]> = { readonly [K in keyof Args]: Like<Args[K]> | null };

/**
 * A function whose gradient is by a rule of its own, where that of its operations is not what is wanted, or not as
 * precise. On a tape it stands as one step. Written in operations, the rule can be differentiated again: the function is then
 * run once more, so that what the rule uses of it is recorded too.
 *
 * ```ts
 * // The identity, whose gradient is cut off at ±1.
 * const clipped = customGradient((x: Tensor) => ({
 *   value: x,
 *   vjp: (g) => [g.maximum(-1).minimum(1)],
 * }));
 * grad((x: Tensor) => clipped(x).mul(tensor([5, 0.5])).sum())(tensor([1, 2])).toArray(); // → 1,0.5
 * ```
 *
 * @throws TapegradError where the value is no nesting of float tensors, where the function uses a tensor that a tape follows beside
 * its arguments (whose gradient would be lost), and where the rule does not give one gradient for each argument, of its shapes.
 */
export function customGradient<Args extends readonly unknown[], Out extends Tree>(
  f: (...args: Args) => ValueWithVjp<Args, Out>,
): (...args: Args) => Like<Out> {
  return (...args) => {
    const tapes = activeTapes();
    const probed = probe(
      'customGradient',
      tapes,
      () => f(...args),
      (returned) => valuesOf(checkRule(returned).value),
    );
    const { result: first, sources, versions } = probed;
    const trees = args.map((arg) => (isFloatTree(arg) ? leavesOf('customGradient', arg) : []));
    requireArguments(sources, trees, tapes);
    const inputs = trees.flatMap((leaves) => leaves.map(({ tensor }) => tensor));
    const outputs = valuesOf(first.value).map(({ tensor }) => tensor);
    const results = putStep('customGradient', tapes, inputs, outputs, (gs) => {
      requireVersions(versions, 'customGradient');
      // Where this is recorded, so must be what the rule takes from the function.
      const { vjp } = activeTapes().length > 0 ? checkRule(f(...args)) : first;
      return inOrder(vjp(rebuild(first.value, gs)), args, trees);
    });
    return rebuild(first.value, results);
  };
}

function valuesOf(value: Tree): readonly Leaf[] {
  return sourcesOf('customGradient', value, 'the value');
}

function checkRule<Args extends readonly unknown[], Out extends Tree>(
  returned: ValueWithVjp<Args, Out>,
): ValueWithVjp<Args, Out> {
  if (typeof returned === 'object' && returned !== null && typeof returned.vjp === 'function') return returned;
  throw new TapegradError(
    'customGradient',
    `the function returned ${describe(returned)}. Expected { value, vjp: (g) => gradients }.`,
  );
}

/** @throws TapegradError where a tape follows something that no argument brings. */
function requireArguments(
  sources: readonly Tensor[],
  trees: readonly (readonly Leaf[])[],
  tapes: ReturnType<typeof activeTapes>,
): void {
  const given = new Set(
    trees.flatMap((leaves) => leaves.flatMap(({ tensor }) => tapes.map((tape) => tape.sourceOf(tensor)))),
  );
  const stranger = sources.find((source) => !given.has(source));
  if (stranger === undefined) return;
  const name = stranger.name ?? `a tensor of ${stranger.dtype}${showShape(stranger.shape)}`;
  throw new TapegradError(
    'customGradient',
    `the function uses ${name} beside its arguments, whose gradient would be lost. Pass it as an argument.`,
  );
}

/** The rule's gradients in the order of the inputs. */
function inOrder(gradients: unknown, args: readonly unknown[], trees: readonly (readonly Leaf[])[]): (Tensor | null)[] {
  if (!Array.isArray(gradients) || gradients.length !== args.length) {
    throw new TapegradError(
      'customGradient',
      `the rule gave ${describe(gradients)}. Expected a list of ${args.length}: a gradient, or null, for each argument.`,
    );
  }
  return trees.flatMap((leaves, i) => {
    const gradient: unknown = gradients[i];
    if (gradient === null || gradient === undefined || leaves.length === 0) return leaves.map(() => null);
    return leavesLike('customGradient', gradient, args[i] as Tree, `gradient ${i}`, `argument ${i}`);
  });
}
