// A tape as a picture: Graphviz lays it out, compiled to WebAssembly, and is loaded when the first picture is asked for.

import { type Tape, TapegradError } from '@tapegrad/core';
import type { Viz } from '@viz-js/viz';
import { checkFigure, figure, titleHeight, titleText } from '../figure.ts';
import { element, escapeXml, rounded } from '../svg.ts';
import { dotOf, requireTape } from './tape-dot.ts';
import { type TapeGraph, tapeGraph } from './tape-graph.ts';
import { checkTapeOptions, type TapeSvgOptions } from './tape-options.ts';

/**
 * A tape as a picture: what `tapeDot` says, laid out by Graphviz.
 *
 * ```ts
 * const w = tensor([1, 2]);
 * const tape = new Tape();
 * tape.watch({ w });
 * const loss = tape.record(() => w.square().named('s').sum());
 * const svg = await tapeSvg(tape, { target: loss, title: 'A sum of squares' });
 * svg.startsWith('<svg '); // → true
 * ```
 *
 * @throws TapegradError as `tapeDot` does; the promise is rejected with it.
 */
export async function tapeSvg(tape: Tape, options: TapeSvgOptions = {}): Promise<string> {
  const op = 'tapeSvg';
  checkTapeOptions(op, options, true);
  checkFigure(op, options);
  requireTape(op, tape);
  const graph = tapeGraph(op, tape, options);
  const dot = dotOf(graph, options);
  const result = (await graphviz()).render(dot, { format: 'svg', engine: 'dot' });
  if (result.status === 'failure') {
    throw new TapegradError(
      op,
      `Graphviz refused the graph: ${result.errors.map(({ message }) => message).join('; ')}`,
    );
  }
  const { width, height, body } = readGraphviz(result.output, graph);
  const above = options.title === undefined ? 0 : titleHeight;
  const fullWidth = Math.max(width, options.title === undefined ? 0 : 160);
  const moved = element('g', { transform: `translate(${(fullWidth - width) / 2} ${above})` }, body);
  const { title, description, theme, background } = options;
  const picture = {
    ...{ width: fullWidth, height: height + above, name: 'Tape' },
    description: `A graph of ${graph.nodes.length} nodes: ${graph.nodes.map(({ lines }) => lines.join(' ')).join('; ')}.`,
    body: title === undefined ? [moved] : [titleText(title, fullWidth), moved],
  };
  return figure(op, picture, { title, description, theme, background });
}

let loaded: Promise<Viz> | undefined;

/** Graphviz, loaded once; tried again where that failed, as without a network. */
function graphviz(): Promise<Viz> {
  loaded ??= import('@viz-js/viz')
    .then(({ instance }) => instance())
    .catch((cause) => {
      loaded = undefined;
      throw cause;
    });
  return loaded;
}

/**
 * What Graphviz drew, for a picture beside others on a page: without ids, which would collide, without its font, and with titles
 * (which pages show when a node is pointed at) in place of links.
 */
function readGraphviz(svg: string, graph: TapeGraph): { width: number; height: number; body: string } {
  const [, width, height, inner] = /viewBox="\S+ \S+ (\S+) (\S+)"[^>]*>([\s\S]*)<\/svg>/.exec(svg)!;
  const titles = new Map(graph.nodes.map(({ id, tooltip }) => [escapeXml(id), tooltip]));
  const body = inner!
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/<g id="[^"]*" class="node">[\s\S]*?<\/g>\n(?=<|$)/g, centred)
    .replace(/ (?:id|font-family)="[^"]*"/g, '')
    .replace(/<g><a xlink:title="[^"]*">\n?|<\/a>\n<\/g>\n?/g, '')
    .replace(/<title>([^<]*)<\/title>\n?/g, (_, id: string) => {
      const title = titles.get(id);
      return title === undefined ? '' : `<title>${escapeXml(title)}</title>`;
    });
  return { width: Number(width), height: Number(height), body };
}

/** A node with the lines of its text in its middle, whatever the width that Graphviz took them to have. */
function centred(node: string): string {
  const outline = /<ellipse[^>]* cx="(\S+)"|<(?:polygon|path)[^>]* (?:points|d)="([^"]*)"/.exec(node);
  const xs = outline?.[1] ? [Number(outline[1])] : (outline?.[2]?.match(/-?[\d.]+(?=,)/g) ?? []).map(Number);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  return node.replace(/<text [^>]*>/g, (text) =>
    text.replace(/ text-anchor="\w+"/, ' text-anchor="middle"').replace(/ x="[^"]*"/, ` x="${rounded(middle)}"`),
  );
}
