// The 8 × 8 digits as they come out of the package, against numbers from scikit-learn 1.2.1.

import { describe, expect, it } from 'vitest';
import { digits } from '../src/index.ts';

const { x, y, featureNames, targetNames, description } = await digits();

describe('digits', () => {
  it('has 1,797 rows of 64 float32 pixels and an int32 class each', () => {
    expect([x.shape, x.dtype]).toEqual([[1797, 64], 'float32']);
    expect([y.shape, y.dtype]).toEqual([[1797], 'int32']);
  });

  it('names pixels by row and column, and classes by their digit', () => {
    expect([featureNames.length, featureNames[0], featureNames[63]]).toEqual([64, 'p00', 'p77']);
    expect(targetNames.join('')).toBe('0123456789');
    expect(description).toContain('doi:10.24432/C50P49, CC BY 4.0');
  });

  // np.bincount(load_digits().target)
  it('has each digit about equally often', () => {
    const counts = targetNames.map((name) => y.equal(Number(name)).sum().item());
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  // load_digits().data: .sum(), .max() and .mean(0)[[0, 2, 28]]
  it('has the values of scikit-learn', () => {
    const values = x.asType('float64');
    expect([values.sum().item(), values.max().item()]).toEqual([561718, 16]);
    const means = values.mean(0).toData();
    expect(means[0]).toBe(0);
    expect(means[2]).toBeCloseTo(5.204785754034502, 12);
    expect(means[28]).toBeCloseTo(9.927100723427936, 12);
  });
});
