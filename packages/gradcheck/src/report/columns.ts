// Text in columns, each as wide as its widest cell. No borders.

import { columnsOf } from './visible.ts';

/** The rows below a head, cells side by side, two spaces between them; numbers are aligned to the right. */
export function inColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => columnsOf(row[column]!))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(widths[column]! - columnsOf(cell));
        return alignments[column] === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
