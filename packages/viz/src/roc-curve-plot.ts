// The receiver operating characteristic: the picture.

import { TapegradError } from '@tapegrad/core';
import { requireOptions, show } from './checks.ts';
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
import type { RocCurve } from './roc-curve.ts';
import { linesOf } from './series.ts';

/** What {@link rocCurvePlot} takes. */
export interface RocCurvePlotOptions extends FigureOptions {
  /** Of the picture, in pixels; 420 by default. */
  readonly width?: number;
  /** Of the picture, in pixels; 420 by default. */
  readonly height?: number;
}

/**
 * Receiver operating characteristics, each with its area under the curve (AUC), and the diagonal, which chance gives.
 *
 * ```ts
 * const curve = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * const svg = rocCurvePlot({ 'logistic regression': curve }, { title: 'ROC' });
 * svg.includes('AUC 0.750'); // → true
 * ```
 *
 * @param curves by the names that stand beside them, what `rocCurve` returned.
 * @throws TapegradError without curves, for what is none, and for a size in which the names do not fit.
 */
export function rocCurvePlot(curves: { readonly [name: string]: RocCurve }, options: RocCurvePlotOptions = {}): string {
  const op = 'rocCurvePlot';
  requireOptions(op, 'the options', options, { ...figureOptions, width: true, height: true });
  const { width = 420, height: givenHeight, ...figureRest } = options;
  checkFigure(op, figureRest);
  const named = typeof curves === 'object' && curves !== null ? Object.entries(curves) : [];
  if (named.length === 0) {
    throw new TapegradError(op, `the curves are ${show(curves)}. Expected e.g. { model: rocCurve(labels, scores) }.`);
  }
  for (const [name, curve] of named) {
    if (Array.isArray(curve?.falsePositiveRate) && Array.isArray(curve.truePositiveRate) && Number.isFinite(curve.area))
      continue;
    throw new TapegradError(
      op,
      `the curve ${show(name)} is ${show(curve)}. Expected what rocCurve(labels, scores) returns.`,
    );
  }
  const series = named.map(([name, { falsePositiveRate, truePositiveRate, area }]) => {
    return { name: `${name}, AUC ${area.toFixed(3)}`, x: falsePositiveRate, y: truePositiveRate, markers: false };
  });
  const x = { label: 'false positive rate', domain: [0, 1] } as const;
  const y = { label: 'true positive rate', domain: [0, 1] } as const;
  const panel: Panel = {
    x,
    y,
    lines: linesOf(op, series, x, y),
    reference: [
      [0, 0],
      [1, 1],
    ],
    names: 'inside',
  };
  const above = options.title === undefined ? 0 : titleHeight;
  const least = leastHeight(panel) + above;
  const height = givenHeight ?? Math.max(420, least);
  checkSizes(op, ['width', width, leastWidth], ['height', height, least]);
  const body = drawPanel(panel, { left: 0, top: above, width, height: height - above });
  const picture = {
    ...{ width, height, name: 'Receiver operating characteristic' },
    description: `True positive rate over false positive rate. ${series.map(({ name }) => name).join('; ')}.`,
    body: options.title === undefined ? body : [titleText(options.title, width), ...body],
  };
  return figure(op, picture, figureRest);
}
