// A tape in the DOT language of Graphviz.

import { Tape, TapegradError } from '@tapegrad/core';
import { show } from '../checks.ts';
import { axis, clusterPaint, ink, muted, type NodeKind, nodePaints } from '../paint.ts';
import { escapeXml } from '../svg.ts';
import { groupBy } from './group-by.ts';
import { type GraphNode, type TapeGraph, tapeGraph } from './tape-graph.ts';
import { checkTapeOptions, type TapeDotOptions } from './tape-options.ts';

/** Kinds of nodes are told apart by their outlines as well as by colour. */
const shapes: Readonly<Record<NodeKind, { readonly [name: string]: string }>> = {
  source: { shape: 'ellipse', margin: '0.09,0.03', penwidth: '1.5' },
  constant: { shape: 'box', style: 'filled,dashed' },
  named: { shape: 'box', style: 'filled,rounded', penwidth: '1.75' },
  target: { shape: 'box', style: 'filled,rounded', penwidth: '1.75', peripheries: '2' },
  plain: { shape: 'box', style: 'filled,rounded' },
  group: { shape: 'box3d', penwidth: '1.25' },
};

/**
 * A tape as a graph in the DOT language, for Graphviz and what else reads it. Each node has its name, op, dtype and shape;
 * pointed at it tells its line of `String(tape)` and, on a tape with `sites`, the line of the program that made it. Ellipses are
 * watched tensors and parameters, dashed boxes constants, heavy outlines named values, a double one the target; frames are layers.
 *
 * ```ts
 * const w = tensor([1, 2]);
 * const tape = new Tape();
 * tape.watch({ w });
 * const loss = tape.record(() => w.square().named('s').sum());
 * tapeDot(tape, { target: loss }).startsWith('digraph tape {'); // → true
 * ```
 *
 * @throws TapegradError for an empty tape, a target that is not on it, and where there are more nodes than `maxNodes`.
 */
export function tapeDot(tape: Tape, options: TapeDotOptions = {}): string {
  checkTapeOptions('tapeDot', options, false);
  requireTape('tapeDot', tape);
  return dotOf(tapeGraph('tapeDot', tape, options), options);
}

/** @throws TapegradError for what is no tape. */
export function requireTape(op: string, tape: unknown): asserts tape is Tape {
  if (tape instanceof Tape) return;
  throw new TapegradError(op, `the tape is ${show(tape)}. Expected what new Tape() made.`);
}

/** A graph in DOT. */
export function dotOf({ nodes, edges }: TapeGraph, { title, direction = 'down' }: TapeDotOptions): string {
  const limit = Math.max(1, Math.round(1000 / nodes.length));
  const graph = {
    ...(title !== undefined && { tooltip: title }),
    ...{ rankdir: direction === 'down' ? 'TB' : 'LR', bgcolor: 'transparent', ordering: 'in' },
    // How long the layout is improved, in steps for each node: values that are used far away would make it take minutes.
    ...{ nslimit: String(limit), nslimit1: String(limit) },
    ...{ fontname: 'Helvetica', nodesep: '0.3', ranksep: '0.38', pad: '0.2' },
  };
  const node = { fontname: 'Helvetica', fontsize: '12', fontcolor: ink.light, style: 'filled', margin: '0.18,0.07' };
  const leaves = new Set(nodes.filter(({ kind }) => kind === 'source' || kind === 'constant').map(({ id }) => id));
  const computed = new Set(edges.filter(({ from }) => !leaves.has(from)).map(({ to }) => to));
  // What is computed goes straight on; what comes from outside stands beside it. So the frames of layers follow each other.
  const courseOf = (from: string, to: string): string =>
    leaves.has(from) ? (computed.has(to) ? ' [minlen="0"]' : '') : ' [weight="6"]';
  const edge = { color: axis.light, arrowsize: '0.6', penwidth: '1.1' };
  return [
    'digraph tape {',
    `  graph ${attributes(graph)};`,
    `  node ${attributes(node)};`,
    `  edge ${attributes(edge)};`,
    ...clusters(nodes, [], '  '),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)}${courseOf(from, to)};`),
    '}',
    '',
  ].join('\n');
}

/** The nodes inside the layers `path`, and the layers therein as frames. */
function clusters(nodes: readonly GraphNode[], path: readonly string[], indent: string): string[] {
  const own = nodes.filter(({ scopes }) => scopes.length === path.length);
  const inner = groupBy(
    nodes.filter(({ scopes }) => scopes.length > path.length),
    ({ scopes }) => scopes[path.length]!,
  );
  const frames = Array.from(inner, ([scope, members]) => {
    const scopes = [...path, scope];
    const frame = {
      ...{ label: scope, tooltip: scopes.join('/'), labeljust: 'l', fontsize: '11', fontcolor: muted.light },
      ...{
        style: 'filled,rounded',
        fillcolor: clusterPaint.fill.light,
        color: clusterPaint.stroke.light,
        margin: '10',
      },
    };
    return [
      `${indent}subgraph ${quoted(`cluster_${scopes.join('/')}`)} {`,
      `${indent}  graph ${attributes(frame)};`,
      ...clusters(members, scopes, `${indent}  `),
      `${indent}}`,
    ];
  });
  return [...own.map((node) => `${indent}${quoted(node.id)} ${nodeAttributes(node)};`), ...frames.flat()];
}

function nodeAttributes({ kind, lines, tooltip }: GraphNode): string {
  const { fill, stroke } = nodePaints[kind];
  const look = { ...shapes[kind], fillcolor: fill.light, color: stroke.light, tooltip };
  return `[label=<${labelOf(lines)}>, ${assignments(look)}]`;
}

/** The first line in bold, the last in small letters. */
function labelOf([first, ...rest]: readonly string[]): string {
  const more = rest.map((line) => `<FONT POINT-SIZE="10" COLOR="${muted.light}">${html(line)}</FONT>`);
  return [`<B>${html(first!)}</B>`, ...more].join('<BR/>');
}

/** Graphviz reads entities in its HTML-like labels. */
function html(text: string): string {
  return escapeXml(text).replace(/\s+/g, ' ');
}

function attributes(values: { readonly [name: string]: string }): string {
  return `[${assignments(values)}]`;
}

function assignments(values: { readonly [name: string]: string }): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ');
}

/** Text between quotes, where DOT reads `\\n`, `\\N` and `&name;` as something else. */
function quoted(text: string): string {
  const safe = text.replace(/\0/g, '\ufffd').replace(/&/g, '&amp;').replace(/\\/g, '\\\\').replace(/"/g, '\\"');
  return `"${safe.replace(/\n/g, '\\n')}"`;
}
