// Which loops become one: those over the same elements that can wait for each other. Values between them then stay in registers.

import type { Graph, Value } from '../graph.ts';
import { operandsOf } from '../graph.ts';
import { isCheap } from '../scalar.ts';
import { type LoopNode, loopNodeOf, readsInPlace } from './loop-nodes.ts';

/** Loops that become one, in the order of the graph. */
export type LoopGroup = readonly LoopNode[];

/** More steps than this are not put into one loop: engines take long to compile a large function. */
const mostSteps = 320;

/**
 * The loops of the graph's live nodes, in groups.
 *
 * Each node has a depth: how many kernels lie before it at least. Loops over the same elements at the same depth can be one,
 * since whatever lies on a way from one to another outside of them would be deeper than the one, and the other deeper still.
 */
export function fusedLoops(graph: Graph, live: Uint8Array, roots: readonly Value[]): readonly LoopGroup[] {
  const loops = graph.nodes.map((_, at) => (live[at] === 1 ? loopNodeOf(graph, at) : undefined));
  const uses = usesOf(graph, live, roots);
  const depths = depthsOf(graph, live, loops);
  sink(loops, uses, depths);
  const all = loops.filter((loop) => loop !== undefined);
  const groups = grouped(all, (loop) => `${depths[loop.node]} ${loop.space}`);
  return groups.flatMap(byReducedAxes).flatMap(connected).flatMap(inPieces);
}

/** Loops with equal keys together, in their order. */
function grouped(loops: LoopGroup, keyOf: (loop: LoopNode, i: number) => unknown): readonly LoopGroup[] {
  const groups = new Map<unknown, LoopNode[]>();
  loops.forEach((loop, i) => {
    const key = keyOf(loop, i);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(loop);
  });
  return [...groups.values()];
}

/** What uses each node: loops, and -1 for anything else. */
type Uses = readonly (readonly number[])[];

function usesOf(graph: Graph, live: Uint8Array, roots: readonly Value[]): Uses {
  const uses: number[][] = graph.nodes.map(() => []);
  graph.nodes.forEach((node, at) => {
    if (live[at] === 0) return;
    for (const operand of operandsOf(node)) uses[operand.node]!.push(at);
  });
  for (const { node } of roots) uses[node]!.push(-1);
  return uses;
}

type Loops = readonly (LoopNode | undefined)[];

function depthsOf(graph: Graph, live: Uint8Array, loops: Loops): number[] {
  const depths: number[] = graph.nodes.map(() => -1);
  graph.nodes.forEach((node, at) => {
    if (live[at] === 0 || node.kind === 'source') return;
    const loop = loops[at];
    for (const operand of loop?.operands ?? operandsOf(node)) {
      const made = loops[operand.node];
      const together = loop !== undefined && made !== undefined && readsInPlace(loop, operand, made);
      depths[at] = Math.max(depths[at]!, depths[operand.node]! + (together ? 0 : 1));
    }
    depths[at] = Math.max(depths[at]!, 0);
  });
  return depths;
}

/** Moves loops to where they are used, if all their uses are in one deeper loop, and that saves storing what they make. */
function sink(loops: Loops, uses: Uses, depths: number[]): void {
  for (let at = loops.length - 1; at >= 0; at--) {
    const loop = loops[at];
    if (loop === undefined || loop.combine !== undefined) continue;
    const deeper = depthOfUses(loop, loops, uses, depths);
    if (deeper === undefined || deeper <= depths[at]!) continue;
    // what it reads must be stored then, unless it is anyway
    const stored = loop.operands.filter((operand) => {
      const made = loops[operand.node];
      if (made === undefined || !readsInPlace(loop, operand, made)) return false;
      return uses[operand.node]!.every(
        (user) => user === at || (user >= 0 && loops[user] !== undefined && depths[user] === depths[operand.node]),
      );
    });
    if (stored.length <= 1) depths[at] = deeper;
  }
}

/** The depth of the uses of a loop, where all are loops that read it in place at one depth. */
function depthOfUses(loop: LoopNode, loops: Loops, uses: Uses, depths: readonly number[]): number | undefined {
  let depth: number | undefined;
  for (const at of uses[loop.node]!) {
    const user = loops[at];
    if (user === undefined || (depth !== undefined && depths[at] !== depth)) return undefined;
    const inPlace = user.operands.every((operand) => operand.node !== loop.node || readsInPlace(user, operand, loop));
    if (!inPlace) return undefined;
    depth = depths[at];
  }
  return depth;
}

/** Loops over one space: reductions along the same axes stay with the maps, those along other axes are loops of their own. */
function byReducedAxes(group: LoopGroup): readonly LoopGroup[] {
  const first = group.find(({ combine }) => combine !== undefined);
  const together = group.filter(
    ({ combine, reduced }) => combine === undefined || String(reduced) === String(first?.reduced),
  );
  const others = group.filter((loop) => !together.includes(loop));
  return [together, ...others.map((loop) => [loop])];
}

/** Loops that share something: a value that one makes and another reads, or what both read. */
function connected(group: LoopGroup): readonly LoopGroup[] {
  // for each value the loop that touched it first, and for each loop an earlier one that it goes with: a forest
  const touched = new Map<number, number>();
  const parents = group.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = i; at !== root; ) [at, parents[at]] = [parents[at]!, root];
    return root;
  };
  group.forEach(({ node, operands }, i) => {
    for (const value of [node, ...operands.map((operand) => operand.node)]) {
      const other = touched.get(value);
      if (other === undefined) touched.set(value, i);
      else parents[rootOf(i)] = rootOf(other);
    }
  });
  return grouped(group, (_, i) => rootOf(i));
}

/** A large group in pieces, in order: later ones read what earlier ones stored. */
function inPieces(group: LoopGroup): readonly LoopGroup[] {
  const pieces: LoopNode[][] = [[]];
  let steps = 0;
  for (const loop of group) {
    const size = loop.body.steps.reduce((total, step) => total + (isCheap(step) ? 1 : 6), 0);
    const last = pieces.at(-1)!;
    if (last.length > 0 && steps + size > mostSteps) {
      pieces.push([loop]);
      steps = size;
    } else {
      last.push(loop);
      steps += size;
    }
  }
  return pieces;
}
