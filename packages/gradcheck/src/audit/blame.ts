// Whose factors are mistakes. Many authors take 1/m at the weights, and carry m times the gradient until there: a factor is a mistake if more
// ends of the chain are right without it. Found by running the chain without it.

import type { Chain, Corrections, Link, Walk } from './chain.ts';
import { isOne } from './factors.ts';
import type { Kinship } from './kinship.ts';

/** A factor that ends of the chain may be off by because of one formula. */
interface Suspicion {
  readonly name: string;
  readonly factor: number;
  /** Whether it is all that the formula brings in, and not a part of it beside a convention. */
  readonly exact: boolean;
}

/** Tells mistakes from conventions. The factor that sets most ends right comes first; then what is left is looked at anew. */
export class Blame {
  /** The factors that are mistakes, by name. */
  readonly mistakes: ReadonlyMap<string, number>;
  /** The chain without them. */
  readonly walk: Walk;
  private readonly chain: Chain;
  private readonly kinship: Kinship;
  /** The formulas that are wrong otherwise. What they were meant to carry shows in what later ones make up for. */
  private readonly unjust: ReadonlySet<string>;
  private readonly plain: Walk;

  constructor(chain: Chain, kinship: Kinship, unjust: (walk: Walk) => ReadonlySet<string>) {
    this.chain = chain;
    this.kinship = kinship;
    this.plain = chain.walk(new Map());
    this.unjust = unjust(this.plain);
    const corrections = new Map<string, number>();
    let walk = this.plain;
    for (let best = this.strongest(walk, corrections); best !== undefined; best = this.strongest(walk, corrections)) {
      corrections.set(best.name, best.factor);
      walk = chain.walk(corrections);
    }
    // What is still off by a factor is to blame for it itself: an end; and what leads to no end, so that nobody makes up for it.
    const isRight = this.countRight(this.plain, new Map()) === kinship.ends.length;
    const factorAt = (name: string): number => {
      if (kinship.ends.includes(name)) return walk.carry(name) ?? 1;
      const leadsNowhere = kinship.endsOf(name).length === 0 && (kinship.isChain || !isRight);
      return leadsNowhere ? (this.brings(name) ?? 1) : (corrections.get(name) ?? 1);
    };
    for (const { name } of chain.links) {
      if (!this.unjust.has(name) && !isOne(factorAt(name) / (corrections.get(name) ?? 1))) {
        corrections.set(name, factorAt(name));
      }
    }
    this.walk = walk;
    this.mistakes = new Map([...corrections].filter(([name]) => !this.unjust.has(name)));
  }

  /** The names of the formulas that are no multiple of the right one. */
  get wrong(): ReadonlySet<string> {
    return this.unjust;
  }

  /** The factor that a formula brings in by itself; null where what it gives is no multiple of the right gradient. */
  brings(name: string): number | null {
    if (this.unjust.has(name)) return null;
    const link = this.linkOf(name);
    const [carry, incoming] = [this.plain.carry(name), this.plain.incoming(name)];
    // What a regrouped gradient brings in shows where it is put right.
    if (link.regrouped) {
      const next = this.chain.links.find((other) => !other.regrouped && this.kinship.ancestors(other.name).has(name));
      return next === undefined ? null : this.plain.carry(next.name);
    }
    if (link.uses.some((used) => this.linkOf(used).regrouped)) return carry === null ? null : 1;
    if (carry !== null && incoming !== null) return isOne(carry / incoming) ? 1 : carry / incoming;
    return link.factor;
  }

  private linkOf(name: string): Link {
    return this.chain.links.find((link) => link.name === name)!;
  }

  /** The suspicion that would set most ends right; undefined where none would. */
  private strongest(walk: Walk, corrections: Corrections): Suspicion | undefined {
    const right = this.countRight(walk, corrections);
    if (right === this.kinship.ends.length) return undefined;
    let [best, most] = [undefined as Suspicion | undefined, 0];
    for (const suspicion of this.suspicions(walk, corrections)) {
      const without = new Map([...corrections, [suspicion.name, suspicion.factor]]);
      const gain = this.countRight(this.chain.walk(without), without) - right;
      if (gain > most || (gain === most && gain > 0 && suspicion.exact && !best!.exact)) {
        [best, most] = [suspicion, gain];
      }
    }
    return best;
  }

  private suspicions(walk: Walk, corrections: Corrections): Suspicion[] {
    return this.chain.links.flatMap(({ name }): Suspicion[] => {
      if (corrections.has(name)) return [];
      const brought = this.brings(name);
      if (brought !== null && isOne(brought)) return [];
      const carried = this.kinship.endsOf(name).flatMap((end) => walk.carry(end) ?? []);
      const factors = brought === null ? carried : [brought, ...carried];
      const distinct = factors.filter(
        (factor, i) => !isOne(factor) && factors.findIndex((f) => isOne(f / factor)) === i,
      );
      return distinct.map((factor) => ({ name, factor, exact: factor === brought }));
    });
  }

  private countRight(walk: Walk, corrections: Corrections): number {
    return this.kinship.ends.filter((end) => {
      const carry = walk.carry(end);
      return carry !== null && isOne(carry / (corrections.get(end) ?? 1));
    }).length;
  }
}
