// The audit's report for a terminal.

import { TapegradError } from '@tapegrad/core';
import Table from 'cli-table3';
import type { AuditReport, TermReport } from '../audit/audit-report.ts';
import { outputWidth, type Paint, painter, type Style, wantsColor } from './ansi.ts';
import { showIndex, showNumber } from './numbers.ts';
import { isWorthReading, storyOf, type TermStory } from './story.ts';
import { type Column, columnNote, columns, type Row, rowsOf } from './table.ts';
import { headSymbol, looks, originsOf, tally, type VerdictLook, verdictWords } from './verdicts.ts';
import { columnsOf, showName, visible } from './visible.ts';

/** How {@link showAudit} writes. */
export interface ShowAuditOptions {
  /** Whether to use colours. By default on a terminal only, and not where the environment sets NO_COLOR. */
  readonly color?: boolean;
  /** The most columns that a line may take, at least 60. By default the terminal's width, at most 120. */
  readonly width?: number;
}

/**
 * The report of an audit as text: a sentence, the table of all gradients in the order of the backward pass, and below it what is to be
 * said of each that is not simply right: three opinions on some elements, likely causes, the formulas.
 *
 * ```ts
 * const report: AuditReport = {
 *   kind: 'backward', ok: true, summary: 'Nothing was handed in.', loss: 0.5, precision: 'float64',
 *   terms: [], firstWrong: null, problems: [],
 * };
 * showAudit(report, { color: false }).split('\n')[0]; // → ✓ Nothing was handed in.
 * ```
 *
 * @throws TapegradError where the width is not a whole number of at least 60.
 */
export function showAudit(report: AuditReport, options: ShowAuditOptions = {}): string {
  const width = options.width ?? Math.max(60, outputWidth());
  if (!Number.isInteger(width) || width < 60) {
    throw new TapegradError('showAudit', `the width is ${width}. Expected a whole number of columns, at least 60.`);
  }
  const paint = painter(options.color ?? wantsColor());
  const tone = report.ok ? 'green' : 'red';
  const facts = [tally(report), `loss ${showNumber(report.loss)}`, `computed in ${report.precision}`].join(' · ');
  const head = wrap(`${headSymbol(report)} ${visible(report.summary)}`, width, '', '  ');
  const blocks = [
    [
      ...head.map((line) => paint('bold', paint(tone, line))),
      ...wrap(facts, width, '  ').map((line) => paint('dim', line)),
    ],
    report.problems.flatMap((problem) =>
      wrap(`! ${visible(problem)}`, width, '', '  ').map((line) => paint('red', line)),
    ),
    report.terms.length === 0 ? [] : tableLines(report, width, paint),
    ...report.terms.filter(isWorthReading).map((term) => termLines(report, term, width, paint)),
    consequenceLines(report, width),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const styles: { readonly [T in VerdictLook['tone']]: Style } = {
  good: 'green',
  note: 'yellow',
  bad: 'red',
  dim: 'dim',
  gap: 'cyan',
};

function tableLines(report: AuditReport, width: number, paint: Paint): string[] {
  const rows = rowsOf(report);
  const { shown, widths } = columnsWithin(rows, width);
  const table = new Table({
    head: ['', ...shown.map(({ head }) => head.join('\n'))],
    colWidths: [5, ...widths],
    colAligns: ['left', ...shown.map(({ align }) => align)],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    const { first, verdict } = row.term;
    const style = styles[looks[verdict].tone];
    const cells = shown.map((column, i) => {
      const tinted = column.key === 'verdict' || verdict === 'consequence';
      return wrap(cellOf(row, column), widths[i]! - 2, '')
        .map((line) => (tinted ? paint(style, line) : line))
        .map((line) => (first ? paint('bold', line) : line))
        .join('\n');
    });
    table.push([paint(style, `${first ? '▶' : ' '} ${row.symbol}`), ...cells]);
  }
  return [...table.toString().split('\n'), ...wrap(columnNote, width, ' ').map((line) => paint('dim', line))];
}

function cellOf({ cells, term }: Row, { key }: Column): string {
  return key === 'verdict' && term.first ? `${cells[key]}, FIRST` : cells[key];
}

/** How narrow a column may become before the table loses columns. */
const least: { readonly [K in Column['key']]?: number } = { verdict: 13, name: 10, shape: 10 };

/** The columns that find place in the width, and their widths with a space on either side. */
function columnsWithin(rows: readonly Row[], width: number): { shown: readonly Column[]; widths: number[] } {
  let shown = columns;
  for (const leaving of [null, 'shape', 'numeric'] as const) {
    shown = shown.filter(({ key }) => key !== leaving);
    const widths = shown.map((column) => {
      const texts = [...column.head, ...rows.map((row) => cellOf(row, column))];
      return texts.reduce((most, text) => Math.max(most, columnsOf(text)), 0) + 2;
    });
    let excess = widths.reduce((sum, each) => sum + each + 1, 7) - width;
    for (const key of ['name', 'shape', 'verdict'] as const) {
      const at = shown.findIndex((column) => column.key === key);
      if (at < 0 || excess <= 0) continue;
      const given = Math.min(excess, Math.max(0, widths[at]! - least[key]!));
      widths[at] = widths[at]! - given;
      excess -= given;
    }
    if (excess <= 0) return { shown, widths };
  }
  throw new Error('internal: 60 columns hold the table without shapes and opinions');
}

function termLines(report: AuditReport, term: TermReport, width: number, paint: Paint): string[] {
  const look = looks[term.verdict];
  const title = `${look.symbol} d${showName(term.name)}: ${verdictWords(report, term)}${term.first ? ', the first wrong one' : ''}`;
  const story = storyOf(term);
  return [
    ...wrap(title, width, term.first ? '▶ ' : '', '    ').map((line) => paint('bold', paint(styles[look.tone], line))),
    ...wrap(story.sentences.join(' '), width, '  '),
    ...opinionLines(story, width),
    ...story.causes.flatMap(({ rank, text, fit: how }) => wrap(`${rank}: ${text} (${how})`, width, '  ', '    ')),
    ...story.formulas.flatMap(({ by, formula }) =>
      formula === null ? [] : wrap(visible(formula.plain), width, `  ${by.padEnd(9)}  `, ' '.repeat(13)),
    ),
  ];
}

/** `[0, 3]   manual 0.034   autograd 0.003   numeric 0.003`, in columns. */
function opinionLines({ opinions }: TermStory, width: number): string[] {
  const rows = opinions.map(({ where, manual, autograd, numeric }) => [
    `at ${showIndex(where)}`,
    ...[manual, autograd, numeric].map(showNumber),
  ]);
  const names = ['', 'manual ', 'autograd ', 'numeric '];
  const widths = names.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  return rows.flatMap((row) => {
    const cells = row.map((cell, i) => names[i] + (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
    const line = `    ${cells.join('   ')}`;
    return line.length <= width ? [line] : wrap(cells.join(' '), width, '    ', '      ');
  });
}

/** All consequences in a sentence for each origin: there is nothing to mend in them. */
function consequenceLines(report: AuditReport, width: number): string[] {
  const groups = new Map<string, string[]>();
  for (const term of report.terms.filter(({ verdict }) => verdict === 'consequence')) {
    const origins = originsOf(report, term).map((name) => `d${showName(name)}`);
    const key = origins.length === 0 ? 'others' : origins.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), `d${showName(term.name)}`]);
  }
  return [...groups].flatMap(([origins, names]) => {
    const [is, formula] = names.length === 1 ? ['is', 'Its formula is'] : ['are', 'Their formulas are'];
    return wrap(`→ ${names.join(', ')} ${is} off only through ${origins}. ${formula} right.`, width, '', '  ');
  });
}

/** Lines of at most so many columns, broken at spaces where possible; the first begins with `first`, the others with `next`. */
function wrap(text: string, width: number, first: string, next: string = first): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ').filter((each) => each !== '')) {
    let rest = word;
    if (!empty && columnsOf(line) + 1 + columnsOf(rest) > width) {
      lines.push(line);
      [line, empty] = [next, true];
    }
    while (columnsOf(line) + columnsOf(rest) + (empty ? 0 : 1) > width) {
      const piece = takeColumns(rest, width - columnsOf(line));
      lines.push(line + piece);
      rest = rest.slice(piece.length);
      line = next;
    }
    line += empty ? rest : ` ${rest}`;
    empty = false;
  }
  return empty ? lines : [...lines, line];
}

function takeColumns(text: string, most: number): string {
  let taken = '';
  for (const character of text) {
    if (columnsOf(taken + character) > most) break;
    taken += character;
  }
  return taken;
}
