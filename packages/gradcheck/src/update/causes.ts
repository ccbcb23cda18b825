// Which known mistake would give what was handed back? Each hypothesis is computed and compared; none is believed without numbers.

import { deviationsOf } from './deviations.ts';
import {
  type Change,
  changeOf,
  conditionOf,
  isSingle,
  type QuantityName,
  ruleChange,
  type Taken,
  withoutRounding,
} from './judge.ts';
import type { Reference } from './reference.ts';
import { type Stepped, type Stepper, takeStep } from './rule.ts';
import type { UpdateCause } from './update-report.ts';

/** A rule that the hand-written step may follow instead. */
interface Hypothesis {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  readonly factor: number | null;
  readonly stepper: Stepper;
}

/** What was handed back of one parameter at one step, at some of its elements. */
interface Sample extends Pick<Taken, 'run' | 't'> {
  readonly condition: Parameters<typeof takeStep>[1];
  readonly g: Float64Array;
  readonly changes: ReadonlyMap<QuantityName, Change>;
}

/** How the steps were taken, as far as hypotheses must be taken likewise. */
export interface Circumstances {
  readonly reference: Reference;
  readonly taken: readonly Taken[];
  /** Whether the hand-written optimizer kept its state to itself, so that a mistake in it goes on. */
  readonly ownState: boolean;
}

type FoundCause = Omit<UpdateCause, 'parameters'>;

const mostElements = 64;

/** The causes that fit parameter `i`, best first; empty where none is known. */
export function causesOf(circumstances: Circumstances, i: number): readonly FoundCause[] {
  const { reference } = circumstances;
  const samples = samplesOf(circumstances, i);
  const single = samples.every(({ changes }) => [...changes.values()].every(({ now }) => isSingle(now)));
  const residualOf = (stepper: Stepper): number => residual(stepper, samples, circumstances.ownState);
  const unexplained = residualOf(reference);
  const fitting = (hypotheses: readonly Hypothesis[]): FoundCause[] => {
    const found = hypotheses
      .map((hypothesis) => ({ hypothesis, residual: residualOf(hypothesis.stepper) }))
      .filter((each) => each.residual <= (single ? 2e-3 : 1e-4) && each.residual <= 0.1 * unexplained);
    const best = Math.min(...found.map((each) => each.residual));
    return found
      .filter((each) => each.residual <= Math.max(1e-9, 100 * best))
      .map(({ hypothesis: { ids, texts, factor }, residual }) => ({
        ids,
        text: texts.join('; and '),
        residual,
        factor,
      }));
  };
  const known = deviationsOf(reference.name, reference.convention ?? 'keras').map(
    ({ id, text, apply }): Hypothesis => ({ ids: [id], texts: [text], factor: null, stepper: apply(reference) }),
  );
  const asItIs: Hypothesis = { ids: [], texts: [], factor: null, stepper: reference };
  const one = fitting(known);
  if (one.length > 0) return one;
  const scaled = fitting(withFactors(asItIs, samples, circumstances.ownState));
  if (scaled.length > 0) return scaled;
  // Of two mistakes each must change something that the other leaves: otherwise one is a guess.
  const effective = known.filter(({ stepper }) => differs(stepper, reference, samples, circumstances.ownState));
  const two = fitting(
    effective.flatMap((first, at) => effective.slice(at + 1).map((second) => both(first, second, reference))),
  );
  if (two.length > 0) return two;
  return fitting(effective.flatMap((each) => withFactors(each, samples, circumstances.ownState)));
}

function both(first: Hypothesis, second: Hypothesis, reference: Reference): Hypothesis {
  const change = deviationsOf(reference.name, reference.convention ?? 'keras').find(
    ({ text }) => text === second.texts[0],
  )!;
  return {
    ids: [...first.ids, ...second.ids],
    texts: [...first.texts, ...second.texts],
    factor: null,
    stepper: change.apply(first.stepper),
  };
}

function differs(a: Stepper, b: Stepper, samples: readonly Sample[], ownState: boolean): boolean {
  const [left, right] = [predictions(a, samples, ownState), predictions(b, samples, ownState)];
  return left.some((stepped, at) => {
    const other = right[at]!;
    const differ = (x: Float64Array, y: Float64Array): boolean => x.some((value, j) => !Object.is(value, y[j]!));
    return (
      differ(stepped.update, other.update) || a.slots.some((slot) => differ(stepped.slots[slot]!, other.slots[slot]!))
    );
  });
}

/** The hypothesis with a constant factor at the gradient, or at the update, as far as the numbers suggest one. */
function withFactors(base: Hypothesis, samples: readonly Sample[], ownState: boolean): Hypothesis[] {
  const { parts } = base.stepper;
  const byGradient = (factor: number): Stepper => ({
    ...base.stepper,
    parts: { ...parts, gradient: (q) => parts.gradient!({ ...q, g: factor * q.g }) },
  });
  const byUpdate = (factor: number): Stepper => ({
    ...base.stepper,
    parts: {
      ...parts,
      step: (q) => factor * parts.step!(q),
      ...(parts.decay === undefined ? {} : { decay: (q) => factor * parts.decay!(q) }),
    },
  });
  const hypotheses: Hypothesis[] = [];
  const add = (
    id: string,
    text: (factor: string) => string,
    make: (factor: number) => Stepper,
    powers: readonly number[],
  ) => {
    const seen: number[] = [];
    for (const factor of suggested(make(0), make(1), samples, ownState, powers)) {
      if (seen.some((other) => Math.abs(other - factor) <= 1e-4 * Math.abs(factor))) continue;
      seen.push(factor);
      hypotheses.push({
        ids: [...base.ids, id],
        texts: [...base.texts, text(showFactor(factor))],
        factor,
        stepper: make(factor),
      });
    }
  };
  const average = 'as where it is averaged over the batch once too often, or once too rarely';
  add('gradient-factor', (factor) => `the gradient is multiplied by ${factor}, ${average}`, byGradient, [1, 2]);
  add('update-factor', (factor) => `the update is multiplied by ${factor}, as by another learning rate`, byUpdate, [1]);
  return hypotheses;
}

/** What the factor would be if the changes were linear, or quadratic, in it: by least squares, quantity by quantity. */
function suggested(
  without: Stepper,
  whole: Stepper,
  samples: readonly Sample[],
  ownState: boolean,
  powers: readonly number[],
): number[] {
  const [from, to] = [predictions(without, samples, ownState), predictions(whole, samples, ownState)];
  const sums = new Map<QuantityName, [over: number, under: number]>();
  samples.forEach(({ changes }, at) => {
    for (const [quantity, change] of changes) {
      const start = ruleChange(from[at]!, quantity, change.old);
      const end = ruleChange(to[at]!, quantity, change.old);
      const [over, under] = sums.get(quantity) ?? [0, 0];
      const dot = (values: (j: number) => number): number => {
        let sum = 0;
        for (let j = 0; j < start.length; j++) {
          const term = (end[j]! - start[j]!) * values(j);
          if (Number.isFinite(term)) sum += term;
        }
        return sum;
      };
      sums.set(quantity, [over + dot((j) => change.manual[j]! - start[j]!), under + dot((j) => end[j]! - start[j]!)]);
    }
  });
  return [...sums.values()].flatMap(([over, under]) =>
    powers
      .map((power) => snapped(power === 1 ? over / under : Math.sqrt(over / under)))
      .filter((factor) => Number.isFinite(factor) && factor !== 0 && Math.abs(factor - 1) > 1e-3),
  );
}

/** A number near a whole one or the inverse of one is meant to be that. */
function snapped(factor: number): number {
  const [whole, parts] = [Math.round(factor), Math.round(1 / factor)];
  if (whole !== 0 && Math.abs(factor - whole) <= 1e-4 * Math.abs(whole)) return whole;
  return parts !== 0 && Math.abs(factor * parts - 1) <= 1e-4 ? 1 / parts : factor;
}

function showFactor(factor: number): string {
  const parts = Math.round(1 / factor);
  const isFraction = Math.abs(parts) > 1 && Math.abs(factor * parts - 1) < 1e-12;
  return isFraction ? `${factor < 0 ? '−' : ''}1/${Math.abs(parts)}` : String(Number(factor.toPrecision(6)));
}

/** ‖manual − hypothesis‖ / ‖manual‖ of each quantity over each run; the largest of them. */
function residual(stepper: Stepper, samples: readonly Sample[], ownState: boolean): number {
  const sums = new Map<string, [left: number, of: number]>();
  predictions(stepper, samples, ownState).forEach((predicted, at) => {
    const { run, changes } = samples[at]!;
    for (const [quantity, change] of changes) {
      const expected = ruleChange(predicted, quantity, change.old);
      const manual = withoutRounding(change, expected, stepper.constants);
      const sum = sums.get(`${run} ${quantity}`) ?? [0, 0];
      for (let j = 0; j < expected.length; j++) {
        const [x, y] = [manual[j]!, expected[j]!];
        if (!Object.is(x, y)) sum[0] += Number.isFinite(x - y) ? (x - y) ** 2 : Number.POSITIVE_INFINITY;
        if (Number.isFinite(x)) sum[1] += x * x;
      }
      sums.set(`${run} ${quantity}`, sum);
    }
  });
  const ratios = [...sums.values()].map(([left, of]) => (left === 0 ? 0 : Math.sqrt(left / of)));
  return Math.max(0, ...ratios);
}

/** The steps by another rule: each from where the hand-written one started. */
function predictions(stepper: Stepper, samples: readonly Sample[], ownState: boolean): Stepped[] {
  let kept: Stepped['slots'] | undefined;
  return samples.map(({ condition, g, t }) => {
    const stepped = takeStep(stepper, ownState && kept ? { ...condition, slots: kept } : condition, g, t);
    kept = stepped.slots;
    return stepped;
  });
}

/** All steps at some elements: those that differ most, and others evenly spread. */
function samplesOf({ reference: { slots }, taken, ownState }: Circumstances, i: number): Sample[] {
  const chosen = chooseElements(taken, i);
  const at = (values: Float64Array): Float64Array => Float64Array.from(chosen, (j) => values[j]!);
  const quantities: readonly QuantityName[] = ownState ? ['update'] : [...slots, 'update'];
  return taken.map((each) => {
    const { w, slots: old } = conditionOf(each, i, slots);
    const changes = new Map<QuantityName, Change>();
    for (const quantity of quantities) {
      const change = changeOf(each, i, quantity);
      if (change === null) continue;
      changes.set(quantity, { old: at(change.old), now: at(change.now), manual: at(change.manual) });
    }
    return {
      run: each.run,
      t: each.t,
      condition: { w: at(w), slots: Object.fromEntries(slots.map((slot) => [slot, at(old[slot]!)])) },
      g: at(each.grads[i]!),
      changes,
    };
  });
}

function chooseElements(taken: readonly Taken[], i: number): readonly number[] {
  const size = taken.length === 0 ? 0 : taken[0]!.grads[i]!.length;
  const all = Array.from({ length: size }, (_, j) => j);
  if (size <= mostElements) return all;
  const step = taken.find((each) => changeOf(each, i, 'update') !== null);
  const change = step === undefined ? null : changeOf(step, i, 'update');
  const off = (j: number): number => Math.abs(change!.manual[j]! - step!.truth[i]!.update[j]!);
  const most = change === null ? [] : all.toSorted((a, b) => off(b) - off(a)).slice(0, mostElements / 4);
  const spread = Array.from({ length: mostElements / 2 }, (_, k) => Math.floor((k * size) / (mostElements / 2)));
  return [...new Set([...most, ...spread])];
}
