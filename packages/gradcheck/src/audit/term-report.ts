// What a report says of one gradient, out of what was judged.

import { compare, scaled } from '../comparison.ts';
import type { TermReport } from './audit-report.ts';
import { sampleElements } from './element-sample.ts';
import { type Lengths, nameFactor } from './factors.ts';
import type { ForwardPass, NamedValue } from './forward-pass.ts';
import { likeGradient, shapeProblem } from './handed-shape.ts';
import type { Judgement } from './verdicts.ts';

/** What is known of a term beside its judgement. */
export interface Findings extends Pick<TermReport, 'numeric' | 'causes' | 'automatic' | 'manual'> {
  readonly isFirst: boolean;
  readonly lengths: Lengths;
}

/** The report on a gradient that was handed in. */
export function reportTerm(pass: ForwardPass, judgement: Judgement, findings: Findings): TermReport {
  const { isFirst, lengths, ...found } = findings;
  const { link, verdict, factor, carries, meant, madeUpAt } = judgement;
  const { name, gradient, scale } = link;
  const alone = likeGradient(link.alone.value, gradient);
  const free = likeGradient(link.free?.value ?? null, gradient);
  // A formula that puts a regrouped one right has no right input of its own: it is judged behind that one.
  const judged = verdict === 'wrong' || link.factor !== null ? alone : likeGradient(judgement.carried, gradient);
  const times = verdict === 'wrong' || verdict === 'regrouped' ? 1 : judged === alone ? (factor ?? 1) : meant;
  return {
    name,
    kind: pass.named.get(name)!.kind,
    shape: gradient.shape,
    verdict,
    first: isFirst,
    uses: link.uses,
    factor: factor === null ? null : (nameFactor(factor, lengths)?.value ?? factor),
    carries: nameFactor(carries, lengths)?.value ?? carries,
    madeUpAt,
    alone: judged === null ? null : compare(judged, gradient.mul(times), scaled(scale, times)),
    free: free === null ? null : compare(free, gradient.mul(carries), scaled(scale, carries)),
    ...found,
    problem: problemOf(judgement),
    elements: {
      manual: link.alone.value === null ? null : sampleElements(link.alone.value),
      autograd: sampleElements(gradient),
      difference: judged === null ? null : sampleElements(judged.sub(gradient.mul(times))),
    },
  };
}

/** The report on a gradient that never was. */
export function reportMissing({ name, kind, gradient }: NamedValue): TermReport {
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

function problemOf(judgement: Judgement): string | null {
  const { link, verdict, isKink } = judgement;
  if (link.alone.problem !== null || link.alone.value === null) return link.alone.problem;
  if (isKink)
    return 'the loss has a kink where it differs from the tape, and has no derivative there: either may be taken';
  if (verdict === 'unjudged')
    return "the tape's own gradient is not finite, or comes of a wrong one: there is nothing to hold it against";
  return shapeProblem(judgement);
}
