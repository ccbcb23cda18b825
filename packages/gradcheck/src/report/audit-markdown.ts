// The audit's report as Markdown, for an issue, a pull request or a notebook.

import type { AuditReport, TermReport } from '../audit/audit-report.ts';
import { markdownCode, markdownFormula, markdownTable, markdownText } from './markdown.ts';
import { showIndex, showNumber } from './numbers.ts';
import { isWorthReading, storyOf, type TermStory } from './story.ts';
import { columnNote, columns, rowsOf } from './table.ts';
import { headSymbol, looks, tally, verdictWords } from './verdicts.ts';
import { showName } from './visible.ts';

/**
 * The report of an audit as Markdown that GitHub shows: a headline, the table of all gradients in the order of the backward pass, and
 * what is to be said of each that is not simply right, with its formulas as TeX.
 *
 * ```ts
 * const report: AuditReport = {
 *   kind: 'backward', ok: true, summary: 'Nothing was handed in.', loss: 0.5, precision: 'float64',
 *   terms: [], firstWrong: null, problems: [],
 * };
 * auditMarkdown(report).split('\n')[0]; // → ## ✓ Nothing was handed in.
 * ```
 */
export function auditMarkdown(report: AuditReport): string {
  const facts = [tally(report), `loss ${showNumber(report.loss)}`, `computed in ${report.precision}`];
  const blocks = [
    `## ${headSymbol(report)} ${markdownText(report.summary)}`,
    facts.map(markdownText).join(' · '),
    report.problems.map((problem) => `- **${markdownText(problem)}**`).join('\n'),
    report.terms.length === 0 ? '' : `${overview(report)}\n\n<sub>${markdownText(columnNote)}</sub>`,
    ...report.terms.filter(isWorthReading).map((term) => termMarkdown(report, term)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function overview(report: AuditReport): string {
  const rows = rowsOf(report).map(({ term, symbol, cells }) => {
    const strong = (text: string): string => (term.first ? `**${text}**` : text);
    return [
      term.first ? `▶ ${symbol}` : symbol,
      ...columns.map(({ key }) => {
        if (key === 'name') return strong(markdownCode(cells.name));
        return strong(markdownText(key === 'verdict' && term.first ? `${cells.verdict}, first` : cells[key]));
      }),
    ];
  });
  return markdownTable(['', ...columns.map(({ head }) => head.join(' '))], rows, [
    'left',
    ...columns.map(({ align }) => align),
  ]);
}

function termMarkdown(report: AuditReport, term: TermReport): string {
  const first = term.first ? ', the first wrong one' : '';
  const title = `### ${looks[term.verdict].symbol} d${markdownText(showName(term.name))}: ${markdownText(verdictWords(report, term))}${first}`;
  return [title, ...storyMarkdown(storyOf(term))].join('\n\n');
}

/** What is to be said of a gradient, as blocks of Markdown. */
export function storyMarkdown(story: TermStory): string[] {
  return [
    story.sentences.map(markdownText).join(' '),
    opinionsMarkdown(story),
    causesMarkdown(story),
    ...story.formulas.flatMap(({ by, formula }) =>
      formula === null ? [] : [`${formulaNames[by]}:`, markdownFormula(formula)],
    ),
  ].filter((block) => block !== '');
}

/** What the two formulas are called. */
export const formulaNames: { readonly automatic: string; readonly manual: string } = {
  automatic: 'Automatic',
  manual: 'By hand',
};

function opinionsMarkdown({ opinions }: TermStory): string {
  if (opinions.length === 0) return '';
  const rows = opinions.map(({ where, manual, autograd, numeric }) => [
    markdownText(showIndex(where)),
    ...[manual, autograd, numeric].map(showNumber),
  ]);
  return markdownTable(['element', 'manual', 'autograd', 'numeric'], rows, ['left', 'right', 'right', 'right']);
}

/** The causes as a list. */
export function causesMarkdown({ causes }: TermStory): string {
  return causes.map(({ rank, text, fit }) => `- **${rank}:** ${markdownText(text)} (${markdownText(fit)})`).join('\n');
}
