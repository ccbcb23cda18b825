// One plot: axes, grid, lines, and the names of the lines at their right ends.

import {
  line as lineShape,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from 'd3-shape';
import { type AxisOptions, axisTitle, domainOf, isShown, layOut, type Scale } from './axis.ts';
import { decimate, type Point } from './decimate.ts';
import { axis as axisPaint, background, grid, ink, muted, seriesPaints } from './paint.ts';
import type { Line } from './series.ts';
import { spread } from './spread.ts';
import { element, fitted, rounded, textAt, textWidth } from './svg.ts';

/** Where something is drawn, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a plot shows. */
export interface Panel {
  /** Above the plot, at its left. */
  readonly title?: string | undefined;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly lines: readonly Line[];
  /** A thin dashed line behind the others, from one point to another in values. */
  readonly reference?: readonly [from: Point, to: Point] | undefined;
  /** Where lines are named: at their ends (default), or within the plot at the lower right, for lines that end in one point. */
  readonly names?: 'ends' | 'inside';
}

const labelGap = 16;
const swatch = 18;
const marks = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar];

/** How high a plot must be for the names of its lines to stand below each other. */
export function leastHeight({ lines, title }: Panel): number {
  return Math.max(140, lines.length * labelGap + marginTop(title) + marginBottom);
}

/** How wide a plot must be for something of it to be seen beside its labels. */
export const leastWidth = 220;

const marginBottom = 46;
const marginTop = (title: string | undefined): number => (title === undefined ? 14 : 34);

/** The elements of a plot within its box. */
export function drawPanel(panel: Panel, box: Box): string[] {
  const { lines, title } = panel;
  const top = box.top + marginTop(title);
  const bottom = box.top + box.height - marginBottom;
  const yDomain = domainOf(lines.flatMap(shownY(panel)), panel.y, true);
  const xDomain = domainOf(lines.flatMap(shownX(panel)), panel.x, false);
  const y = layOut(yDomain, [bottom, top], panel.y, Math.max(2, Math.round((bottom - top) / 42)));

  const tickWidth = Math.max(...y.ticks.map(({ text }) => textWidth(text, 11)));
  const left = box.left + 30 + Math.ceil(tickWidth) + 8;
  const inPlot = panel.names === 'inside';
  const names = Math.min(Math.max(...lines.map(({ name }) => textWidth(name))), box.width * (inPlot ? 0.6 : 0.35));
  const right = box.left + box.width - (inPlot ? 20 : Math.ceil(names) + swatch + 12);
  const whole = lines.every((line) => line.x.every((value) => !Number.isFinite(value) || Number.isInteger(value)));
  const x = layOut(xDomain, [left, right], panel.x, Math.max(2, Math.round((right - left) / 60)), whole);

  const inside = { left, top, width: right - left, height: bottom - top };
  const [middle, centre] = [(left + right) / 2, (top + bottom) / 2];
  return [
    ...(title === undefined ? [] : [titleOf(title, left, box)]),
    ...horizontal(y, inside),
    ...vertical(x, inside),
    textAt(middle, bottom + 36, fitted(axisTitle(panel.x), roomAround(middle, box.left, box.left + box.width)), {
      ...{ 'text-anchor': 'middle', fill: ink.light },
    }),
    rotated(box.left + 16, centre, fitted(axisTitle(panel.y), roomAround(centre, box.top, box.top + box.height))),
    ...referenceOf(panel, x, y),
    ...within(
      inside,
      panel,
      lines.map((line) => drawLine(line, panel, x, y, inside.width)),
    ),
    ...(inPlot ? legendOf(lines, inside, names) : labelsOf(panel, x, y, inside, names)),
  ];
}

/** Lines that may leave the axes are cut off, by an element of their own: a clip path needs an id, which could collide on a page. */
function within({ left, top, width, height }: Box, { x, y }: Panel, drawn: readonly string[]): readonly string[] {
  if (!x.domain && !y.domain) return drawn;
  const box = { x: left - 4, y: top - 4, width: width + 8, height: height + 8 };
  const viewBox = Object.values(box).map(rounded).join(' ');
  return [element('svg', { ...box, viewBox, overflow: 'hidden' }, ...drawn)];
}

/** How wide a text around a place may be. */
function roomAround(place: number, low: number, high: number): number {
  return 2 * Math.min(place - low, high - place) - 12;
}

const shownY =
  ({ x, y }: Panel) =>
  (line: Line): number[] =>
    line.y.filter((value, i) => isShown(value, y) && isShown(line.x[i]!, x));

const shownX =
  ({ x, y }: Panel) =>
  (line: Line): number[] =>
    // A gap at the end of a line belongs to what the axis covers: that training went on is part of the picture.
    line.x.filter((value, i) => isShown(value, x) && (isShown(line.y[i]!, y) || line.y.length > 1));

function titleOf(title: string, left: number, box: Box): string {
  const width = box.left + box.width - left - 8;
  return textAt(left, box.top + 15, fitted(title, width, 13), { 'font-size': 13, 'font-weight': 600, fill: ink.light });
}

/** A label along the y axis, reading upward. */
export function rotated(x: number, y: number, label: string): string {
  return element(
    'g',
    { transform: `translate(${Math.round(x)} ${Math.round(y)}) rotate(-90)` },
    textAt(0, 0, label, { 'text-anchor': 'middle', fill: ink.light }),
  );
}

function horizontal({ at, ticks }: Scale, { left, top, width, height }: Box): string[] {
  return ticks.flatMap(({ at: value, text }) => {
    const y = at(value);
    if (y < top - 0.5 || y > top + height + 0.5) return [];
    if (text === '') return [];
    return [
      element('line', { x1: left, x2: left + width, y1: y, y2: y, stroke: grid.light, 'stroke-width': 1 }),
      textAt(left - 8, y, text, { 'text-anchor': 'end', 'font-size': 11, fill: muted.light }),
    ];
  });
}

function vertical({ at, ticks }: Scale, { left, top, width, height }: Box): string[] {
  const bottom = top + height;
  return [
    element('line', { x1: left, x2: left + width, y1: bottom, y2: bottom, stroke: axisPaint.light }),
    ...ticks.flatMap(({ at: value, text }) => {
      const x = at(value);
      const length = text === '' ? 3 : 5;
      return [
        element('line', { x1: x, x2: x, y1: bottom, y2: bottom + length, stroke: axisPaint.light }),
        ...(text === ''
          ? []
          : [textAt(x, bottom + 15, text, { 'text-anchor': 'middle', 'font-size': 11, fill: muted.light })]),
      ];
    }),
  ];
}

function referenceOf({ reference }: Panel, x: Scale, y: Scale): string[] {
  if (!reference) return [];
  const [[x1, y1], [x2, y2]] = reference;
  const ends = { x1: x.at(x1), y1: y.at(y1), x2: x.at(x2), y2: y.at(y2) };
  return [element('line', { ...ends, stroke: muted.light, 'stroke-dasharray': '4 4' })];
}

function strokeOf({ color, dashes }: Line): { readonly [name: string]: string | number | undefined } {
  return { stroke: seriesPaints[color]!.light, 'stroke-width': 2, 'stroke-dasharray': dashes };
}

function drawLine(line: Line, panel: Panel, x: Scale, y: Scale, width: number): string {
  const points = line.y.map((value, i): Point => {
    const at = line.x[i]!;
    const shown = isShown(at, panel.x) && isShown(value, panel.y);
    return [isShown(at, panel.x) ? x.at(at) : Number.NaN, shown ? y.at(value) : Number.NaN];
  });
  const shape = lineShape<Point>()
    .defined(([, at]) => !Number.isNaN(at))
    .digits(1);
  const path = element('path', {
    ...{ d: shape([...decimate(points, width)]) ?? '', fill: 'none' },
    ...{ ...strokeOf(line), 'stroke-linejoin': 'round', 'stroke-linecap': 'round' },
  });
  const marked = line.markers ? points.filter(([, at]) => !Number.isNaN(at)) : [];
  const mark = symbol(marks[line.color % marks.length]!, 38).digits(1)() ?? '';
  const drawn = marked.map(([cx, cy]) =>
    element('path', {
      d: mark,
      transform: `translate(${cx.toFixed(1)} ${cy.toFixed(1)})`,
      fill: strokeOf(line).stroke,
    }),
  );
  return element('g', {}, path, ...drawn);
}

/** The names at the right ends, in the order in which the lines end, each with a piece of its line. */
function labelsOf(panel: Panel, x: Scale, y: Scale, { left, top, width, height }: Box, names: number): string[] {
  const right = left + width;
  const ends = panel.lines.map((line) => {
    const last = line.y.findLastIndex((value, i) => isShown(value, panel.y) && isShown(line.x[i]!, panel.x));
    return { x: x.at(line.x[last]!), y: y.at(line.y[last]!) };
  });
  const clamped = ends.map((end) => Math.max(top, Math.min(top + height, end.y)));
  const places = spread(clamped, labelGap, top, Math.max(top + height, top + (ends.length - 1) * labelGap));
  return panel.lines.flatMap((line, i) => {
    // From the end of its line where that lies at the edge; else a piece of it, for its colour and dashes.
    const from = right - ends[i]!.x < 2 ? clamped[i]! : places[i]!;
    const leader = { x1: right + 4, y1: from, x2: right + swatch, y2: places[i]! };
    return [
      element('line', { ...leader, ...strokeOf(line), 'stroke-linecap': 'round' }),
      textAt(right + swatch + 6, places[i]!, fitted(line.name, names + 2), { fill: ink.light }),
    ];
  });
}

/** The names in the lower right corner, in the order of the lines. */
function legendOf(lines: readonly Line[], { left, top, width, height }: Box, names: number): string[] {
  const x = left + width - names - 12;
  const bottom = top + height - 10;
  const rows = lines.length * labelGap;
  const box = { x: x - swatch - 14, y: bottom - rows - 4, width: names + swatch + 26, height: rows + 8, rx: 3 };
  return [
    element('rect', { ...box, fill: background.light }),
    ...lines.flatMap((line, i) => {
      const y = bottom - rows + (i + 0.5) * labelGap;
      return [
        element('line', { x1: x - swatch - 6, x2: x - 6, y1: y, y2: y, ...strokeOf(line), 'stroke-linecap': 'round' }),
        textAt(x, y, fitted(line.name, names + 2), { fill: ink.light }),
      ];
    }),
  ];
}
