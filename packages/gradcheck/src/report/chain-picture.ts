// The chain of gradients as a picture: a box each, from the loss downward, what is wrong and what follows from it marked. SVG, styled by
// the page that it stands in.

import { showShape } from '@tapegrad/core';
import type { AuditReport, TermReport } from '../audit/audit-report.ts';
import { layOut, type Route } from './chain-layout.ts';
import { html } from './html-page.ts';
import { looks, verdictWords } from './verdicts.ts';
import { columnsOf, shortened, showName } from './visible.ts';

const column = 7.9; // of the font at 13 px, measured wide
const small = 6.7; // at 11 px
const boxHeight = 42;
const pitch = 78;
const gap = 22;
const margin = 20;
const flagHeight = 17;
const perRow = 6;
const loss = { width: 64, height: 26 };

/**
 * The chain as inline SVG: each box links to `#term-` and its position in the report. The loss stands on top; a gradient that was never
 * given stands below, by itself. It shrinks with its column down to three quarters of its size.
 */
export function chainPicture(report: AuditReport): string {
  const nodes = report.terms.map((term, i) => ({ term, position: i + 1, label: labelOf(report, term) }));
  const isApart = ({ term }: Node): boolean => term.verdict === 'missing' && term.uses.length === 0;
  const chained = nodes.filter((node) => !isApart(node));
  const boxes = chained.map(({ label }, i) => ({ width: label.width, from: sourcesOf(chained, i) }));
  const layout = layOut([{ width: loss.width, from: [] }, ...boxes], perRow);
  const apart = inRows(nodes.filter(isApart), Math.max(layout.width, 320));
  const inner = Math.max(layout.width, apart.width);
  const left = margin + (inner - layout.width) / 2;
  const top = (row: number): number => margin + row * pitch;
  const drawn = [
    ...layout.routes.map((route) => edge(route, left, top, chained[route.from - 1]?.term, chained[route.to - 1]!.term)),
    lossBox(left + layout.places[0]!.x),
    ...chained.map((node, i) => box(node, left + layout.places[i + 1]!.x, top(layout.places[i + 1]!.row))),
    ...apart.placed.map(({ node, x, row }) => box(node, margin + x, top(layout.rows + row))),
  ];
  const width = Math.ceil(inner + 2 * margin);
  const height = top(layout.rows + apart.rows) - (pitch - boxHeight) + margin;
  return `<svg class="chain" role="img" aria-label="The chain of gradients, from the loss downward" viewBox="0 0 ${width} ${height}" style="max-width: ${width}px; min-width: ${Math.round(width * 0.75)}px">
${drawn.join('\n')}
</svg>`;
}

interface Label {
  readonly name: string;
  readonly facts: string;
  /** In full, for who points at it. */
  readonly title: string;
  readonly width: number;
}

interface Node {
  readonly term: TermReport;
  /** In the report, from 1. */
  readonly position: number;
  readonly label: Label;
}

function labelOf(report: AuditReport, term: TermReport): Label {
  const name = shortened(`d${showName(term.name)}`, 24);
  const factor = term.verdict === 'scaled' ? verdictWords(report, term).replace('right up to ', ' ') : '';
  const facts = shortened(`${showShape(term.shape)}${factor}`, 26);
  const title = `d${showName(term.name)} ${showShape(term.shape)}: ${verdictWords(report, term)}`;
  return { name, facts, title, width: Math.max(92, 36 + columnsOf(name) * column, 20 + columnsOf(facts) * small) };
}

/** The boxes that a term comes from, of those before it: the loss is box 0; it is the source where there is no other. */
function sourcesOf(chained: readonly Node[], at: number): number[] {
  const before = chained.slice(0, at).map(({ term }) => term.name);
  const found = chained[at]!.term.uses.map((name) => before.lastIndexOf(name) + 1).filter((source) => source > 0);
  return found.length === 0 ? [0] : found;
}

function lossBox(x: number): string {
  const y = margin + boxHeight - loss.height;
  return `<rect x="${round(x - loss.width / 2)}" y="${y}" width="${loss.width}" height="${loss.height}" rx="13"/><text x="${round(x)}" y="${y + 17}" text-anchor="middle">loss</text>`;
}

function box({ term, label, position }: Node, x: number, y: number): string {
  const { name, facts, title, width } = label;
  const { symbol, tone } = looks[term.verdict];
  const left = round(x - width / 2);
  const rise = term.first ? flagHeight : 0;
  const frame = `x="${left}" y="${y - rise}" width="${round(width)}"`;
  const parts = [
    `<title>${html(title)}</title>`,
    `<rect ${frame} height="${boxHeight + rise}" rx="6"/>`,
    ...(term.first
      ? [
          `<rect class="flag" ${frame} height="${rise}" rx="4"/>`,
          `<text class="flagged" x="${round(x)}" y="${y - 4}" text-anchor="middle">FIRST WRONG</text>`,
        ]
      : []),
    `<text class="sign" x="${left + 10}" y="${y + 19}">${symbol}</text>`,
    `<text x="${left + 27}" y="${y + 19}">${html(name)}</text>`,
    `<text class="small" x="${left + 10}" y="${y + 34}">${html(facts)}</text>`,
  ];
  return `<a href="#term-${position}" class="is-${tone}${term.first ? ' is-first' : ''}">${parts.join('')}</a>`;
}

/** An edge from the lower side of its box, straight through the rows that it passes, to the upper side of the other, with its head. */
function edge(
  { through }: Route,
  left: number,
  top: (row: number) => number,
  source: TermReport | undefined,
  target: TermReport,
): string {
  const carriesError = (source?.verdict === 'wrong' || source?.verdict === 'consequence') && target.verdict !== 'right';
  const kind = carriesError ? ' off' : '';
  const points = through.map(({ x, row }) => ({ x: round(left + x), y: top(row) }));
  const end = points.at(-1)!;
  const tip = end.y - 1 - (target.first ? flagHeight + 2 : 0);
  let path = `M${points[0]!.x} ${points[0]!.y + boxHeight}`;
  for (const [i, { x, y }] of points.slice(1).entries()) {
    const before = points[i]!;
    const isLast = i === points.length - 2;
    const to = isLast ? tip - 6 : y;
    const middle = round((before.y + boxHeight + to) / 2);
    path += `C${before.x} ${middle} ${x} ${middle} ${x} ${to}${isLast ? '' : `V${y + boxHeight}`}`;
  }
  return `<path class="edge${kind}" d="${path}"/><path class="head${kind}" d="M${end.x} ${tip}l-4-7h8z"/>`;
}

/** Boxes side by side in rows of this width at most. */
function inRows(nodes: readonly Node[], most: number) {
  let [x, row, width] = [0, 0, 0];
  const placed = nodes.map((node) => {
    const its = node.label.width;
    if (x > 0 && x + its > most) [x, row] = [0, row + 1];
    const place = { node, x: x + its / 2, row };
    width = Math.max(width, x + its);
    x += its + gap;
    return place;
  });
  return { placed, width, rows: nodes.length === 0 ? 0 : row + 1 };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
