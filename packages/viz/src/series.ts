// The lines of a plot: what a caller gives, checked.

import { TapegradError } from '@tapegrad/core';
import { type AxisOptions, isShown } from './axis.ts';
import { type Numbers, numbersOf, requireOneOf, requireOptions, requireText, show } from './checks.ts';

/** A line. */
export interface Series {
  /** Stands beside the line. */
  readonly name: string;
  /** Where NaN or infinite, the line has a gap. */
  readonly y: Numbers;
  /** By default 0, 1, 2, … */
  readonly x?: Numbers;
  /**
   * Whether each point gets a mark; by default where the plot has no line of more than 12 points. Where a line has a single point to
   * show, that always has one.
   */
  readonly markers?: boolean;
  /** Whether the line is dashed; by default from the seventh line on, where colours repeat. */
  readonly dashed?: boolean;
}

/** A line as it is drawn. */
export interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly markers: boolean;
  /** Which colour, counted from 0. */
  readonly color: number;
  /** As SVG has it; undefined for a solid line. */
  readonly dashes: string | undefined;
}

/** How many colours there are before they repeat. */
const colors = 6;
/**
 * For each round of the colours other dashes, so that a dashed line of one round differs from those of the next ones; short, for the
 * piece of a line beside its name.
 */
const dashes: readonly string[] = ['6 4', '2 3', '5 4 1 4', '1 6'];

/**
 * Checks lines and fills in what was left out.
 * @throws TapegradError for none, for names that are missing or given twice, for lengths that differ, and where nothing can be shown.
 */
export function linesOf(op: string, series: readonly Series[], x: AxisOptions, y: AxisOptions): Line[] {
  if (!Array.isArray(series) || series.length === 0) {
    throw new TapegradError(
      op,
      `the series are ${show(series)}. Expected at least one: [{ name: 'loss', y: losses }].`,
    );
  }
  const read = series.map((one, i) => readSeries(op, one, `series[${i}]`));
  read.forEach(({ name }, i) => {
    const first = read.findIndex((other) => other.name === name);
    if (first === i) return;
    throw new TapegradError(
      op,
      `series[${first}] and series[${i}] are both named ${show(name)}. Expected different names.`,
    );
  });
  for (const line of read) {
    if (line.y.some((value, i) => isShown(value, y) && isShown(line.x[i]!, x))) continue;
    const above = x.scale === 'log' || y.scale === 'log' ? ', above 0 on a logarithmic axis' : '';
    throw new TapegradError(
      op,
      `series ${show(line.name)} has ${line.y.length} points, none that can be shown. Expected a finite number${above}.`,
    );
  }
  const few = read.every((line) => line.y.length <= 12);
  return read.map(({ markers = few, dashed, ...line }, i) => {
    const round = Math.floor(i / colors);
    const pattern = (dashed ?? round > 0) ? dashes[round % dashes.length] : undefined;
    // a single point without a mark would be a dot of the width of a line
    const isPoint = line.y.filter((value, at) => isShown(value, y) && isShown(line.x[at]!, x)).length === 1;
    return { ...line, markers: markers || isPoint, color: i % colors, dashes: pattern };
  });
}

function readSeries(op: string, series: Series, at: string): Series & Pick<Line, 'x' | 'y'> {
  requireOptions(op, at, series, { name: true, y: true, x: true, markers: true, dashed: true });
  requireText(op, `${at}.name`, series.name);
  const name = show(series.name);
  const y = numbersOf(op, `y of series ${name}`, series.y);
  const x = series.x === undefined ? [...y.keys()] : numbersOf(op, `x of series ${name}`, series.x);
  if (x.length !== y.length) {
    throw new TapegradError(op, `series ${name} has ${x.length} x and ${y.length} y. Expected as many x as y.`);
  }
  for (const option of ['markers', 'dashed'] as const) {
    if (series[option] !== undefined) requireOneOf(op, `${at}.${option}`, series[option], [true, false]);
  }
  return { ...series, x, y };
}
