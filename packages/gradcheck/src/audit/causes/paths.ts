// Paths from a value to the loss: one left out, counted otherwise than once, or followed alone.

import { dot, nameFactor } from '../factors.ts';
import type { Edge } from '../region.ts';
import type { Hypothesis, Suspect } from './suspect.ts';

export function* paths(suspect: Suspect): Iterable<Hypothesis> {
  const { region, expected, manual } = suspect;
  for (const edge of region.edges.filter((each) => isFork(suspect, each))) {
    const dropped = without(suspect, edge);
    const rest = dropped();
    if (rest === null) continue; // the only path
    const along = pathLabel(suspect, edge);
    yield { kind: 'path', text: `the path ${along} is missing`, value: dropped, cost: 1 };
    if (manual.size !== expected.size) continue;
    const part = expected.sub(rest);
    yield {
      kind: 'path',
      text: `only the path ${along} is followed; what else ${suspect.name} is used for is missing`,
      value: () => part,
      cost: 2,
    };
    // manual = expected + (s − 1) · part, for which s?
    const [of, off] = [part.toData(), manual.reshape(expected.shape).sub(expected).toData()];
    const times = 1 + dot(off, of) / dot(of, of);
    const named = nameFactor(times, suspect.lengths);
    if (named === undefined || named.value === 1) continue;
    yield {
      kind: times === -1 ? 'sign' : 'path',
      text:
        named.value === -1
          ? `the path ${along} has the wrong sign`
          : `the path ${along} counts ${named.text} times${named.origin === '' ? '' : ` (${named.origin})`}`,
      value: () => rest.add(part.mul(named.value)),
      cost: 2,
    };
  }
}

/** Whether more than one path leads on from the operand of an edge: without a fork, all edges of a path are the same path. */
function isFork({ region }: Suspect, edge: Edge): boolean {
  const operand = (each: Edge): number => region.node(each.node).inputs[each.position]!;
  return region.edges.filter((each) => operand(each) === operand(edge)).length > 1;
}

/** The gradient where nothing flows along one edge. */
function without({ region }: Suspect, { node, position }: Edge): () => ReturnType<typeof region.sweep> {
  return () =>
    region.sweep({
      along: (other, asIs) => (other.node === node && other.position === position ? null : asIs()),
    });
}

/** `through mul into Z2`: the op that the path begins with, and the next name on its way. */
function pathLabel({ region }: Suspect, { node, position }: Edge): string {
  const { op, origin, inputs } = region.node(node);
  const which = inputs.length > 1 ? ` (operand ${op?.inputs[op.variadic ? 0 : position] ?? position})` : '';
  let at = node;
  while (region.node(at).name === undefined) {
    const next = region.edges.find((edge) => region.node(edge.node).inputs[edge.position] === at);
    if (next === undefined) break;
    at = next.node;
  }
  const end = region.node(at).name ?? 'the loss';
  return `through ${op?.name ?? origin}${which} into ${end}`;
}
