// The receiver operating characteristic: what a threshold on scores trades.

import { TapegradError } from '@tapegrad/core';
import { type Numbers, numbersOf } from './checks.ts';

/** A receiver operating characteristic: lists of the same length, from the highest threshold to the lowest. */
export interface RocCurve {
  /** Of the negatives, the share with a score at or above the threshold. */
  readonly falsePositiveRate: readonly number[];
  /** Of the positives, the share with a score at or above the threshold. */
  readonly truePositiveRate: readonly number[];
  /** The distinct scores, the highest first; before them infinity, which no score reaches. */
  readonly thresholds: readonly number[];
  /** The area under the curve: the chance that a positive scores above a negative, where ties count half. */
  readonly area: number;
}

/**
 * The receiver operating characteristic of a binary classifier, with a point for each distinct score, so that equal scores are one
 * step. As scikit-learn's `roc_curve` with `drop_intermediate=False`, and `roc_auc_score`.
 *
 * ```ts
 * const { falsePositiveRate, truePositiveRate, area } = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * falsePositiveRate; // → 0,0,0.5,0.5,1
 * truePositiveRate; // → 0,0.5,0.5,1,1
 * area; // → 0.75
 * ```
 *
 * @param labels 1 for positives and 0 for negatives, `[n]`.
 * @param scores higher for what is rather positive, `[n]`; logits will do as well as probabilities.
 * @throws TapegradError for lists that differ in length, labels other than 0 and 1 or of one class only, and scores that are not finite.
 */
export function rocCurve(labels: Numbers, scores: Numbers): RocCurve {
  const y = numbersOf('rocCurve', 'labels', labels);
  const values = numbersOf('rocCurve', 'scores', scores);
  const positives = checkedPositives(y, values);
  const negatives = y.length - positives;
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  const [falsePositiveRate, truePositiveRate, thresholds] = [[0], [0], [Number.POSITIVE_INFINITY]];
  let [falsePositives, truePositives, area] = [0, 0, 0];
  order.forEach((at, rank) => {
    if (y[at] === 1) truePositives++;
    else falsePositives++;
    const next = order[rank + 1];
    if (next !== undefined && values[next] === values[at]) return;
    const [x, height] = [falsePositives / negatives, truePositives / positives];
    area += ((x - falsePositiveRate.at(-1)!) * (height + truePositiveRate.at(-1)!)) / 2;
    falsePositiveRate.push(x);
    truePositiveRate.push(height);
    thresholds.push(values[at]!);
  });
  return { falsePositiveRate, truePositiveRate, thresholds, area };
}

function checkedPositives(labels: readonly number[], scores: readonly number[]): number {
  const refuse = (message: string): never => {
    throw new TapegradError('rocCurve', message);
  };
  if (labels.length !== scores.length) {
    refuse(`there are ${labels.length} labels and ${scores.length} scores. Expected one score for each label.`);
  }
  labels.forEach((label, i) => {
    if (label !== 0 && label !== 1) {
      refuse(`labels is ${label} at position ${i}. Expected 0 or 1; for one of several classes labels.equal(index).`);
    }
  });
  scores.forEach((score, i) => {
    if (!Number.isFinite(score)) refuse(`scores is ${score} at position ${i}. Expected finite numbers.`);
  });
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    refuse(`labels has ${negatives} zeros and ${positives} ones. Expected both, without which a rate is not defined.`);
  }
  return positives;
}
