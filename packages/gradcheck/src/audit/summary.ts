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
    const conventions = handed.filter(({ verdict }) => verdict === 'scaled' || verdict === 'regrouped');
    const how =
      conventions.length === 0 ? '' : `; ${names(conventions)} by a convention that later formulas make up for`;
    parts.push(`All ${handed.length} gradients are right${how}.`);
  }
  if (missing.length > 0) parts.push(`No gradient was handed in for ${names(missing)}.`);
  parts.push(
    ...problems.map(
      (problem) => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${/[.!?]$/.test(problem) ? '' : '.'}`,
    ),
  );
  return parts.join(' ');
}

function names(terms: readonly TermReport[]): string {
  return terms.map(({ name }) => name).join(', ');
}
