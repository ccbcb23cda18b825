// The chain of gradients as a document to read from top to bottom: each step with its formulas, shapes and a few numbers.

import { showShape } from '@tapegrad/core';
import type { AuditReport, ElementSample, TermReport } from '../audit/audit-report.ts';
import { causesMarkdown, formulaNames } from './audit-markdown.ts';
import { markdownFormula, markdownTable, markdownText } from './markdown.ts';
import { showIndex, showNumber } from './numbers.ts';
import { storyOf, type TermStory } from './story.ts';
import { headSymbol, looks, verdictWords } from './verdicts.ts';
import { showName } from './visible.ts';

/**
 * The derivation that an audit followed, as Markdown with TeX: a heading a step in the order of the backward pass, the tape's formula
 * and the author's, the shapes, the first elements in numbers, the verdict and its likely cause.
 *
 * ```ts
 * const report: AuditReport = {
 *   kind: 'backward', ok: true, summary: 'Nothing was handed in.', loss: 0.5, precision: 'float64',
 *   terms: [], firstWrong: null, problems: [],
 * };
 * derivation(report).split('\n')[0]; // → # The backward pass, step by step
 * ```
 */
export function derivation(report: AuditReport): string {
  const blocks = [
    '# The backward pass, step by step',
    `${headSymbol(report)} ${markdownText(report.summary)}`,
    ...report.problems.map((problem) => `**${markdownText(problem)}**`),
    introduction(report),
    ...(report.terms.length === 0 ? ['There are no steps: the backward pass handed in nothing.'] : []),
    ...report.terms.map((term) => stepMarkdown(report, term)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function introduction({ loss, precision }: AuditReport): string {
  const value = loss === null ? 'The loss $L$ is not finite.' : `The loss is $L = ${texNumber(loss)}$.`;
  const notation = 'Each $dX$ below stands for $\\partial L / \\partial X$ and has the shape of $X$.';
  return `${value} ${notation} Numbers by hand are those of the formula on right input, in ${precision}.`;
}

/** A number in a formula: `1.2 \cdot 10^{-7}`. */
function texNumber(value: number): string {
  return showNumber(value).replace(/e(-?\d+)$/, ' \\cdot 10^{$1}');
}

function stepMarkdown(report: AuditReport, term: TermReport): string {
  const { symbol } = looks[term.verdict];
  const words = markdownText(verdictWords(report, term));
  const from = term.uses.map((name) => `d${markdownText(showName(name))}`).join(', ');
  const facts = [
    `${symbol} **${words}${term.first ? ', the first wrong one' : ''}**`,
    `shape ${markdownText(showShape(term.shape))}`,
    ...(term.verdict === 'missing' ? [] : [from === '' ? 'straight from the loss' : `from ${from}`]),
  ];
  const story = storyOf(term);
  return [
    `## d${markdownText(showName(term.name))}`,
    facts.join(' · '),
    ...formulasMarkdown(term, story),
    numbersMarkdown(term),
    term.verdict === 'right' && (term.factor ?? 1) === 1 ? '' : story.sentences.map(markdownText).join(' '),
    causesMarkdown(story),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Both formulas; only one where they are the same. */
function formulasMarkdown(term: TermReport, { formulas }: TermStory): string[] {
  const [automatic, manual] = [formulas[0]!.formula, formulas[1]!.formula];
  if (automatic !== null && automatic.tex === manual?.tex) {
    return [`${formulaNames.automatic} and by hand:`, markdownFormula(automatic)];
  }
  return formulas.flatMap(({ by, formula }) => {
    if (formula !== null) return [`${formulaNames[by]}:`, markdownFormula(formula)];
    if (by === 'automatic') return [`${formulaNames[by]}: no formula is known.`];
    return term.verdict === 'missing'
      ? []
      : [`${formulaNames[by]} it is written in plain numbers: no formula was given.`];
  });
}

const shownElements = 4;

/** The first elements, what was written by hand above what the tape gives. */
function numbersMarkdown({ shape, elements: { manual, autograd } }: TermReport): string {
  const size = shape.reduce((product, length) => product * length, 1);
  const sampled = firstElements(autograd);
  if (sampled.length === 0) return 'It has no elements.';
  const head = ['', ...sampled.map(({ row, column }) => markdownText(showIndex(placeOf(shape, row, column)))), ''];
  const more = size > sampled.length ? '…' : '';
  const line = (name: string, { rows }: ElementSample): string[] => [
    name,
    ...sampled.map(({ row, column }) => showNumber(rows[row]?.[column] ?? null)),
    more,
  ];
  // What has another shape has other elements at these places: there is nothing to put beside.
  const beside = manual !== null && sameShape(manual, autograd) ? [line('by hand', manual)] : [];
  const rows = [...beside, line('autograd', autograd)];
  const kept = more === '' ? -1 : undefined;
  return markdownTable(
    head.slice(0, kept),
    rows.map((row) => row.slice(0, kept)),
    ['left', ...sampled.map(() => 'right' as const)],
  );
}

function sameShape(a: ElementSample, b: ElementSample): boolean {
  return a.rows.length === b.rows.length && a.rows.every((row, i) => row.length === b.rows[i]!.length);
}

function firstElements({ rows }: ElementSample): { row: number; column: number }[] {
  return rows.flatMap((cells, row) => cells.map((_, column) => ({ row, column }))).slice(0, shownElements);
}

/** The index of an element of the sample: the first along all axes but the last two. */
function placeOf(shape: readonly number[], row: number, column: number): number[] {
  const inner = [row, column].slice(Math.max(0, 2 - shape.length));
  return [...shape.slice(0, Math.max(0, shape.length - 2)).map(() => 0), ...inner];
}
