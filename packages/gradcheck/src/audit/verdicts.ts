// From what the runs of a chain gave to a verdict on each formula: which is wrong in itself, which only works on what is wrong, and which
// constant factors are a convention that later formulas make up for.

import type { Tensor } from '@tapegrad/core';
import { allFinite, type Comparison, compare, sameButForOnes, scaled } from '../comparison.ts';
import type { Verdict } from './audit-report.ts';
import { Blame } from './blame.ts';
import type { Chain, Link, Walk } from './chain.ts';
import { isOne } from './factors.ts';
import { Kinship } from './kinship.ts';

/** What is said of one link of a chain. */
export interface Judgement {
  readonly link: Link;
  readonly verdict: Verdict;
  /** The factor that its formula is off by, or brings in by convention; 1 for none, null where it is no factor. */
  readonly factor: number | null;
  /** The factor that the convention lets it carry. */
  readonly carries: number;
  /** What was handed in where no mistake stood before it; in its author's convention. */
  readonly carried: Tensor | null;
  /** The factor that a right formula would have had there. */
  readonly meant: number;
  /** That beside the multiple of the right gradient that it is; undefined where it is none. */
  readonly beside: Comparison | undefined;
  /** Whether it differs from the tape only where the loss has no derivative. */
  readonly isKink?: boolean;
  /** The later gradients that make up for its factor. */
  readonly madeUpAt: readonly string[];
}

/**
 * Judges every link of a chain.
 *
 * @param known - names of formulas that are wrong although what they give is within single precision of what is right.
 */
export function judge(chain: Chain, known: ReadonlySet<string> = new Set()): Judgement[] {
  const { links } = chain;
  const kinship = new Kinship(links);
  const blame = new Blame(chain, kinship, (walk) => {
    return new Set(links.filter((link) => known.has(link.name) || isWrong(link, walk)).map(({ name }) => name));
  });
  const { mistakes, walk } = blame;
  const wrong = new Set([...blame.wrong, ...mistakes.keys()]);
  for (const { name, factor, regrouped } of links) {
    // Right by itself, but a sum of parts that carry different factors, and nobody else's mistake.
    const isMixed = walk.carry(name) === null && factor !== null && !regrouped;
    if (isMixed && ![...kinship.ancestors(name)].some((other) => wrong.has(other))) wrong.add(name);
  }

  return links.map((link): Judgement => {
    const { name, gradient } = link;
    const isEnd = kinship.ends.includes(name);
    const brings = blame.brings(name);
    const goesOn = walk.outgoing(name) ?? walk.incoming(name) ?? 1;
    // A chain is there for its ends: these are meant to carry no factor.
    const meant = isEnd ? 1 : goesOn;
    const makesUp = (other: string): boolean =>
      kinship.ancestors(other).has(name) && !isOne(blame.brings(other) ?? 1) && !mistakes.has(other);
    const common = {
      link,
      carries: isOne(meant) ? 1 : meant,
      carried: walk.handed.get(name)?.value ?? null,
      meant,
      beside: besideMultiple(link, walk),
      madeUpAt: isOne(brings ?? 1) ? [] : links.map((other) => other.name).filter(makesUp),
    };
    if (!allFinite(gradient)) return { ...common, verdict: 'unjudged', factor: null };
    if (mistakes.has(name)) return { ...common, verdict: 'wrong', factor: mistakes.get(name)!, madeUpAt: [] };
    if (link.regrouped) return { ...common, verdict: 'regrouped', factor: null, carries: 1 };
    if (wrong.has(name)) return { ...common, verdict: 'wrong', factor: null, madeUpAt: [] };

    const factor = brings ?? 1;
    const upset = [...kinship.ancestors(name)].some((other) => wrong.has(other));
    if (upset && !isRightFree(link, common.carries)) return { ...common, verdict: 'consequence', factor };
    if (!isOne(factor) && !isOne(meant)) return { ...common, verdict: 'scaled', factor };
    return { ...common, verdict: common.beside?.agreement === 'single' ? 'approximate' : 'right', factor };
  });
}

function besideMultiple({ name, gradient, scale }: Link, walk: Walk): Comparison | undefined {
  const [carry, value] = [walk.carry(name), walk.handed.get(name)?.value ?? null];
  if (carry === null || value === null) return undefined;
  return compare(value.reshape(gradient.shape), gradient.mul(carry), scaled(scale, carry));
}

/** Whether a formula gives no multiple of the right gradient, neither on right input nor where it puts a regrouped one right. */
function isWrong({ name, regrouped, gradient, factor }: Link, walk: Walk): boolean {
  return !regrouped && allFinite(gradient) && factor === null && walk.carry(name) === null;
}

/** Whether its author gets the right gradient, up to the factor of the convention. */
export function isRightFree({ free, gradient, scale }: Link, carries: number): boolean {
  if (free === undefined || free.value === null || !sameButForOnes(free.value.shape, gradient.shape)) return false;
  const comparison = compare(free.value.reshape(gradient.shape), gradient.mul(carries), scaled(scale, carries));
  return comparison.agreement !== 'different';
}
