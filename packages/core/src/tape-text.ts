// A tape as text: its list, one node a line.

import { showShape } from './shape.ts';
import type { TapeNode } from './tape-node.ts';

/** One node a line: index, dtype and shape, op and inputs, name, and the line that made it where it is known. */
export function showNodes(nodes: readonly TapeNode[]): string {
  const rows = nodes.map((node, index) => [
    `%${index}`,
    `${node.dtype}${showShape(node.shape)}`,
    showOrigin(node),
    node.name ?? '',
    node.site ?? '',
  ]);
  const columns = nodes.some(({ site }) => site !== undefined) ? [0, 1, 2, 3] : [0, 1, 2];
  const widths = columns.map((column) => rows.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function showOrigin({ op, origin, inputs, attrs }: TapeNode): string {
  const operands = [...inputs.map((input) => `%${input}`), ...showAttrs(attrs)];
  return op === null && operands.length === 0 ? origin : `${op?.name ?? origin}(${operands.join(', ')})`;
}

/** An op's arguments as the list shows them: `axes=[0]`, `keepDims=true`. */
export function showAttrs(attrs: unknown): string[] {
  if (typeof attrs !== 'object' || attrs === null) return [];
  const given = Object.entries(attrs).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name}=${showValue(value)}`);
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showValue).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${showAttrs(value).join(',')}}`;
}
