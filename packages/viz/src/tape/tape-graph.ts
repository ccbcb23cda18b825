// A tape as a graph to be drawn: which of its nodes, as what, in which layer, and what they take from each other.

import { showShape, type Tape, TapegradError, type TapeNode, Tensor } from '@tapegrad/core';
import { show } from '../checks.ts';
import type { NodeKind } from '../paint.ts';
import { groupBy } from './group-by.ts';
import type { TapeDotOptions } from './tape-options.ts';

/** A node of the picture: one of the tape, or what a layer does. */
export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** What stands in it: first what it is called, then what it does, its dtype and shape. */
  readonly lines: readonly string[];
  /** What is told when it is pointed at. */
  readonly tooltip: string;
  /** The layers around it, the outermost first. */
  readonly scopes: readonly string[];
}

/** A value that goes from one node to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** What is drawn. */
export interface TapeGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * What of a tape is drawn.
 * @throws TapegradError for an empty tape, a target that is not on it, and where there are more nodes than `maxNodes`.
 */
export function tapeGraph(op: string, tape: Tape, options: TapeDotOptions): TapeGraph {
  const { constants = true, collapse = false, maxNodes = 200 } = options;
  const { nodes } = tape;
  if (nodes.length === 0) {
    throw new TapegradError(
      op,
      'the tape is empty. Expected something recorded: tape.watch(x), then tape.record(() => …).',
    );
  }
  const target = targetOf(op, tape, options.target);
  const shown = leadingTo(nodes, target).filter((at) => constants || nodes[at]!.origin !== 'constant');
  const scopes = new Map<string, string>();
  const groupOf = (scope: string): string => {
    if (!scopes.has(scope)) scopes.set(scope, `g${scopes.size}`);
    return scopes.get(scope)!;
  };
  const idOf = new Map(
    shown.map((at) => {
      const { scope } = nodes[at]!;
      return [at, collapse && scope !== undefined ? groupOf(scope) : `n${at}`];
    }),
  );
  const ids = new Set(idOf.values());
  if (ids.size > maxNodes) {
    const less = collapse ? '' : ' layers as one node each with collapse: true,';
    throw new TapegradError(
      op,
      `the picture would have ${ids.size} nodes. Expected at most ${maxNodes}, for it to be readable; draw${less} ` +
        'less of it with an earlier target, or all with a larger maxNodes.',
    );
  }
  const members = groupBy(shown, (at) => idOf.get(at)!);
  const drawn = Array.from(
    members,
    ([id, positions]): GraphNode =>
      id.startsWith('g') ? groupNode(id, positions, nodes, target) : tapeNode(id, positions[0]!, nodes, target),
  );
  return { nodes: drawn, edges: edgesOf(shown, nodes, idOf, collapse) };
}

function targetOf(op: string, tape: Tape, target: Tensor | undefined): number | undefined {
  if (target === undefined) return undefined;
  if (!(target instanceof Tensor)) {
    throw new TapegradError(op, `target is ${show(target)}. Expected a tensor that the tape recorded.`);
  }
  const at = tape.positionOf(target);
  if (at !== undefined) return at;
  throw new TapegradError(op, `target, ${show(target)}, is not on the tape. Expected a tensor that it recorded.`);
}

/** The positions of what leads to the target, in order; all without one. */
function leadingTo(nodes: readonly TapeNode[], target: number | undefined): number[] {
  if (target === undefined) return [...nodes.keys()];
  const leads = new Set([target]);
  for (let at = target; at >= 0; at--) if (leads.has(at)) for (const input of nodes[at]!.inputs) leads.add(input);
  return [...nodes.keys()].filter((at) => leads.has(at));
}

function tapeNode(id: string, at: number, nodes: readonly TapeNode[], target: number | undefined): GraphNode {
  const node = nodes[at]!;
  const type = `${node.dtype}${showShape(node.shape)}`;
  const scopes = node.scope?.split('/') ?? [];
  const what = node.op?.name ?? node.origin;
  const attributes = showAttributes(node.attrs).join(', ');
  const options = showAttributes(node.attrs, false).join(', ');
  const operands = [...node.inputs.map((input) => `%${input}`), attributes].filter((part) => part !== '').join(', ');
  const call = node.inputs.length === 0 ? what : `${what}(${operands})`;
  return {
    id,
    kind: at === target ? 'target' : kindOf(node),
    lines: [
      ...(node.name === undefined ? [what] : [nameInside(node.name, scopes), what]),
      ...(options !== '' && options.length <= 32 ? [options] : []),
      type,
    ],
    tooltip: [`%${at} = ${call}: ${type}`, node.name, node.scope, node.site]
      .filter((part) => part !== undefined)
      .join('\n'),
    scopes,
  };
}

/** A name in the frame of its layer, which says the rest: `kernel` of `dense_1/kernel`. */
function nameInside(name: string, scopes: readonly string[]): string {
  const prefixes = scopes.map((_, from) => `${scopes.slice(from).join('/')}/`);
  const prefix = prefixes.find((start) => name.startsWith(start) && name.length > start.length);
  return prefix === undefined ? name : name.slice(prefix.length);
}

function kindOf({ origin, name }: TapeNode): NodeKind {
  if (origin === 'watched' || origin === 'parameter') return 'source';
  if (origin === 'constant') return 'constant';
  return name === undefined ? 'plain' : 'named';
}

function groupNode(
  id: string,
  positions: readonly number[],
  nodes: readonly TapeNode[],
  target: number | undefined,
): GraphNode {
  const scope = nodes[positions[0]!]!.scope!;
  const scopes = scope.split('/');
  const steps = positions.filter((at) => nodes[at]!.inputs.length > 0);
  const last = nodes[positions.at(-1)!]!;
  const names = positions.flatMap((at) => nodes[at]!.name ?? []);
  return {
    id,
    kind: target !== undefined && positions.includes(target) ? 'target' : 'group',
    lines: [
      scopes.at(-1)!,
      steps.length === 1 ? '1 step' : `${steps.length} steps`,
      `${last.dtype}${showShape(last.shape)}`,
    ],
    tooltip: [scope, ...(names.length === 0 ? [] : [names.join(', ')])].join('\n'),
    scopes: scopes.slice(0, -1),
  };
}

function edgesOf(
  shown: readonly number[],
  nodes: readonly TapeNode[],
  idOf: ReadonlyMap<number, string>,
  collapse: boolean,
): GraphEdge[] {
  const edges: GraphEdge[] = [];
  const seen = new Set<string>();
  for (const at of shown) {
    const to = idOf.get(at)!;
    for (const input of nodes[at]!.inputs) {
      const from = idOf.get(input);
      // Of a step that takes a value twice, both are shown; between layers one line is enough.
      const key = `${from}\n${to}`;
      if (from === undefined || (collapse && (from === to || seen.has(key)))) continue;
      seen.add(key);
      edges.push({ from, to });
    }
  }
  return edges;
}

/** An op's arguments as `String(tape)` shows them; those that are switched off only `withOff`. */
function showAttributes(attrs: unknown, withOff = true): string[] {
  if (typeof attrs !== 'object' || attrs === null) return [];
  const given = Object.entries(attrs).filter(([, value]) => value !== undefined && (withOff || value !== false));
  return given.map(([name, value]) => `${name}=${showValue(value)}`);
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showValue).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${showAttributes(value).join(',')}}`;
}
