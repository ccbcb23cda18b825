// Markdown as GitHub reads it: text that stays text, code, tables, formulas.

import type { FormulaText } from '../audit/audit-report.ts';
import { isBalancedTex } from './tex.ts';
import { visible } from './visible.ts';

/** The text with everything escaped that Markdown or HTML would read as markup. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~$#]/g, '\\$&');
}

/** Code in a line, also inside of a table. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = shown === '' || /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown.replace(/\|/g, '\\|')}${space}${fence}`;
}

/** A table; the cells are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (align[column] === 'right' ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A formula between $$, or as code where its TeX is not whole. */
export function markdownFormula({ plain, tex }: FormulaText): string {
  if (isBalancedTex(tex) && tex.trim() !== '') return `$$\n${tex.trim()}\n$$`;
  const text = visible(plain);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
