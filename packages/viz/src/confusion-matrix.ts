// Which classes a classifier takes for which: the counts.

import { type Numbers, requireOptions } from './checks.ts';
import { classified } from './classes.ts';

/** How often each class was predicted for each. */
export interface ConfusionMatrix {
  readonly classNames: readonly string[];
  /** `counts[i][j]`: how many of class i were predicted to be of class j. */
  readonly counts: readonly (readonly number[])[];
  /** The same as shares of their row, 0 to 1; a row of a class that does not occur is 0. */
  readonly shares: readonly (readonly number[])[];
  /** The share of right predictions. */
  readonly accuracy: number;
}

/** What {@link confusionMatrix} takes. */
export interface ConfusionMatrixOptions {
  /** The names of the classes, by index; by default the indices. */
  readonly classNames?: readonly string[];
}

/**
 * Counts predictions by class. Rows are the true classes and columns the predicted ones, as in scikit-learn's function of this name.
 *
 * ```ts
 * const { counts, accuracy } = confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1]);
 * counts; // → 1,1,0,2
 * accuracy; // → 0.75
 * ```
 *
 * @param labels the true classes, as indices from 0, `[n]`.
 * @param predictions the predicted classes, `[n]`.
 * @throws TapegradError for lists that are empty or differ in length, and for what is not the index of a class.
 */
export function confusionMatrix(
  labels: Numbers,
  predictions: Numbers,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  requireOptions('confusionMatrix', 'the options', options, { classNames: true });
  return countPredictions('confusionMatrix', labels, predictions, options.classNames);
}

/** {@link confusionMatrix}, with errors in the name of the function that the user called. */
export function countPredictions(
  op: string,
  labelsGiven: Numbers,
  predictionsGiven: Numbers,
  names: readonly string[] | undefined,
): ConfusionMatrix {
  const { labels, predictions, classNames } = classified(op, labelsGiven, predictionsGiven, names);
  const counts = classNames.map(() => classNames.map(() => 0));
  labels.forEach((label, i) => {
    counts[label]![predictions[i]!]! += 1;
  });
  const shares = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  return { classNames, counts, shares, accuracy: right / labels.length };
}
