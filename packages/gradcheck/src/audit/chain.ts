// The chain of a hand-written backward pass: run free, run on right input, and run in its author's own convention about constant
// factors. What each gradient is computed from is found by shifting what comes back.

import { RandomGenerator, type Tensor } from '@tapegrad/core';
import { largest, type Scale, sameButForOnes, scaled } from '../comparison.ts';
import { factorOf, type Lengths, lengthsOf, nameFactor } from './factors.ts';
import type { ForwardPass, NamedValue } from './forward-pass.ts';
import type { Answer, HandedIn, ManualRun } from './manual-run.ts';
import { roundingScales } from './rounding.ts';

/** How a backward pass is run: with what it is answered. */
export type Runner = (answer: Answer) => ManualRun;

/** What became known of one handed-in gradient. */
export interface Link {
  readonly name: string;
  readonly kind: NamedValue['kind'];
  /** What the tape has for it. */
  readonly gradient: Tensor;
  /** The size of the terms that the gradient is the sum of: rounding is measured against it. */
  readonly scale: Scale;
  /** The names of the gradients that it was computed from, earlier ones first. */
  readonly uses: readonly string[];
  /** What its author would get. */
  readonly free: HandedIn | undefined;
  /** What its formula gives on right input. */
  readonly alone: HandedIn;
  /** manual = factor · gradient, the formula alone; null where it is no multiple. */
  readonly factor: number | null;
  /** Whether it is let through as it is, because what follows makes it right. */
  readonly regrouped: boolean;
}

/**
 * A run in which each gradient that is a multiple of the right one goes on as that multiple, and one that is wrong by itself is put
 * right: the chain in its author's own convention about factors.
 */
export interface Walk {
  readonly handed: ManualRun['handed'];
  /** What was handed in is this times the right gradient; null where it is no multiple. */
  readonly carry: (name: string) => number | null;
  /** The factor that everything it uses carries: what a right formula would carry too; null where these differ. */
  readonly incoming: (name: string) => number | null;
  /** The factor that it goes on with; null where it goes on as it is. */
  readonly outgoing: (name: string) => number | null;
}

/** Factors that are taken off where they come in, by name. */
export type Corrections = ReadonlyMap<string, number>;

/** A chain, in the order in which its gradients were handed in. */
export interface Chain {
  readonly links: readonly Link[];
  readonly problems: readonly string[];
  /** What factors may come of. */
  readonly lengths: Lengths;
  /** Runs it in its author's convention, without some of the factors. */
  readonly walk: (corrections: Corrections) => Walk;
}

/** Runs a backward pass as often as it takes. */
export function followChain(pass: ForwardPass, run: Runner): Chain {
  const gradientOf = (name: string): Tensor => pass.named.get(name)!.gradient;
  const free = run(() => null);
  const alone = run((name) => gradientOf(name));
  const names = [...alone.handed.keys()];
  const problems = [...new Set([...alone.problems, ...free.problems])];
  const again = run((name) => gradientOf(name));
  problems.push(...again.problems.filter((problem) => !problems.includes(problem)));
  if (names.some((name) => changed(alone.handed.get(name)!, again.handed.get(name)))) problems.push(unsteady);
  const uses = usesOf(names, alone, run, gradientOf);
  const scales = roundingScales(pass);
  const links = names.map((name): Link => {
    const [gradient, handed] = [gradientOf(name), alone.handed.get(name)!];
    const scale = { ...scales[pass.named.get(name)!.at]!, single: !handed.double };
    const factor = multiple(handed, gradient, scale);
    return {
      name,
      kind: pass.named.get(name)!.kind,
      gradient,
      scale,
      uses: uses.get(name)!,
      free: free.handed.get(name),
      alone: handed,
      factor,
      regrouped: false,
    };
  });
  const lengths = lengthsOf(pass.values);
  const regrouped = regroup(links, run, lengths);
  return { links: regrouped, problems, lengths, walk: (corrections) => walk(run, regrouped, lengths, corrections) };
}

/** How many steps may be derived as one. */
const longestGroup = 4;

/** Finds the gradients that are none, but from which what follows is made right: steps derived as one. */
function regroup(links: readonly Link[], run: Runner, lengths: Lengths): readonly Link[] {
  let known = links;
  for (const { name, factor } of links) {
    if (factor !== null || known.some((link) => link.name === name && link.regrouped)) continue;
    known = groupFrom(name, known, run, lengths) ?? known;
  }
  return known;
}

/** The links with one let through, and as many after it as it takes until all that follows is right; undefined where that never is. */
function groupFrom(first: string, links: readonly Link[], run: Runner, lengths: Lengths): readonly Link[] | undefined {
  const group = new Set([first]);
  for (;;) {
    const attempt = links.map((link) => (group.has(link.name) ? { ...link, regrouped: true } : link));
    const walked = walk(run, attempt, lengths, none);
    for (const name of group) if (!couldBeOther(walked.handed.get(name))) return undefined;
    const next = links.filter(({ name, uses }) => !group.has(name) && uses.some((used) => group.has(used)));
    // Only where a formula after it is wrong by itself can it make up for one before.
    if (!next.some(({ factor }) => factor === null)) return undefined;
    const left = next.filter(({ name }) => walked.carry(name) === null);
    if (left.length === 0) return attempt;
    if (left.some(({ factor }) => factor !== null) || group.size + left.length > longestGroup) return undefined;
    for (const { name } of left) group.add(name);
  }
}

/** Whether what was handed in may be the gradient by something else. */
function couldBeOther(handed: HandedIn | undefined): boolean {
  return handed !== undefined && handed.value !== null && handed.problem === null;
}

const none: Corrections = new Map();

function walk(run: Runner, links: readonly Link[], lengths: Lengths, corrections: Corrections): Walk {
  const byName = new Map(links.map((link) => [link.name, link]));
  const carries = new Map<string, number | null>();
  const incoming = new Map<string, number | null>();
  const outgoing = new Map<string, number | null>();
  const { handed } = run((name, now) => {
    const link = byName.get(name);
    if (link === undefined) return null;
    const { gradient, scale, factor, regrouped } = link;
    const taken = corrections.get(name) ?? 1;
    const before = commonFactor(link.uses.map((used) => outgoing.get(used) ?? null));
    const measured = multiple(now, gradient, scaled(scale, before ?? 1));
    carries.set(name, carryOf(measured, before, gradient, lengths));
    const carry = carries.get(name)!;
    incoming.set(name, before);
    // A sum of parts with different factors goes on as it is, for what follows to show.
    const isMixed = carry === null && factor !== null && now.value !== null;
    if (regrouped || isMixed) return now.value!.div(taken);
    const goesOn = (carry ?? before ?? 1) / taken;
    outgoing.set(name, goesOn);
    return gradient.mul(goesOn);
  });
  const from =
    (map: ReadonlyMap<string, number | null>) =>
    (name: string): number | null =>
      map.get(name) ?? null;
  return { handed, carry: from(carries), incoming: from(incoming), outgoing: from(outgoing) };
}

/** The factor that a gradient carries, from the one that was measured. */
function carryOf(measured: number | null, before: number | null, gradient: Tensor, lengths: Lengths): number | null {
  if (measured === null) return null;
  // Zeros are any multiple: they carry what their input does.
  if (largest(gradient.toData()) === 0) return before ?? 1;
  // An ε makes 6.00000001 of a 6: what goes on should not look inexact for it.
  return nameFactor(measured, lengths)?.value ?? measured;
}

/** The factor that all carry; 1 for none; null where they differ. What is unknown has no say. */
function commonFactor(factors: readonly (number | null)[]): number | null {
  const known = factors.filter((factor) => factor !== null);
  const [first = 1] = known;
  return known.every((factor) => Math.abs(factor - first) <= 1e-4 * Math.abs(first)) ? first : null;
}

/** The factor by which what was handed in is a multiple of the tape's gradient. */
function multiple({ value, problem }: HandedIn, gradient: Tensor, scale: Scale): number | null {
  if (value === null || problem !== null || !sameButForOnes(value.shape, gradient.shape)) return null;
  return factorOf(value, gradient, scale);
}

/** For each gradient those that it is computed from: what changes where one of them is shifted. */
function usesOf(
  names: readonly string[],
  alone: ManualRun,
  run: Runner,
  gradientOf: (name: string) => Tensor,
): Map<string, string[]> {
  const uses = new Map<string, string[]>(names.map((name) => [name, []]));
  const random = new RandomGenerator(1);
  names.forEach((shifted, position) => {
    if (position === names.length - 1) return;
    const gradient = gradientOf(shifted);
    const size = largest(gradient.toData()) || 1;
    const noise = random.uniform(gradient.shape, size / 2, size, gradient.dtype as 'float64');
    const { handed } = run((name) => (name === shifted ? gradient.add(noise) : gradientOf(name)));
    names.forEach((name, i) => {
      if (i > position && changed(alone.handed.get(name)!, handed.get(name))) uses.get(name)!.push(shifted);
    });
  });
  return uses;
}

const unsteady =
  'the backward pass gives other values on each run. Start sums at zero on each call, and take random draws from the forward pass, by a name';

function changed(before: HandedIn, after: HandedIn | undefined): boolean {
  if (after === undefined || before.value === null || after.value === null) return false;
  const [a, b] = [before.value.toData(), after.value.toData()];
  return a.length !== b.length || a.some((element, i) => !Object.is(element, b[i]));
}
