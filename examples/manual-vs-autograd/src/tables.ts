// The tables for a terminal: all formulas of a combination, and the overview over all systems. No line is wider than 120 columns.

import Table, { type TableConstructorOptions } from 'cli-table3';
import type { Audited } from './audited.ts';
import { type Kind, type Row, rowsOf, signs } from './rows.ts';
import type { Combination } from './system.ts';

const width = 120;
const kinds: readonly Kind[] = ['right', 'convention', 'wrong', 'consequence'];

// Nothing but spaces between columns.
const bare: TableConstructorOptions = {
  chars: {
    ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
    ...{
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: ' ',
    },
  },
  style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
  wordWrap: true,
};

/** A table of a combination's formulas: sign, gradient, the author's formula, verdict. */
export function formulaTable(combination: Combination): string {
  const rows = rowsOf(combination);
  const [names, formulas] = [rows.map(({ name }) => name), rows.map(({ formula }) => formula)];
  // Each column is as wide as its widest cell and the space after it; the verdict has the rest.
  const [first, second] = [longest(names) + 2, longest(formulas) + 2];
  const table = new Table({ ...bare, colWidths: [4, first, second, width - 4 - first - second - 3] });
  for (const row of rows) table.push([sign(row), row.name, row.formula, row.verdict]);
  return trimmed(table);
}

function sign({ kind, first }: Row): string {
  return `${first ? '▶' : ' '} ${signs[kind]}`;
}

/** One row a combination: how many formulas are what, and the first wrong one. */
export function overview(systems: readonly Audited[]): string {
  const rows = systems.flatMap(({ system, combinations }) =>
    combinations.map((combination) => {
      const all = rowsOf(combination);
      const counts = kinds.map((kind) => String(all.filter((row) => row.kind === kind).length || '·'));
      const first = all.find((row) => row.first);
      const verdict = first === undefined ? '—' : `${first.name} = ${first.formula}`;
      return [system.key.toUpperCase(), combination.title, ...counts, verdict];
    }),
  );
  // The last column is as wide as its widest cell; the titles are broken into lines where what is left is too narrow.
  const rest = width - 2 - 4 * kinds.length - (kinds.length + 2) - longest(rows.map((row) => row.at(-1)!)) - 1;
  const titles = Math.min(rest, longest(rows.map((row) => row[1]!)) + 1);
  const table = new Table({
    ...bare,
    head: ['', 'combination', signs.right, signs.convention, signs.wrong, signs.consequence, 'the first wrong formula'],
    colWidths: [2, titles, 4, 4, 4, 4],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
  });
  table.push(...rows);
  return `${trimmed(table)}\n\n${legend}`;
}

/** What the signs mean. */
export const legend: string = [
  `${signs.right} right`,
  `${signs.convention} right up to a constant, or together with the next step`,
  `${signs.wrong} wrong in itself`,
  `${signs.consequence} only a consequence`,
].join('   ');

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, [...text].length), 0);
}

function trimmed(table: Table.Table): string {
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
