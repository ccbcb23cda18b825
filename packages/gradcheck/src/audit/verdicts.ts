// From what the runs of a chain gave to a verdict on each formula: which is wrong in itself, which only works on what is wrong, and which
// constant factors are a convention that later formulas make up for.

import { type Agreement, allFinite, compare } from '../comparison.ts';
import type { Verdict } from './audit-report.ts';
import { type Chain, type Link, sameButForOnes } from './chain.ts';
import { isOne } from './factors.ts';

/** What is said of one link of a chain. */
export interface Judgement {
  readonly link: Link;
  readonly verdict: Verdict;
  /** The factor that its formula is off by, or brings in by convention; 1 for none, null where it is no factor. */
  readonly factor: number | null;
  /** The factor that the convention lets it carry. */
  readonly carries: number;
  /** The factor that a right formula would have had in the run that carries factors. */
  readonly meant: number;
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
  const byName = new Map(links.map((link) => [link.name, link]));
  const family = new Family(links);
  const own = new Map(links.map((link) => [link.name, known.has(link.name) ? null : ownFactor(link, links, byName)]));
  const unjust = links.filter((link) => known.has(link.name) || isWrong(link)).map(({ name }) => name);
  const { blamed, assumed } = blame(links, family, own, unjust);
  const wrong = new Set([...unjust, ...blamed.keys()]);
  for (const link of links) {
    // Right by itself, but a sum of parts that carry different factors: of somebody's mistake, or of a convention of its author's own.
    const isMixed = link.carry === null && link.factor !== null && !link.regrouped;
    if (isMixed && ![...family.ancestors(link.name)].some((other) => wrong.has(other))) wrong.add(link.name);
  }

  return links.map((link): Judgement => {
    const { name } = link;
    const before = family.ancestors(name);
    const through = (factors: ReadonlyMap<string, number>): number =>
      [...factors].reduce(
        (product, [other, factor]) => (other === name || before.has(other) ? product * factor : product),
        1,
      );
    const carries = ((link.carry ?? link.incoming ?? 1) / through(blamed)) * through(assumed);
    // A chain is there for its ends: these are meant to carry no factor but that of a mistake before them.
    const conventionOf = (of: string): number =>
      assumed.get(of) ?? (blamed.has(of) ? own.get(of)! / blamed.get(of)! : 1);
    const meant = family.ends.includes(name)
      ? through(blamed) / (blamed.get(name) ?? 1)
      : (link.incoming ?? 1) * conventionOf(name);
    const common = { link, carries: isOne(carries) ? 1 : carries, meant, madeUpAt: [] };
    if (!allFinite(link.gradient)) return { ...common, verdict: 'unjudged', factor: null };
    if (blamed.has(name)) return { ...common, verdict: 'wrong', factor: blamed.get(name)! };
    const makesUp = (other: string): boolean =>
      family.ancestors(other).has(name) && !isOne(own.get(other) ?? 1) && !blamed.has(other);
    const madeUpAt = isOne(own.get(name) ?? 1) ? [] : links.map((other) => other.name).filter(makesUp);
    if (link.regrouped) return { ...common, verdict: 'regrouped', factor: null, carries: 1, madeUpAt };
    if (wrong.has(name)) {
      return { ...common, carries: family.ends.includes(name) ? 1 : common.carries, verdict: 'wrong', factor: null };
    }

    const factor = own.get(name) ?? 1;
    const upset = [...before].some((other) => wrong.has(other));
    if (upset && !isRightFree(link, common.carries)) return { ...common, verdict: 'consequence', factor };
    if (!isOne(factor) && !isOne(carries)) return { ...common, verdict: 'scaled', factor, madeUpAt };
    const verdict = agreementOf(link) === 'single' ? 'approximate' : 'right';
    return { ...common, verdict, factor };
  });
}

/** How well a formula gives the multiple of the right gradient that it gives; undefined where it gives none. */
export function agreementOf({ carried, carry, gradient, scale }: Link): Agreement | undefined {
  if (carry === null || carried.value === null) return undefined;
  const value = carried.value.reshape(gradient.shape);
  return compare(value, gradient.mul(carry), scale * Math.abs(carry)).agreement;
}

/** The factor that a formula brings in by itself; null where what it gives is no multiple of the right gradient. */
function ownFactor(link: Link, links: readonly Link[], byName: ReadonlyMap<string, Link>): number | null {
  const { carry, incoming, factor, uses, name } = link;
  // What a regrouped gradient brings in shows where it is put right.
  if (link.regrouped) return links.find((other) => other.uses.includes(name))?.carry ?? null;
  if (uses.some((used) => byName.get(used)!.regrouped)) return carry === null ? null : 1;
  if (carry !== null && incoming !== null) return isOne(carry / incoming) ? 1 : carry / incoming;
  return factor;
}

/** Whether a formula gives no multiple of the right gradient, on right input. */
function isWrong(link: Link): boolean {
  if (link.regrouped || !allFinite(link.gradient)) return false;
  if (link.alone.problem !== null || link.alone.value === null) return true;
  if (!sameButForOnes(link.alone.value.shape, link.gradient.shape)) return true;
  return link.carry === null && link.factor === null;
}

/** Whether its author gets the right gradient, up to the factor of the convention. */
function isRightFree({ free, gradient, scale }: Link, carries: number): boolean {
  if (free === undefined || free.value === null || !sameButForOnes(free.value.shape, gradient.shape)) return false;
  return (
    compare(free.value.reshape(gradient.shape), gradient.mul(carries), scale * Math.abs(carries)).agreement !==
    'different'
  );
}

/** Who uses whom, directly or not. */
class Family {
  private readonly before: Map<string, ReadonlySet<string>> = new Map();
  /** The gradients that nothing more is computed from: what the chain is there for. */
  readonly ends: readonly string[];
  private readonly links: readonly Link[];

  constructor(links: readonly Link[]) {
    this.links = links;
    for (const { name, uses } of links) {
      this.before.set(name, new Set(uses.flatMap((used) => [used, ...this.ancestors(used)])));
    }
    this.ends = links.filter(({ name }) => !links.some(({ uses }) => uses.includes(name))).map(({ name }) => name);
  }

  ancestors(name: string): ReadonlySet<string> {
    return this.before.get(name) ?? new Set();
  }

  /** The ends that carry its factor: what is computed from it, as far as factors are passed on, or it is itself. */
  endsOf(name: string): readonly string[] {
    const reached = new Set([name]);
    for (const { name: other, uses, carry, factor, regrouped } of this.links) {
      // What is wrong by itself goes on with the factor of what it used; only a sum of parts that differ in it goes on without.
      const passesOn = carry !== null || regrouped || factor === null;
      if (passesOn && uses.some((used) => reached.has(used))) reached.add(other);
    }
    return this.ends.filter((end) => reached.has(end));
  }
}

/** Whom factors are put down to. */
interface Blame {
  /** The factors that are mistakes, by name. */
  readonly blamed: ReadonlyMap<string, number>;
  /** The factors that formulas which are wrong otherwise must have been meant to carry, as later ones make up for them. */
  readonly assumed: ReadonlyMap<string, number>;
}

/**
 * Tells mistakes from conventions. A factor is a mistake if more ends of the chain would be right without it; the one that sets
 * most right comes first. An end that is off by a factor after that is to blame for it itself.
 */
function blame(
  links: readonly Link[],
  family: Family,
  own: ReadonlyMap<string, number | null>,
  wrong: readonly string[],
): Blame {
  const carries = new Map<string, number>();
  for (const { name, carry } of links) if (family.ends.includes(name) && carry !== null) carries.set(name, carry);
  const [blamed, assumed] = [new Map<string, number>(), new Map<string, number>()];
  for (;;) {
    const best = suspicions(links, family, own, wrong, carries)
      .filter(({ name }) => !blamed.has(name) && !assumed.has(name))
      .reduce<Suspicion | undefined>((most, one) => (isStronger(one, most) ? one : most), undefined);
    if (best === undefined) break;
    if (best.isMistake) blamed.set(best.name, best.factor);
    else assumed.set(best.name, 1 / best.factor);
    for (const end of family.endsOf(best.name)) if (carries.has(end)) carries.set(end, carries.get(end)! / best.factor);
  }
  for (const [end, carry] of carries) if (!isOne(carry)) blamed.set(end, (blamed.get(end) ?? 1) * carry);
  return { blamed, assumed };
}

/** A factor that ends of the chain may be off by because of one formula. */
interface Suspicion {
  readonly name: string;
  readonly factor: number;
  /** How many more ends would be right without it. */
  readonly gain: number;
  /** Whether it is all that the formula brings in, and not a part of it beside a convention. */
  readonly exact: boolean;
  /** Whether the formula is wrong by it; otherwise it is wrong anyway, and later ones make up for what it was to carry. */
  readonly isMistake: boolean;
}

function suspicions(
  links: readonly Link[],
  family: Family,
  own: ReadonlyMap<string, number | null>,
  wrong: readonly string[],
  carries: ReadonlyMap<string, number>,
): Suspicion[] {
  return links.flatMap(({ name }): Suspicion[] => {
    const ends = family.endsOf(name).flatMap((end) => (carries.has(end) ? [carries.get(end)!] : []));
    const right = (factor: number): number => ends.filter((carry) => isOne(carry / factor)).length;
    const isMistake = !wrong.includes(name);
    const brought = own.get(name) ?? 1;
    if (isMistake && isOne(brought)) return [];
    const candidates = isMistake ? [brought, ...ends] : ends;
    return candidates
      .filter((factor) => !isOne(factor))
      .map((factor) => ({ name, factor, gain: right(factor) - right(1), exact: factor === brought, isMistake }));
  });
}

function isStronger(one: Suspicion, other: Suspicion | undefined): boolean {
  if (other === undefined) return one.gain > 0;
  return one.gain > other.gain || (one.gain === other.gain && one.exact && !other.exact);
}
