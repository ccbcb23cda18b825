// Who uses whom in a chain, directly or not.

import { largest } from '../comparison.ts';
import type { Link } from './chain.ts';

/** The links of a chain by what they are computed from. */
export class Kinship {
  /** Whether any gradient is computed from what came back for another one. */
  readonly isChain: boolean;
  /**
   * What the chain is there for: the gradients by parameters (by inputs, where there are none; by whatever comes last) that nothing
   * more is computed from. Zeros tell nothing about factors.
   */
  readonly ends: readonly string[];
  private readonly before: Map<string, ReadonlySet<string>> = new Map();

  constructor(links: readonly Link[]) {
    for (const { name, uses } of links) {
      this.before.set(name, new Set(uses.flatMap((used) => [used, ...this.ancestors(used)])));
    }
    this.isChain = links.some(({ uses }) => uses.length > 0);
    const last = links.filter(
      ({ name, gradient }) => largest(gradient.toData()) > 0 && !links.some(({ uses }) => uses.includes(name)),
    );
    const kinds = (['param', 'input', 'intermediate'] as const).map((kind) =>
      last.filter((link) => link.kind === kind),
    );
    this.ends = (kinds.find((some) => some.length > 0) ?? []).map(({ name }) => name);
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
