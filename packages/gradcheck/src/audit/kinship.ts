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
    this.ends = links.filter(({ name }) => !links.some(({ uses }) => uses.includes(name))).map(({ name }) => name);
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
