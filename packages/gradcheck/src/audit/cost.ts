// How long computing a piece of a tape takes, estimated from shapes: what decides how much an audit tries. Not measured, so that a report
// is the same on a slow machine.

import type { TapeNode } from '@tapegrad/core';

/** Milliseconds, on a machine of today: for a node, for an element of it, for a multiplication inside of a product. */
const [perNode, perElement, perProduct] = [2e-3, 4e-6, 2e-7];

/** About how many milliseconds the steps of `at` take, each once. */
export function costOf(nodes: readonly TapeNode[], at: Iterable<number>): number {
  let cost = 0;
  for (const i of at) {
    const { op, inputs, shape } = nodes[i]!;
    if (op === null) continue;
    const own = sizeOf(shape);
    const operands = inputs.map((input) => sizeOf(nodes[input]!.shape));
    cost += perNode + perElement * (own + operands.reduce((sum, size) => sum + size, 0));
    // [m, k] × [k, n] takes m·k·n multiplications: the root of (m·k)(k·n)(m·n).
    if (!op.elementwise && operands.length === 2) cost += perProduct * Math.sqrt(own * operands[0]! * operands[1]!);
  }
  return cost;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
