// From the steps that were taken to the report: verdicts, the first wrong one, causes, and what they come to in a sentence.

import { indexOf } from '../comparison.ts';
import { causesOf } from './causes.ts';
import { changeOf, type Judged, judge, ofValues, type QuantityName, ruleChange, type Taken } from './judge.ts';
import type { Members } from './members.ts';
import type { ConstantName } from './rule.ts';
import { formulaOf } from './rules.ts';
import type { StateHandling, Steps } from './steps.ts';
import { summaryOf } from './summary.ts';
import type { UpdateCause, UpdateQuantity, UpdateReport, UpdateVerdict } from './update-report.ts';

// The worst last.
const order: readonly UpdateVerdict[] = ['right', 'single', 'consequence', 'missing', 'wrong'];

/** What was judged at each step, for each parameter. */
type AllJudged = readonly (readonly ReadonlyMap<QuantityName, Judged>[])[];

/** What came of the steps. */
export function updateReport(steps: Steps, members: Members, seed: number): UpdateReport {
  const { reference, taken, state } = steps;
  const { name, rule, convention, constants } = reference;
  const names: readonly QuantityName[] = state === 'handed back' ? [...reference.slots, 'update'] : ['update'];
  const judged = taken.map((each) =>
    members.list.map(({ shape }, i) => judge(reference, each, i, shape, names.slice(0, -1) as typeof reference.slots)),
  );
  const firstWrong = firstOf(taken, judged, members, names);
  const quantities = members.list.flatMap(({ name: parameter }, i) =>
    names.map((quantity): UpdateQuantity => {
      const first = firstWrong?.parameter === parameter && firstWrong.quantity === quantity;
      return { first, ...quantityOf(taken, judged, members, i, quantity) };
    }),
  );
  const told = unrepeated(taken.flatMap(({ answer }) => answer.problems));
  const problems = [...told, ...notFinite(taken, members, names), ...lostState(steps)];
  const isRight = quantities.every(({ verdict }) => verdict === 'right' || verdict === 'single');
  const found = explain(steps, judged, members);
  const report: Omit<UpdateReport, 'summary'> = {
    kind: 'update',
    ok: problems.length === 0 && isRight,
    rule: {
      ...{ name, title: rule.title, formula: formulaOf(rule, constants), source: rule.source, convention },
      options: Object.fromEntries((Object.keys(rule.defaults) as ConstantName[]).map((key) => [key, constants[key]])),
    },
    precision: steps.dtype,
    state: startOf[state],
    seed,
    quantities,
    firstWrong,
    ...found,
    problems,
    notes: notesOf(steps),
  };
  return { ...report, summary: summaryOf(report) };
}

const startOf: { readonly [S in StateHandling]: UpdateReport['state'] } = {
  none: 'none',
  own: 'own',
  lost: 'restarted',
  'handed back': 'restarted',
};

function firstOf(
  taken: readonly Taken[],
  judged: AllJudged,
  members: Members,
  names: readonly QuantityName[],
): UpdateReport['firstWrong'] {
  for (const [at, { run, t }] of taken.entries()) {
    for (const quantity of names) {
      const i = judged[at]!.findIndex((each) => each.get(quantity)!.verdict === 'wrong');
      if (i >= 0) return { parameter: members.list[i]!.name, quantity, run, t };
    }
  }
  return null;
}

function quantityOf(
  taken: readonly Taken[],
  judged: AllJudged,
  members: Members,
  i: number,
  quantity: QuantityName,
): Omit<UpdateQuantity, 'first'> {
  const { name: parameter, shape } = members.list[i]!;
  const steps = taken.map(({ run, t, before }, at) => {
    const { verdict, comparison } = judged[at]![i]!.get(quantity)!;
    const shown = quantity === 'update' ? comparison : ofValues(comparison, before.slots[quantity]![i]!, shape);
    return { run, t, verdict, comparison: shown };
  });
  const worst = Math.max(...steps.map(({ verdict }) => order.indexOf(verdict)));
  return { parameter, quantity, shape, verdict: order[worst]!, steps };
}

/** Causes for each parameter with something wrong; the same one of several parameters once. */
function explain(steps: Steps, judged: AllJudged, members: Members): Pick<UpdateReport, 'causes' | 'unexplained'> {
  const { reference, state } = steps;
  const taken = steps.taken.filter(({ answer }) => !answer.threw);
  const causes: UpdateCause[] = [];
  const unexplained: string[] = [];
  for (const [i, { name: parameter }] of members.list.entries()) {
    const isOff = judged.some((each) => [...each[i]!.values()].some(({ verdict }) => verdict === 'wrong'));
    if (!isOff) continue;
    const found = causesOf({ reference, taken, ownState: state === 'own' }, i);
    if (found.length === 0) unexplained.push(parameter);
    for (const cause of found) {
      const at = causes.findIndex(({ text }) => text === cause.text);
      const same = causes[at];
      if (same === undefined) causes.push({ ...cause, parameters: [parameter] });
      else {
        const residual = Math.max(same.residual, cause.residual);
        causes[at] = { ...same, residual, parameters: [...same.parameters, parameter] };
      }
    }
  }
  // What explains most parameters comes first; the order of the catalogue stays among equals.
  return { causes: causes.toSorted((a, b) => b.parameters.length - a.parameters.length), unexplained };
}

/** Each problem once, at the first step that has it. */
function unrepeated(problems: readonly string[]): string[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const what = problem.replace(/^step \d+: /, '');
    return !seen.has(what) && seen.add(what);
  });
}

/** Where the hand-written step gave NaN or an infinity, and the rule did not: the first place of each quantity. */
function notFinite(taken: readonly Taken[], members: Members, names: readonly QuantityName[]): string[] {
  return members.list.flatMap(({ name, shape }, i) =>
    names.flatMap((quantity) => {
      for (const each of taken) {
        const change = changeOf(each, i, quantity);
        if (change === null) continue;
        const expected = ruleChange(each.truth[i]!, quantity, change.old);
        const at = change.now.findIndex((value, j) => !Number.isFinite(value) && Number.isFinite(expected[j]!));
        if (at < 0) continue;
        const whole = quantity === 'update' ? `params.${name}` : `state.${quantity}.${name}`;
        return [
          `step ${each.t}: ${whole} holds ${change.now[at]} at [${indexOf(at, shape).join(', ')}], where the rule has a finite number.`,
        ];
      }
      return [];
    }),
  );
}

function lostState({ state, reference }: Steps): string[] {
  if (state !== 'lost') return [];
  const slots = reference.slots.join(' and ');
  const verb = reference.slots.length === 1 ? 'is' : 'are';
  return [
    `${slots} ${verb} read, but not handed back: each step would begin as the first. Expected { params, state }.`,
  ];
}

function notesOf({ state, reference, taken, dtype }: Steps): string[] {
  const notes: string[] = [];
  if (state === 'own') {
    notes.push(
      `The step keeps its state to itself, so ${reference.slots.join(' and ')} are judged by the updates alone, in one run: ` +
        'an ε that is misplaced does not show. Hand the state back to have it judged.',
    );
  }
  const small = taken.some(({ run }) => run === 'small');
  if (small) notes.push('Steps under "small" have gradients about as large as ε: elsewhere its place does not show.');
  if (dtype === 'float32') notes.push('The step could not compute in float64, and was judged as far as float32 goes.');
  return notes;
}
