import { TapegradError, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { rocCurve } from '../src/index.ts';

describe('rocCurve', () => {
  // roc_curve(y, s, drop_intermediate=False) and roc_auc_score(y, s) of scikit-learn 1.2.1; its first threshold is infinity since 1.3.
  it('has the numbers of scikit-learn, ties in one step', () => {
    const labels = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0];
    const scores = [0.1, 0.4, 0.35, 0.35, 0.8, 0.7, 0.1, 0.9, 0.4, 0.4, 0.7, 0.05];
    expect(rocCurve(labels, scores)).toEqual({
      falsePositiveRate: [0, 0, 0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.8333333333333334, 1],
      truePositiveRate: [0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.8333333333333334, 1, 1, 1],
      thresholds: [Number.POSITIVE_INFINITY, 0.9, 0.8, 0.7, 0.4, 0.35, 0.1, 0.05],
      area: expect.closeTo(0.8333333333333334, 14),
    });
  });

  it.each([
    ['all tied', [0, 1, 1], [2, 2, 2], 0.5],
    ['all right', [0, 0, 1], [-3, -2, -1], 1],
    ['all wrong', [1, 0], [0, 1], 0],
  ])('the area where scores are %s', (_name, labels, scores, area) => {
    expect(rocCurve(labels, scores).area).toBe(area);
  });

  it('the area is the chance that a positive scores above a negative', () => {
    const labels = Array.from({ length: 200 }, (_, i) => Number(i % 3 === 0));
    const scores = labels.map((label, i) => Math.round(10 * Math.sin(i * i) + 4 * label));
    let [wins, pairs] = [0, 0];
    for (const [i, a] of labels.entries()) {
      for (const [j, b] of labels.entries()) {
        if (a !== 1 || b !== 0) continue;
        pairs++;
        wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
    }
    expect(rocCurve(tensor(labels), tensor(scores)).area).toBeCloseTo(wins / pairs, 12);
  });

  it.each([
    [[0, 1], [0.5], 'there are 2 labels and 1 scores. Expected one score for each label.'],
    [[0, 2], [0, 1], 'labels is 2 at position 1. Expected 0 or 1; for one of several classes labels.equal(index).'],
    [[0, 1], [0, Number.NaN], 'scores is NaN at position 1. Expected finite numbers.'],
    [[1, 1], [0, 1], 'labels has 0 zeros and 2 ones. Expected both, without which a rate is not defined.'],
    [[], [], 'labels has 0 zeros and 0 ones. Expected both, without which a rate is not defined.'],
  ])('refuses %j with %j', (labels, scores, message) => {
    expect(() => rocCurve(labels, scores)).toThrow(new TapegradError('rocCurve', message));
  });
});
