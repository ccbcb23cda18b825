// Which classes a classifier takes for which: the picture.

import { type Numbers, requireOptions } from './checks.ts';
import { type ConfusionMatrixOptions, countPredictions } from './confusion-matrix.ts';
import { checkFigure, type FigureOptions, figure, figureOptions, titleHeight, titleText } from './figure.ts';
import { background, ink, inkOn, muted, sequential } from './paint.ts';
import { rotated } from './panel.ts';
import { element, fitted, textAt, textWidth } from './svg.ts';

/** What {@link confusionMatrixPlot} takes. */
export interface ConfusionMatrixPlotOptions extends FigureOptions, ConfusionMatrixOptions {}

/**
 * A confusion matrix: in each cell a count, and its share of the true class, which is also its colour. Below it the accuracy.
 *
 * ```ts
 * const svg = confusionMatrixPlot([0, 0, 1, 1], [0, 1, 1, 1], { classNames: ['malignant', 'benign'], title: 'Test set' });
 * svg.includes('accuracy 75.0 %'); // → true
 * ```
 *
 * @param labels the true classes, as indices from 0, `[n]`.
 * @param predictions the predicted classes, `[n]`.
 * @throws TapegradError as `confusionMatrix` does.
 */
export function confusionMatrixPlot(
  labels: Numbers,
  predictions: Numbers,
  options: ConfusionMatrixPlotOptions = {},
): string {
  const op = 'confusionMatrixPlot';
  requireOptions(op, 'the options', options, { ...figureOptions, classNames: true });
  const { classNames: names, ...figureRest } = options;
  checkFigure(op, figureRest);
  const { classNames, counts, shares, accuracy } = countPredictions(op, labels, predictions, names);

  const cell = classNames.length <= 4 ? 84 : classNames.length <= 12 ? 50 : 44;
  const longest = Math.min(150, Math.ceil(Math.max(...classNames.map((name) => textWidth(name)))));
  const turned = longest > cell - 8;
  const left = 34 + longest + 10;
  const top = 12 + (options.title === undefined ? 0 : titleHeight);
  const side = cell * classNames.length;
  const total = counts.reduce((sum, row) => sum + row.reduce((part, count) => part + count, 0), 0);
  const summary = `accuracy ${percent(accuracy)} · n = ${total}`;
  const namesHeight = turned ? longest + 14 : 24;
  const width = left + side + Math.max(20, (Math.max(textWidth(summary), textWidth('predicted class')) - side) / 2 + 8);

  const cells = counts.flatMap((row, i) =>
    row.flatMap((count, j) => {
      const share = shares[i]![j]!;
      const [x, y] = [left + j * cell, top + i * cell];
      const square = element('rect', {
        ...{ x, y, width: cell, height: cell, fill: sequential(share).light },
        ...{ stroke: background.light, 'stroke-width': 1.5 },
      });
      const text = { 'text-anchor': 'middle', fill: inkOn(share).light };
      const middle = y + cell / 2;
      const large = cell > 60;
      const number = { ...text, 'font-size': large ? 17 : 13 };
      if (count === 0) return [square, textAt(x + cell / 2, middle, '0', { ...number, fill: muted.light })];
      return [
        square,
        textAt(x + cell / 2, middle - (large ? 9 : 7), String(count), { ...number, 'font-weight': 600 }),
        textAt(x + cell / 2, middle + (large ? 13 : 10), percent(share), { ...text, 'font-size': large ? 12 : 9.5 }),
      ];
    }),
  );
  const rowNames = classNames.map((name, i) =>
    textAt(left - 9, top + (i + 0.5) * cell, fitted(name, longest + 1), { 'text-anchor': 'end', fill: ink.light }),
  );
  const columnNames = classNames.map((name, j) => {
    const [x, text] = [left + (j + 0.5) * cell, fitted(name, longest + 1)];
    if (!turned) return textAt(x, top + side + 15, text, { 'text-anchor': 'middle', fill: ink.light });
    const place = `translate(${x} ${top + side + 9}) rotate(-90)`;
    return element('g', { transform: place }, textAt(0, 0, text, { 'text-anchor': 'end', fill: ink.light }));
  });
  const below = top + side + namesHeight;
  const heading = { 'text-anchor': 'middle', fill: ink.light, 'font-weight': 600 };
  const picture = {
    ...{ width, height: below + 48, name: 'Confusion matrix' },
    description: `Rows: true class; columns: predicted class. ${classNames
      .map((name, i) => `${name}: ${counts[i]!.map((count, j) => `${count} as ${classNames[j]}`).join(', ')}`)
      .join('; ')}. ${summary}.`,
    body: [
      ...(options.title === undefined ? [] : [titleText(options.title, width)]),
      ...[...cells, ...rowNames, ...columnNames],
      rotated(18, top + side / 2, 'true class'),
      textAt(left + side / 2, below + 10, 'predicted class', { ...heading, 'font-weight': undefined }),
      textAt(left + side / 2, below + 32, summary, { 'text-anchor': 'middle', 'font-size': 11, fill: muted.light }),
    ],
  };
  return figure(op, picture, figureRest);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 1 ? 1 : 0)} %`;
}
