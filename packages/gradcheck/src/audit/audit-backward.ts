// The audit of a backward pass that was derived by hand: which formula is wrong in itself, which only follows, and what the mistake
// probably is.

import { showShape, TapegradError, type Tensor } from '@tapegrad/core';
import { allFinite, compare, finite } from '../comparison.ts';
import { describe, type Handed, type Plain, type PlainValue } from '../values.ts';
import type { AuditReport, Cause, FormulaText, NumericOpinion, TermReport } from './audit-report.ts';
import { findCauses } from './causes/find-causes.ts';
import { type Chain, followChain, type Link, sameButForOnes } from './chain.ts';
import { costOf } from './cost.ts';
import { sampleElements } from './element-sample.ts';
import { type Lengths, nameFactor } from './factors.ts';
import { automaticFormula, manualFormulas } from './formulas.ts';
import { type Forward, type ForwardPass, type NamedValue, runForward } from './forward-pass.ts';
import { type Backward, type Given, runBackward } from './manual-run.ts';
import { numericOpinion } from './numeric-opinion.ts';
import { Region } from './region.ts';
import { summarize } from './summary.ts';
import { type Judgement, judge } from './verdicts.ts';

/** What {@link auditBackward} is given. */
export interface BackwardAudit<Inputs extends object, Params extends object, As extends Plain> {
  /** The loss, a scalar, from inputs and parameters: in tensors, with the intermediate values {@link Tensor.named}. */
  readonly forward: (values: Handed<Inputs & Params, 'tensor'>) => Tensor;
  /**
   * The hand-written pass: from inputs, parameters and named intermediates the gradients. It hands in each one as it makes it, and
   * goes on with what it gets back: `const dZ2 = given('Z2', …)`. What it returns, by name, counts as handed in at its end.
   */
  readonly backward: (values: BackwardValues<Inputs & Params, As>, given: Given<PlainValue<As>>) => unknown;
  /** Data: tensors, `ndarray`s, nested lists, typed arrays; in any nesting. */
  readonly inputs: Inputs;
  /** What is trained: a gradient is expected for each. */
  readonly params: Params;
  /** What the backward pass is written in. Default: `tensor`. */
  readonly as?: As;
  /** Whether differences of the loss are asked as a third opinion. Default: true. */
  readonly numeric?: boolean;
}

/** What a backward pass is given: its arguments in the form that it is written in, and the intermediates by their names. */
export type BackwardValues<T, As extends Plain> = Handed<T, As> & { readonly [name: string]: PlainValue<As> };

const op = 'auditBackward';

/** How long differences of the loss may take over all, in milliseconds. */
const numericPatience = 300;

/**
 * Judges every formula of a backward pass that was derived by hand. It is run free, which is what its author would get, and with the
 * tape's gradient coming back each time, so that each formula is judged alone, on right input. In float64, so that rounding is no
 * mistake.
 *
 * ```ts
 * const report = auditBackward({
 *   inputs: { X: tensor([[1, 2], [3, 4]]), Y: tensor([[1], [0]]) },
 *   params: { W: tensor([[0.5], [-0.3]]) },
 *   forward: ({ X, Y, W }) => X.matmul(W).named('Z').sigmoid().named('A').sub(Y).square().mean(),
 *   backward: ({ X, Y, A }, given) => {
 *     const dA = given('A', A!.sub(Y).mul(2)); // the mean's 1/2 is missing
 *     const dZ = given('Z', dA.mul(A!).mul(A!.mul(-1).add(1)));
 *     return { W: X.transpose().matmul(dZ) };
 *   },
 * });
 * report.firstWrong; // → A
 * report.terms[0]?.factor; // → 2
 * ```
 *
 * @throws TapegradError for a forward pass that is no scalar function of the arguments, and for names that come twice. What is wrong with
 * the backward pass is in the report.
 */
export function auditBackward<Inputs extends object, Params extends object, const As extends Plain = 'tensor'>(
  audit: BackwardAudit<Inputs, Params, As>,
): AuditReport {
  const { forward, backward, inputs, params, as = 'tensor', numeric = true } = audit;
  for (const [name, f] of [
    ['forward', forward],
    ['backward', backward],
  ] as const) {
    if (typeof f !== 'function') throw new TapegradError(op, `${name} is ${describe(f)}. Expected a function.`);
  }
  for (const [name, tree] of [
    ['inputs', inputs],
    ['params', params],
  ] as const) {
    if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
      throw new TapegradError(op, `${name} is ${describe(tree)}. Expected values by name: { X, Y }.`);
    }
  }
  if (as !== 'tensor' && as !== 'ndarray' && as !== 'array') {
    throw new TapegradError(op, `as is ${describe(as)}. Expected tensor, ndarray or array.`);
  }
  const pass = runForward(forward as Forward, inputs, params);
  const chain = followChain(pass, (answer) => runBackward(backward as Backward, pass, as, answer));
  const { lengths } = chain;
  const judgements = judge(chain, smallMistakes(pass, chain, lengths));
  const missing = [...pass.named.values()].filter(
    ({ name, kind }) => kind !== 'input' && !judgements.some(({ link }) => link.name === name),
  );
  const elements = numeric ? elementsPerTerm(pass, judgements.length) : 0;
  const opinions = judgements.map(({ link, verdict, factor }) => {
    if (elements === 0) return null;
    const manual = likeGradient(link.alone.value, link.gradient);
    // A factor that is no mistake is not what the numbers are asked about.
    const times = verdict === 'right' || verdict === 'consequence' ? (factor ?? 1) : 1;
    return numericOpinion(pass, link.name, manual?.div(times) ?? null, elements);
  });
  const settled = judgements.map((judgement, i) => overrule(judgement, opinions[i]!));
  const first = settled.find(({ verdict }) => verdict === 'wrong')?.link.name ?? null;
  const causes = settled.map((judgement) => causesOf(pass, chain, judgement, lengths));
  const traced = as === 'tensor' ? manualFormulas(backward as Backward, pass) : new Map<string, FormulaText>();
  const terms = [
    ...settled.map((judgement, i) =>
      reportTerm(pass, judgement, {
        isFirst: judgement.link.name === first,
        lengths,
        numeric: opinions[i]!,
        causes: causes[i]!,
        automatic: automaticFormula(pass, regionOf(pass, chain, judgement.link)),
        manual: judgement.link.alone.formula ?? traced.get(judgement.link.name) ?? null,
      }),
    ),
    ...missing.map((value) => reportMissing(value)),
  ];
  const problems = [
    ...notFinite(pass),
    ...chain.problems,
    ...opinions.flatMap((opinion, i) => tapeProblem(judgements[i]!, opinion)),
  ];
  const ok =
    first === null &&
    problems.length === 0 &&
    missing.every(({ kind }) => kind !== 'param') &&
    settled.every(({ verdict }) => verdict !== 'consequence');
  const facts = {
    kind: 'backward',
    ok,
    loss: finite(pass.loss.item()),
    precision: pass.precision,
    terms,
    firstWrong: first,
    problems,
  } as const;
  return { ...facts, summary: summarize(facts) };
}

/** How many elements of each gradient the loss's differences are taken by, so that all of it takes a fraction of a second. */
function elementsPerTerm(pass: ForwardPass, terms: number): number {
  if (pass.precision === 'float32') return 0; // differences would be rounding
  const each = 6 * costOf(pass.nodes, pass.nodes.keys());
  return Math.max(2, Math.min(24, Math.floor(numericPatience / each / Math.max(terms, 1))));
}

/**
 * The formulas that are right to single precision, but for which a mistake other than an ε explains what is left: a wrong term may be
 * small beside the largest one. Only where no float32 can have been mixed in.
 */
function smallMistakes(pass: ForwardPass, chain: Chain, lengths: Lengths): Set<string> {
  const mistaken = judge(chain).filter((judgement) => {
    if (!judgement.link.alone.double || judgement.agreement !== 'single') return false;
    const [best] = causesOf(pass, chain, { ...judgement, verdict: 'approximate' }, lengths);
    return best !== undefined && best.kind !== 'epsilon';
  });
  return new Set(mistaken.map(({ link }) => link.name));
}

/** What is said where there is nothing to hold formulas against. */
function notFinite(pass: ForwardPass): string[] {
  const names = [...pass.named.values()].filter(({ gradient }) => !allFinite(gradient)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `the tape's own gradient by ${names.join(', ')} is not finite, and the loss is ${pass.loss.item()}. Record the forward pass on ` +
      'new Tape({ detectAnomaly: true }) to see where that begins, and audit on other values',
  ];
}

/** Where the numbers are on the formula's side, it is not the formula that is wrong. */
function overrule(judgement: Judgement, numeric: NumericOpinion | null): Judgement {
  return judgement.verdict === 'wrong' && numeric?.agreesWith === 'manual'
    ? { ...judgement, verdict: 'right', factor: 1 }
    : judgement;
}

function tapeProblem({ link }: Judgement, numeric: NumericOpinion | null): string[] {
  if (numeric?.agreesWith !== 'manual') return [];
  return [
    `the tape's gradient by ${link.name} is wrong, not the formula: central differences of the loss agree with the formula. Look for a ` +
      'stopGradient, a customGradient or an op of your own between it and the loss',
  ];
}

/** What is known of a term beside its judgement. */
interface Findings extends Pick<TermReport, 'numeric' | 'causes' | 'automatic' | 'manual'> {
  readonly isFirst: boolean;
  readonly lengths: Lengths;
}

function reportTerm(pass: ForwardPass, judgement: Judgement, findings: Findings): TermReport {
  const { isFirst, lengths, ...found } = findings;
  const { link, verdict, factor, carries, meant, madeUpAt } = judgement;
  const { name, gradient, scale } = link;
  const { kind } = pass.named.get(name)!;
  const alone = likeGradient(link.alone.value, gradient);
  const free = likeGradient(link.free?.value ?? null, gradient);
  // A formula that puts a regrouped one right has no right input of its own: it is judged behind that one.
  const judged = verdict === 'wrong' || link.factor !== null ? alone : likeGradient(judgement.carried, gradient);
  const times = verdict === 'wrong' || verdict === 'regrouped' ? 1 : judged === alone ? (factor ?? 1) : meant;
  return {
    name,
    kind,
    shape: gradient.shape,
    verdict,
    first: isFirst,
    uses: link.uses,
    factor: factor === null ? null : (nameFactor(factor, lengths)?.value ?? factor),
    carries: nameFactor(carries, lengths)?.value ?? carries,
    madeUpAt,
    alone: judged === null ? null : compare(judged, gradient.mul(times), scale * Math.abs(times)),
    free: free === null ? null : compare(free, gradient.mul(carries), scale * Math.abs(carries)),
    ...found,
    problem: problemOf(link),
    elements: {
      manual: link.alone.value === null ? null : sampleElements(link.alone.value),
      autograd: sampleElements(gradient),
      difference: judged === null ? null : sampleElements(judged.sub(gradient.mul(times))),
    },
  };
}

function reportMissing({ name, kind, gradient }: NamedValue): TermReport {
  return {
    name,
    kind,
    shape: gradient.shape,
    verdict: 'missing',
    first: false,
    uses: [],
    factor: null,
    carries: 1,
    madeUpAt: [],
    alone: null,
    free: null,
    numeric: null,
    causes: [],
    problem: null,
    automatic: null,
    manual: null,
    elements: { manual: null, autograd: sampleElements(gradient), difference: null },
  };
}

/** What was handed in, in the gradient's shape; null where it is of another one. */
function likeGradient(value: Tensor | null, gradient: Tensor): Tensor | null {
  return value === null || !sameButForOnes(value.shape, gradient.shape) ? null : value.reshape(gradient.shape);
}

function problemOf({ alone, gradient }: Link): string | null {
  if (alone.problem !== null || alone.value === null) return alone.problem;
  const [got, expected] = [showShape(alone.value.shape), showShape(gradient.shape)];
  if (got === expected) return null;
  const rest = likeGradient(alone.value, gradient) === null ? '' : '; axes of length 1 apart that is the same';
  return `it has the shape ${got}, expected ${expected}${rest}`;
}

/** What the mistake probably is. */
function causesOf(
  pass: ForwardPass,
  chain: Chain,
  { link, verdict, carried, meant }: Judgement,
  lengths: Lengths,
): Cause[] {
  if (verdict !== 'wrong' && verdict !== 'regrouped' && verdict !== 'approximate') return [];
  if (carried === null || !allFinite(carried)) return [];
  const { at } = pass.named.get(link.name)!;
  const causes = findCauses({
    name: link.name,
    at,
    manual: carried.div(meant),
    expected: link.gradient,
    pass,
    region: regionOf(pass, chain, link),
    lengths,
  });
  // Where what follows is right, the two steps were derived as one.
  const rank = ({ kind }: Cause): number => (verdict === 'regrouped' && kind === 'misplaced' ? 0 : 1);
  return causes.sort((a, b) => rank(a) - rank(b));
}

/** The part of the tape that a formula stands for. */
function regionOf(pass: ForwardPass, chain: Chain, link: Link): Region {
  return new Region(pass, pass.named.get(link.name)!.at, frontierOf(pass, chain, link));
}

/** The nodes at which a formula starts: what was handed in before, but for what its author went past to something earlier. */
function frontierOf(pass: ForwardPass, { links }: Chain, link: Link): Set<number> {
  const before = links.slice(0, links.indexOf(link)).map(({ name }) => name);
  const at = (name: string): number => pass.named.get(name)!.at;
  const leads = (from: number, to: number): boolean => {
    const reached = new Set([from]);
    for (let i = from + 1; i <= to; i++) if (pass.nodes[i]!.inputs.some((input) => reached.has(input))) reached.add(i);
    return reached.has(to);
  };
  const passed = (name: string): boolean =>
    !link.uses.includes(name) && link.uses.some((used) => used !== name && leads(at(name), at(used)));
  return new Set(before.filter((name) => !passed(name)).map(at));
}
