// A function's own variables: its arguments as the tape of one transform follows them, apart from every other level's.

import { alias } from '../naming.ts';
import { recordWith } from '../recording.ts';
import { Tape } from '../tape.ts';
import type { Tensor } from '../tensor.ts';
import { type Leaf, rebuild, sourcesOf, type Tree } from '../tree.ts';

/** A call of a function, on a tape of its own. */
export interface Recorded<P extends Tree, Result> {
  readonly tape: Tape;
  /** The tensors that were given. */
  readonly leaves: readonly Leaf[];
  /** The variables that the function saw in their place. */
  readonly variables: readonly Tensor[];
  /** The same in their nesting. */
  readonly own: P;
  readonly result: Result;
}

/**
 * Runs `f` on variables of its own, so that a tensor which an outer level follows too is not taken for them. The tape can be
 * asked as often as one likes.
 *
 * @throws TapegradError where a leaf is no float tensor, or `f` returns a promise.
 */
export function recordOn<P extends Tree, Result>(op: string, tree: P, f: (own: P) => Result): Recorded<P, Result> {
  const leaves = sourcesOf(op, tree);
  const variables = leaves.map(({ tensor, path }) => alias(tensor, tensor.name ?? (path || undefined)));
  const tape = new Tape({ watchParameters: false, persistent: true });
  for (const variable of variables) tape.watchApart(variable);
  const own = rebuild(tree, variables) as unknown as P;
  return { tape, leaves, variables, own, result: recordWith(op, tape, () => f(own)) };
}
