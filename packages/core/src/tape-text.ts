// A tape as text: its list, one node a line.

import { showShape } from './shape.ts';
import type { TapeNode } from './tape-node.ts';

/** One node a line: index, dtype and shape, op and inputs, name. */
export function showNodes(nodes: readonly TapeNode[]): string {
  const rows = nodes.map((node, index) => [
    `%${index}`,
    `${node.dtype}${showShape(node.shape)}`,
    showOrigin(node),
    node.name ?? '',
  ]);
  const widths = [0, 1, 2].map((column) => rows.reduce((width, row) => Math.max(width, row[column]!.length), 0));
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
function showAttrs(attrs: unknown): string[] {
  if (typeof attrs !== 'object' || attrs === null) return [];
  return Object.entries(attrs).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
