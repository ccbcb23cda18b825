// The likely causes of a wrong gradient: every known mistake is made on the tape, and held against what was handed in.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { compare, largest, sameButForOnes } from '../../comparison.ts';
import type { Cause, CauseKind } from '../audit-report.ts';
import { dot, isOne, nameFactor } from '../factors.ts';
import { activations } from './activations.ts';
import { epsilons } from './epsilons.ts';
import { factorCause } from './factor.ts';
import { losses } from './losses.ts';
import { misplaced, operands } from './operands.ts';
import { paths } from './paths.ts';
import { reductions } from './reductions.ts';
import type { Family, Hypothesis, Suspect } from './suspect.ts';
import { transposes } from './transposes.ts';

/** From the simplest kind of mistake to those of which many could be made. */
const families: readonly Family[] = [transposes, reductions, paths, losses, misplaced, activations, operands];

/** How much of a gradient a hypothesis may leave unexplained. */
const tolerance = { float64: 1e-6, float32: 1e-4 };

/** How much a hypothesis may leave unexplained of what the best multiple of the right gradient does. */
const explained = 0.01;

/** How many causes are listed at most. */
const most = 5;

/** How long the search may take by the estimate, in milliseconds; and how many hypotheses are tested at least. */
const [patience, least] = [600, 60];

/** A cause, and how much it assumes. */
interface Found {
  readonly cause: Cause;
  readonly cost: number;
}

const isZero: Cause = {
  kind: 'zero',
  text: 'it is 0 everywhere: it is never computed, or not added up',
  residual: 0,
  factor: 0,
};

function isNamed({ factor }: Cause, { lengths }: Suspect): boolean {
  return nameFactor(factor, lengths) !== undefined;
}

/** The mistakes that would give what was handed in, the simplest first; none where no known one fits. */
export function findCauses(suspect: Suspect): Cause[] {
  const { manual, expected } = suspect;
  const actual = manual.toData();
  if (largest(actual) <= 1e-12 * largest(expected.toData())) return [isZero];
  const factor = factorCause(suspect);
  const found: Found[] = factor === undefined ? [] : [{ cause: factor, cost: isNamed(factor, suspect) ? 0 : 9 }];
  let left = Math.max(least, Math.floor(patience / suspect.region.cost));
  for (const family of families) {
    for (const hypothesis of family(suspect)) {
      if (left-- <= 0) break;
      const cause = test(hypothesis, actual, suspect);
      if (cause !== undefined && !found.some((other) => other.cause.text === cause.text)) {
        found.push({ cause, cost: hypothesis.cost + (isOne(cause.factor) || cause.kind === 'loss' ? 0 : 1) });
      }
    }
  }
  // A large difference is no ε where anything else explains it.
  if (found.length === 0 || isSmall(suspect)) {
    for (const cause of epsilons(suspect)) found.push({ cause, cost: found.length === 0 ? 0 : 3 });
  }
  return found
    .filter(({ cause, cost }) => !found.some((other) => other.cause.kind === cause.kind && other.cost < cost))
    .sort((a, b) => a.cost - b.cost || a.cause.residual - b.cause.residual)
    .slice(0, most)
    .map(({ cause }) => cause);
}

/** Whether a gradient is off by little beside its size, but for a factor; a single number is off by all that is not that number. */
function isSmall({ manual, expected }: Suspect): boolean {
  const [a, b] = [manual.toData(), expected.toData()];
  const [, rest] = bestMultiple(a, b);
  const off = b.length === 1 ? Math.abs(a[0]! - b[0]!) : rest;
  return a.length === b.length && off <= 1e-2 * Math.sqrt(dot(a, a));
}

/** The hypothesis as a cause, where it gives what was handed in, up to a factor that has an explanation. */
function test(hypothesis: Hypothesis, actual: ArrayLike<number>, suspect: Suspect): Cause | undefined {
  const value = madeOn(hypothesis);
  if (value === null || value.size !== actual.length || !sameButForOnes(value.shape, suspect.manual.shape))
    return undefined;
  // What gives the right gradient is no mistake: a sum over another axis, too, where that has one element.
  if (value.size === suspect.expected.size && isSame(value, suspect.expected)) return undefined;
  const fit = fitFactor(actual, value, suspect, hypothesis.kind);
  if (fit === null || !(fit.residual <= tolerance[suspect.pass.precision])) return undefined;
  const { kind, text } = hypothesis;
  const named = nameFactor(fit.factor, suspect.lengths);
  if (named === undefined) return undefined;
  // Losses come with a half, a sum or a mean, which is no mistake of its own.
  if (kind === 'loss' && named.value !== 1) {
    return { kind, text: `${text}, up to a constant factor`, residual: fit.residual, factor: named.value };
  }
  if (named.value === 1) return { kind, text, residual: fit.residual, factor: 1 };
  const origin = named.origin === '' ? '' : ` (${named.origin})`;
  return { kind, text: `${text}, times ${named.text}${origin}`, residual: fit.residual, factor: named.value };
}

/** What a hypothesis gives; null where it cannot be made: a rule may not take the other value. */
function madeOn(hypothesis: Hypothesis): Tensor | null {
  try {
    return hypothesis.value();
  } catch (error) {
    if (error instanceof TapegradError) return null;
    throw error;
  }
}

function isSame(value: Tensor, expected: Tensor): boolean {
  const { agreement } = compare(value.reshape(expected.shape), expected);
  return agreement === 'exact' || agreement === 'rounding';
}

/** The best c in actual ≈ c · value, and what it leaves; null where a multiple of the right gradient explains as much. */
function fitFactor(
  actual: ArrayLike<number>,
  value: Tensor,
  { expected, lengths }: Suspect,
  kind: CauseKind,
): { factor: number; residual: number } | null {
  const [of, right] = [value.toData(), expected.toData()];
  const size = Math.sqrt(dot(actual, actual));
  const negligible = 1e-12 * Math.sqrt(dot(right, right));
  // Two that are nothing but rounding beside the right gradient: no factor can be told.
  if (size <= negligible && Math.sqrt(dot(of, of)) <= negligible) return { factor: 1, residual: 0 };
  const [factor, rest] = bestMultiple(actual, of);
  if (!Number.isFinite(factor)) return null;
  if (right.length === of.length) {
    const [multiple, plain] = bestMultiple(actual, right);
    if (plain <= 1e-9 * size) {
      // A factor alone is the simpler explanation, if it has one itself; but a mean may stand for a sum.
      const isSimpler = kind !== 'reduction' && nameFactor(multiple, lengths) !== undefined;
      if (isSimpler || !isOne(factor)) return null;
    } else if (!(rest <= explained * plain)) return null;
  }
  return { factor, residual: rest / size };
}

/** The c for which a ≈ c · b leaves least, and what that is, by its Euclidean norm. */
function bestMultiple(a: ArrayLike<number>, b: ArrayLike<number>): readonly [factor: number, rest: number] {
  const factor = dot(a, b) / dot(b, b);
  let rest = 0;
  for (let i = 0; i < b.length; i++) rest += (a[i]! - factor * b[i]!) ** 2;
  return [factor, Math.sqrt(rest)];
}
