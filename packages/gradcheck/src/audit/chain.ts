// The chain of a hand-written backward pass: run free, run on right input, and run in its author's own convention about constant
// factors. What each gradient is computed from is found by shifting what comes back.

import { RandomGenerator, type Tensor } from '@tapegrad/core';
import { largest } from '../comparison.ts';
import { factorOf } from './factors.ts';
import type { ForwardPass } from './forward-pass.ts';
import type { Answer, Handed, ManualRun } from './manual-run.ts';

/** How a backward pass is run: with what it is answered. */
export type Runner = (answer: Answer) => ManualRun;

/** What became known of one handed-in gradient. */
export interface Link {
  readonly name: string;
  /** What the tape has for it. */
  readonly gradient: Tensor;
  /** The size of the terms that the gradient is the sum of: rounding is measured against it. */
  readonly scale: number;
  /** The names of the gradients that it was computed from, earlier ones first. */
  readonly uses: readonly string[];
  /** What its author would get. */
  readonly free: Handed | undefined;
  /** What its formula gives on right input. */
  readonly alone: Handed;
  /** What its formula gives where everything before it carries its author's factors. */
  readonly carried: Handed;
  /** manual = factor · gradient, the formula alone; null where it is no multiple. */
  readonly factor: number | null;
  /** carried = carry · gradient; null where it is no multiple. */
  readonly carry: number | null;
  /** The factor that everything it uses carries: what a right formula would carry too; null where these differ. */
  readonly incoming: number | null;
  /** Whether it is let through as it is, because what follows makes it right. */
  readonly regrouped: boolean;
}

/** A chain, in the order in which its gradients were handed in. */
export interface Chain {
  readonly links: readonly Link[];
  readonly problems: readonly string[];
}

/** Runs a backward pass as often as it takes. */
export function followChain(pass: ForwardPass, run: Runner): Chain {
  const gradientOf = (name: string): Tensor => pass.named.get(name)!.gradient;
  const free = run(() => null);
  const alone = run((name) => gradientOf(name));
  const names = [...alone.handed.keys()];
  const problems = [...new Set([...alone.problems, ...free.problems])];
  const scales = new Map(names.map((name) => [name, scaleOf(pass, name)]));
  const uses = usesOf(names, alone, run, gradientOf, problems);
  const aloneFactors = new Map(
    names.map((name) => [name, multiple(alone.handed.get(name)!, gradientOf(name), scales.get(name)!)]),
  );

  const through = new Set<string>();
  let carried = carry(run, names, uses, gradientOf, scales, through);
  for (const name of names) {
    if (carried.carries.get(name) !== null || aloneFactors.get(name) !== null) continue;
    const { value, problem } = carried.handed.get(name) ?? { value: null, problem: null };
    if (value === null || problem !== null || value.size !== gradientOf(name).size) continue;
    const next = names.filter((other) => uses.get(other)!.includes(name));
    // Only where a formula after it is wrong by itself can the two make up for each other.
    if (!next.some((other) => aloneFactors.get(other) === null)) continue;
    const attempt = carry(run, names, uses, gradientOf, scales, new Set([...through, name]));
    if (!next.every((other) => typeof attempt.carries.get(other) === 'number')) continue;
    through.add(name);
    carried = attempt;
  }

  const links = names.map((name): Link => {
    const handed = alone.handed.get(name)!;
    return {
      name,
      gradient: gradientOf(name),
      scale: scales.get(name)!,
      uses: uses.get(name)!,
      free: free.handed.get(name),
      alone: handed,
      carried: carried.handed.get(name) ?? handed,
      factor: aloneFactors.get(name)!,
      carry: carried.carries.get(name) ?? null,
      incoming: carried.incoming.get(name) ?? null,
      regrouped: through.has(name),
    };
  });
  return { links, problems };
}

/** The largest element of the terms that a gradient is the sum of. */
function scaleOf(pass: ForwardPass, name: string): number {
  const { at } = pass.named.get(name)!;
  return pass.adjoints.edges.reduce(
    (most, { input, value }) => (input === at ? Math.max(most, largest(value.toData())) : most),
    0,
  );
}

/** The factor by which what was handed in is a multiple of the tape's gradient. */
function multiple({ value, problem }: Handed, gradient: Tensor, scale: number): number | null {
  if (value === null || problem !== null || !sameButForOnes(value.shape, gradient.shape)) return null;
  return factorOf(value, gradient, scale);
}

/** Whether shapes are equal but for axes of length 1. */
export function sameButForOnes(a: readonly number[], b: readonly number[]): boolean {
  const [x, y] = [a, b].map((shape) => shape.filter((length) => length !== 1).join());
  return x === y;
}

/** For each gradient those that it is computed from: what changes where one of them is shifted. */
function usesOf(
  names: readonly string[],
  alone: ManualRun,
  run: Runner,
  gradientOf: (name: string) => Tensor,
  problems: string[],
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
      if (name === shifted || !changed(alone.handed.get(name)!, handed.get(name))) return;
      if (i > position) uses.get(name)!.push(shifted);
      else if (!problems.includes(unsteady)) problems.push(unsteady);
    });
  });
  return uses;
}

const unsteady =
  'the backward pass gives other values on each run. Take random draws from the forward pass, by a name.';

function changed(before: Handed, after: Handed | undefined): boolean {
  if (after === undefined || before.value === null || after.value === null) return false;
  const [a, b] = [before.value.toData(), after.value.toData()];
  return a.length !== b.length || a.some((element, i) => !Object.is(element, b[i]));
}

/** A run in which each gradient that is a multiple of the right one goes on as that multiple, and any other is put right. */
function carry(
  run: Runner,
  names: readonly string[],
  uses: ReadonlyMap<string, readonly string[]>,
  gradientOf: (name: string) => Tensor,
  scales: ReadonlyMap<string, number>,
  through: ReadonlySet<string>,
): { handed: ManualRun['handed']; carries: Map<string, number | null>; incoming: Map<string, number | null> } {
  const carries = new Map<string, number | null>();
  const passedOn = new Map<string, number | undefined>();
  const incoming = new Map<string, number | null>();
  const { handed } = run((name, now) => {
    const gradient = gradientOf(name);
    const before = commonFactor((uses.get(name) ?? []).map((used) => passedOn.get(used)));
    incoming.set(name, before);
    const factor = multiple(now, gradient, (scales.get(name) ?? 0) * Math.abs(before ?? 1));
    carries.set(name, factor);
    if (through.has(name)) {
      passedOn.set(name, undefined);
      return null;
    }
    const goesOn = factor ?? before ?? 1;
    passedOn.set(name, goesOn);
    return gradient.mul(goesOn);
  });
  for (const name of names) if (!carries.has(name)) carries.set(name, null);
  return { handed, carries, incoming };
}

/** The factor that all carry; 1 for none; null where they differ. What is unknown has no say. */
function commonFactor(factors: readonly (number | undefined)[]): number | null {
  const known = factors.filter((factor) => factor !== undefined);
  const [first = 1] = known;
  return known.every((factor) => Math.abs(factor - first) <= 1e-4 * Math.abs(first)) ? first : null;
}
