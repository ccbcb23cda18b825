// Classes as indices, as classifiers give and take them.

import { TapegradError } from '@tapegrad/core';
import { type Numbers, numbersOf, requireText, show } from './checks.ts';

/** Labels and what was predicted, checked. */
export interface Classified {
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
  readonly classNames: readonly string[];
}

/**
 * Reads class indices; without names, classes are called by their indices, up to the largest that occurs.
 * @throws TapegradError for lists that are empty or differ in length, and for what is not the index of a class.
 */
export function classified(
  op: string,
  labelsGiven: Numbers,
  predictionsGiven: Numbers,
  names: readonly string[] | undefined,
): Classified {
  const labels = numbersOf(op, 'labels', labelsGiven);
  const predictions = numbersOf(op, 'predictions', predictionsGiven);
  if (labels.length === 0) throw new TapegradError(op, 'there are no labels. Expected at least one.');
  if (labels.length !== predictions.length) {
    throw new TapegradError(
      op,
      `there are ${labels.length} labels and ${predictions.length} predictions. Expected one prediction for each label.`,
    );
  }
  if (names !== undefined) checkNames(op, names);
  const classes = names?.length ?? Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [what, indices] of [
    ['labels', labels],
    ['predictions', predictions],
  ] as const) {
    indices.forEach((value, i) => {
      largest = Math.max(largest, value);
      if (Number.isSafeInteger(value) && value >= 0 && value < classes) return;
      const range = names ? ` from 0 to ${classes - 1}, one of the ${classes} classNames` : ', 0 or more';
      const hint = Number.isInteger(value) ? '' : '; scores become indices by argmax(-1), or by a threshold';
      throw new TapegradError(
        op,
        `${what} is ${value} at position ${i}. Expected the index of a class${range}${hint}.`,
      );
    });
  }
  return { labels, predictions, classNames: names ?? Array.from({ length: largest + 1 }, (_, i) => String(i)) };
}

function checkNames(op: string, names: unknown): void {
  if (!Array.isArray(names) || names.length === 0) {
    throw new TapegradError(op, `classNames is ${show(names)}. Expected a list with a name for each class.`);
  }
  names.forEach((name, i) => {
    requireText(op, `classNames[${i}]`, name);
  });
}
