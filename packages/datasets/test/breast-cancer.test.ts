// The breast cancer data as they come out of the package, against numbers from scikit-learn 1.2.1.

import { describe, expect, it } from 'vitest';
import { breastCancer } from '../src/index.ts';

const { x, y, featureNames, targetNames, description } = await breastCancer();

describe('breastCancer', () => {
  it('has 569 rows of 30 float32 features and an int32 class each', () => {
    expect([x.shape, x.dtype]).toEqual([[569, 30], 'float32']);
    expect([y.shape, y.dtype]).toEqual([[569], 'int32']);
  });

  it('names features and classes', () => {
    expect(featureNames).toHaveLength(30);
    expect([featureNames[0], featureNames[29]]).toEqual(['mean radius', 'worst fractal dimension']);
    expect(targetNames).toEqual(['malignant', 'benign']);
    expect(description).toContain('doi:10.24432/C5DW2B, CC BY 4.0');
  });

  it('has 212 malignant and 357 benign rows, a malignant one first', () => {
    expect(y.equal(0).sum().item()).toBe(212);
    expect(y.equal(1).sum().item()).toBe(357);
    expect(y.slice(0, 1).item()).toBe(0);
  });

  // load_breast_cancer().data.astype('float32').astype('float64'): .sum(), and .mean(0)[[0, 3, 17, 29]] to 7 digits.
  it('has the values of scikit-learn', () => {
    const values = x.asType('float64');
    expect(values.sum().item()).toBeCloseTo(1056474.4601555476, 6);
    const means = values.mean(0).toData();
    expect([0, 3, 17, 29].map((column) => means[column]!.toPrecision(7))).toEqual([
      '14.12729',
      '654.8891',
      '0.01179614',
      '0.08394582',
    ]);
  });
});
