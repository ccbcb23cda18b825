// Which nodes of a graph are needed.

import { type Graph, operandsOf, type Value } from '../graph.ts';

/** The nodes that lead to one of the roots, by position. */
export function liveNodes({ nodes }: Graph, roots: readonly Value[]): Uint8Array {
  const live = new Uint8Array(nodes.length);
  for (const { node } of roots) live[node] = 1;
  // operands come first: one pass from the end finds all
  for (let at = nodes.length - 1; at >= 0; at--) {
    if (live[at] === 0) continue;
    for (const { node } of operandsOf(nodes[at]!)) live[node] = 1;
  }
  return live;
}
