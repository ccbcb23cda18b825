// What an audit found, in a sentence or two: what to look at first.

import type { AuditReport, TermReport } from './audit-report.ts';

/** The headline of a report. */
export function summarize(report: Omit<AuditReport, 'summary'>): string {
  const { terms, firstWrong, problems, ok } = report;
  const handed = terms.filter(({ verdict }) => verdict !== 'missing');
  const wrong = handed.filter(({ verdict }) => verdict === 'wrong');
  const following = handed.filter(({ verdict }) => verdict === 'consequence');
  const missing = terms.filter(({ verdict, kind }) => verdict === 'missing' && kind === 'param');
  const parts: string[] = [];
  if (firstWrong !== null) {
    const [cause] = wrong[0]!.causes;
    const likely = cause === undefined ? 'no known cause fits' : `likely: ${cause.text}`;
    const { problem } = wrong[0]!;
    const details = problem === null ? [likely] : cause === undefined ? [problem] : [problem, likely];
    parts.push(`The gradient by ${firstWrong} is the first that is wrong (${details.join('; ')}).`);
    if (wrong.length > 1) parts.push(`Wrong in themselves, too: ${names(wrong.slice(1))}.`);
    if (following.length > 0) parts.push(`Wrong only through what comes before: ${names(following)}.`);
  } else if (ok) {
    const conventions = handed.filter(({ verdict }) => verdict === 'scaled');
    const together = handed.filter(({ verdict }) => verdict === 'regrouped');
    const carried =
      conventions.length === 0 ? '' : `; ${names(conventions)} up to a constant factor that later formulas make up for`;
    const fused =
      together.length === 0 ? '' : `; ${names(together)} only together with the next step, derived as one with it`;
    parts.push(
      handed.length === 1 ? 'The gradient is right.' : `All ${handed.length} gradients are right${carried}${fused}.`,
    );
  }
  if (missing.length > 0) parts.push(`No gradient was handed in for ${names(missing)}.`);
  const unjudged = handed.filter(({ verdict }) => verdict === 'unjudged');
  if (unjudged.length > 0) parts.push(`Not judged: ${names(unjudged)}.`);
  // Reports list the problems below; where there is nothing else to say, they are the headline.
  if (parts.length === 0) parts.push(...problems.map(sentence));
  return parts.join(' ');
}

/** A problem as a sentence. */
export function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${/[.!?]$/.test(problem) ? '' : '.'}`;
}

function names(terms: readonly TermReport[]): string {
  return terms.map(({ name }) => name).join(', ');
}
