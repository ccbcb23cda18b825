// Who uses whom in a chain, directly or not.

import type { Link } from './chain.ts';

/** The links of a chain by what they are computed from. */
export class Kinship {
  /** The gradients that nothing more is computed from: what the chain is there for. */
  readonly ends: readonly string[];
  private readonly before: Map<string, ReadonlySet<string>> = new Map();

  constructor(links: readonly Link[]) {
    for (const { name, uses } of links) {
      this.before.set(name, new Set(uses.flatMap((used) => [used, ...this.ancestors(used)])));
    }
    const last = links.filter(({ name }) => !links.some(({ uses }) => uses.includes(name)));
    // Behind a unit that is dead nothing is seen to be computed, but an intermediate is no end.
    const goals = last.filter(({ kind }) => kind !== 'intermediate');
    const isChain = links.some(({ uses }) => uses.length > 0);
    this.ends = (isChain && goals.length > 0 ? goals : last).map(({ name }) => name);
  }

  /** The gradients that it is computed from. */
  ancestors(name: string): ReadonlySet<string> {
    return this.before.get(name) ?? new Set();
  }

  /** The ends that are computed from it, or that it is itself. */
  endsOf(name: string): readonly string[] {
    return this.ends.filter((end) => end === name || this.ancestors(end).has(name));
  }
}
