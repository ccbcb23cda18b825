// The audit of a backward pass that was derived by hand: which formula is wrong in itself, which only follows, and what the mistake
// probably is.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { finite } from '../comparison.ts';
import { describe, type Handed, type Plain, type PlainValue } from '../values.ts';
import type { AuditReport, FormulaText } from './audit-report.ts';
import { followChain } from './chain.ts';
import { automaticFormula, manualFormulas } from './formulas.ts';
import { type Forward, runForward } from './forward-pass.ts';
import { type Backward, type Given, runBackward } from './manual-run.ts';
import { elementsPerTerm } from './numeric-opinion.ts';
import { problemsOf } from './problems.ts';
import { regionOf } from './region.ts';
import { causesOf, opinionsOn, overrule, settle } from './settle.ts';
import { summarize } from './summary.ts';
import { reportMissing, reportTerm } from './term-report.ts';

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
 * @returns plain data, which JSON can hold: {@link showAudit}, {@link auditMarkdown}, {@link auditHtml} and {@link derivation} show it. A
 * formula is judged on right input only if the pass goes on with what `given` gives back.
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
  const judged = settle(pass, chain);
  const elements = numeric ? elementsPerTerm(pass, judged.length) : 0;
  const opinions = opinionsOn(pass, judged, elements);
  const judgements = overrule(judged, opinions);
  const first = judgements.find(({ verdict }) => verdict === 'wrong')?.link.name ?? null;
  const causes = judgements.map((judgement) => causesOf(pass, chain, judgement));
  // The formulas come last: they are recorded on the same tape.
  const traced = as === 'tensor' ? manualFormulas(backward as Backward, pass) : new Map<string, FormulaText>();
  const missing = [...pass.named.values()].filter(
    ({ name, kind }) => kind !== 'input' && !judgements.some(({ link }) => link.name === name),
  );
  const terms = [
    ...judgements.map((judgement, i) =>
      reportTerm(pass, judgement, {
        isFirst: judgement.link.name === first,
        lengths: chain.lengths,
        numeric: opinions[i]!,
        causes: causes[i]!,
        automatic: automaticFormula(pass, regionOf(pass, chain.links, judgement.link)),
        manual: judgement.link.alone.formula ?? traced.get(judgement.link.name) ?? null,
      }),
    ),
    ...missing.map((value) => reportMissing(value)),
  ];
  const problems = problemsOf(pass, chain, judgements, opinions);
  const ok =
    first === null &&
    problems.length === 0 &&
    missing.every(({ kind }) => kind !== 'param') &&
    judgements.every(({ verdict, isKink }) => verdict !== 'consequence' && (verdict !== 'unjudged' || isKink === true));
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
