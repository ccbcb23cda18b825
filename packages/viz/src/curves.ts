// Plots of lines: one, several beside each other, and the record of a training.

import { TapegradError } from '@tapegrad/core';
import { type AxisOptions, checkAxis } from './axis.ts';
import {
  type Numbers,
  numbersOf,
  type OptionNames,
  requireCount,
  requireOptions,
  requireText,
  show,
} from './checks.ts';
import {
  checkFigure,
  checkSizes,
  type FigureOptions,
  figure,
  figureOptions,
  titleHeight,
  titleText,
} from './figure.ts';
import { drawPanel, leastHeight, leastWidth, type Panel } from './panel.ts';
import { linesOf, type Series } from './series.ts';

/** What {@link curves} takes. */
export interface CurvesOptions extends FigureOptions {
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  /** Of the picture, in pixels; 640 by default. */
  readonly width?: number;
  /** Of the picture, in pixels; 360 by default, and more where the names of the lines need it. */
  readonly height?: number;
}

/**
 * Lines over a common axis, each with its name at its end. NaN and infinities are gaps.
 *
 * ```ts
 * const svg = curves(
 *   [
 *     { name: 'training', y: [0.9, 0.5, 0.3] },
 *     { name: 'validation', y: [0.8, 0.6, NaN], dashed: true },
 *   ],
 *   { title: 'Loss', x: { label: 'epoch' }, y: { label: 'cross-entropy', unit: 'nats', scale: 'log' } },
 * );
 * svg.startsWith('<svg '); // → true
 * ```
 *
 * @throws TapegradError without series, where one has no point to show or as many x as y, for options that are not known, and for
 * a size in which the names do not fit.
 */
export function curves(series: readonly Series[], options: CurvesOptions): string {
  requireOptions('curves', 'the options', options, { ...figureOptions, x: true, y: true, width: true, height: true });
  const { x, y, width, height, ...rest } = options;
  return drawPanels('curves', [{ series, x, y }], { ...rest, columns: 1, panelWidth: width, height }, 'width');
}

/** One plot of {@link curveGrid}. */
export interface CurvePanel {
  /** Above the plot. */
  readonly title?: string;
  readonly series: readonly Series[];
  readonly x: AxisOptions;
  readonly y: AxisOptions;
}

/** What {@link curveGrid} takes. */
export interface CurveGridOptions extends FigureOptions {
  /** How many plots stand beside each other; 2 by default. */
  readonly columns?: number;
  /** Of each plot, in pixels; 440 by default. */
  readonly panelWidth?: number;
  /** Of each plot, in pixels; 300 by default, and more where the names of the lines need it. */
  readonly panelHeight?: number;
}

const gridOptions: OptionNames<CurveGridOptions> = {
  ...figureOptions,
  ...{ columns: true, panelWidth: true, panelHeight: true },
};

/**
 * Several plots of lines beside and below each other.
 *
 * ```ts
 * const x = { label: 'epoch' };
 * const svg = curveGrid([
 *   { series: [{ name: 'loss', y: [3, 2, 1] }], x, y: { label: 'loss' } },
 *   { series: [{ name: 'accuracy', y: [0.5, 0.7, 0.9] }], x, y: { label: 'accuracy' } },
 * ]);
 * svg.startsWith('<svg '); // → true
 * ```
 *
 * @throws TapegradError without plots, and for each plot as `curves` does.
 */
export function curveGrid(panels: readonly CurvePanel[], options: CurveGridOptions = {}): string {
  requireOptions('curveGrid', 'the options', options, gridOptions);
  if (!Array.isArray(panels) || panels.length === 0) {
    throw new TapegradError('curveGrid', `the plots are ${show(panels)}. Expected a list of at least one.`);
  }
  panels.forEach((panel, i) => {
    requireOptions('curveGrid', `panels[${i}]`, panel, { title: true, series: true, x: true, y: true });
  });
  const { panelWidth = 440, panelHeight, columns = 2, ...rest } = options;
  return drawPanels('curveGrid', panels, { ...rest, columns, panelWidth, height: panelHeight }, 'panelWidth');
}

/** What {@link historyCurves} takes. */
export interface HistoryCurvesOptions extends CurveGridOptions {
  /** The axis of the epochs; `{ label: 'epoch' }` by default. */
  readonly x?: AxisOptions;
  /** The axis of a plot, by its log name, where it is more than a label: `{ loss: { label: 'loss', unit: 'nats', scale: 'log' } }`. */
  readonly y?: { readonly [log: string]: AxisOptions };
}

/**
 * The record of a training, as `fit` returns it in `history.history`: for each log one plot, in which `val_` stands beside it,
 * dashed. Epochs are counted from 1.
 *
 * ```ts
 * const history = { loss: [0.9, 0.5], val_loss: [0.8, 0.6], accuracy: [0.6, 0.9], val_accuracy: [0.6, 0.8] };
 * const svg = historyCurves(history, { title: 'Training', y: { loss: { label: 'loss', unit: 'nats' } } });
 * svg.includes('validation'); // → true
 * ```
 *
 * @throws TapegradError for a record without logs, an axis of a log that is not there, and for each plot as `curves` does.
 */
export function historyCurves(
  history: { readonly [log: string]: Numbers },
  options: HistoryCurvesOptions = {},
): string {
  const op = 'historyCurves';
  requireOptions(op, 'the options', options, { ...gridOptions, x: true, y: true });
  const { x = { label: 'epoch' }, y = {}, ...rest } = options;
  const given = typeof history === 'object' && history !== null ? Object.entries(history) : [];
  if (given.length === 0) {
    throw new TapegradError(op, `the history is ${show(history)}, without logs. Expected e.g. { loss: [0.9, 0.5] }.`);
  }
  const logs = new Map(given.map(([log, values]) => [log, numbersOf(op, `history.${log}`, values)]));
  const names = Array.from(logs.keys()).filter((log) => !(log.startsWith('val_') && logs.has(log.slice(4))));
  requireOptions(op, 'y', y, Object.fromEntries(names.map((name) => [name, true] as const)));
  const { panelWidth = 440, panelHeight, columns = Math.min(2, names.length), ...figureRest } = rest;
  const panels = names.map((name): CurvePanel => {
    const [training, validation] = [logs.get(name)!, logs.get(`val_${name}`)];
    const series = { name: validation ? 'training' : name, y: training, x: epochs(training) };
    const other = validation && { name: 'validation', y: validation, x: epochs(validation), dashed: true };
    return { series: other ? [series, other] : [series], x, y: y[name] ?? { label: name } };
  });
  return drawPanels(op, panels, { ...figureRest, columns, panelWidth, height: panelHeight }, 'panelWidth');
}

function epochs(values: readonly number[]): number[] {
  return values.map((_, i) => i + 1);
}

interface Laid extends FigureOptions {
  readonly columns: number;
  readonly panelWidth: number | undefined;
  readonly height: number | undefined;
}

function drawPanels(op: string, panels: readonly CurvePanel[], laid: Laid, widthName: 'width' | 'panelWidth'): string {
  const { columns, panelWidth = 640, height, ...options } = laid;
  checkFigure(op, options);
  requireCount(op, 'columns', columns, 1);
  const drawn = panels.map(({ title, series, x, y }, i): Panel => {
    const at = widthName === 'width' ? '' : `panels[${i}].`;
    if (title !== undefined) requireText(op, `${at}title`, title);
    checkAxis(op, `${at}x`, x);
    checkAxis(op, `${at}y`, y);
    return { title, x, y, lines: linesOf(op, series, x, y) };
  });
  const above = options.title === undefined ? 0 : titleHeight;
  const least = Math.max(...drawn.map(leastHeight));
  // The height of a single plot is that of the picture, with its title.
  const [heightName, shared] = widthName === 'width' ? ['height', above] : ['panelHeight', 0];
  const fullHeight = height ?? Math.max(widthName === 'width' ? 360 : 300, least + shared);
  checkSizes(op, [widthName, panelWidth, leastWidth], [heightName, fullHeight, least + shared]);
  const panelHeight = fullHeight - shared;
  const across = Math.min(columns, drawn.length);
  const width = across * panelWidth;
  const body = drawn.flatMap((panel, i) => {
    const [left, top] = [(i % across) * panelWidth, above + Math.floor(i / across) * panelHeight];
    return drawPanel(panel, { left, top, width: panelWidth, height: panelHeight });
  });
  const picture = {
    ...{ width, height: above + Math.ceil(drawn.length / across) * panelHeight },
    name: drawn.map(({ x, y }) => `${y.label} over ${x.label}`).join('; '),
    description: drawn.map(describe).join(' '),
    body: options.title === undefined ? body : [titleText(options.title, width), ...body],
  };
  return figure(op, picture, options);
}

/** Where each line starts and ends, in words. */
function describe({ x, y, lines }: Panel): string {
  const parts = lines.map((line) => {
    const shown = [...line.y.keys()].filter((i) => Number.isFinite(line.y[i]) && Number.isFinite(line.x[i]));
    const [first, last] = [shown[0] ?? 0, shown.at(-1) ?? 0];
    return `${line.name}: from ${short(line.y[first]!)} at ${short(line.x[first]!)} to ${short(line.y[last]!)} at ${short(line.x[last]!)}`;
  });
  return `${y.label} over ${x.label}. ${parts.join('; ')}.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
