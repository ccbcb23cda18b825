// StandardScaler against scikit-learn 1.2.1, on its own and on the breast cancer data; and what it refuses.

import { tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { breastCancer, StandardScaler } from '../src/index.ts';

const table = tensor(
  [
    [1, 2, 7],
    [3, 5, 7],
    [8, -4, 7],
    [0, 0, 7],
  ],
  { dtype: 'float64' },
);

describe('StandardScaler', () => {
  // StandardScaler().fit(A): .mean_, .scale_, .transform(A) for the table above as A.
  it('has the numbers of scikit-learn', () => {
    const scaler = new StandardScaler().fit(table);
    expect(scaler.mean.toArray()).toEqual([3, 0.75, 7]);
    expect(scaler.scale.toArray()).toEqual([3.082207001484488, 3.2691742076555053, 1]);
    const expected = [
      [-0.6488856845230502, 0.3823595564509363, 0],
      [0, 1.3000224919331833, 0],
      [1.6222142113076254, -1.4529663145135578, 0],
      [-0.9733285267845753, -0.22941573387056177, 0],
    ];
    expect(scaler.transform(table).toArray()).toEqual(expected);
  });

  // StandardScaler().fit(load_breast_cancer().data), columns 0, 3, 17, 29; float32 data agree to 6 digits.
  it('has the numbers of scikit-learn on the breast cancer data', async () => {
    const { x } = await breastCancer();
    const scaler = new StandardScaler().fit(x);
    const digits = (row: ArrayLike<number>) => [0, 3, 17, 29].map((column) => row[column]!.toPrecision(6));
    expect(digits(scaler.mean.toData())).toEqual(['14.1273', '654.889', '0.0117961', '0.0839458']);
    expect(digits(scaler.scale.toData())).toEqual(['3.52095', '351.605', '0.00616486', '0.0180454']);
    const first = scaler.transform(x.slice(0, 1));
    expect([first.dtype, digits(first.toData())]).toEqual(['float32', ['1.09706', '0.984375', '0.660820', '1.93701']]);
  });

  it('gives columns of mean 0 and standard deviation 1', async () => {
    const { x } = await breastCancer();
    const z = new StandardScaler().fitTransform(x).asType('float64');
    expect(z.mean(0).abs().max().item()).toBeLessThan(1e-7);
    expect(z.square().mean(0).sub(1).abs().max().item()).toBeLessThan(1e-7);
  });

  it('computes in float64 and keeps the dtype', () => {
    // In float32 the spread of 1 on top of 16,777,216 is lost.
    const x = tensor([[16777214], [16777216]]);
    const z = new StandardScaler().fitTransform(x);
    expect(String(z)).toBe('float32[2, 1] [[-1], [1]]');
  });

  it.each([0.1, 7, 0, -1e300])('gives a constant column of %f the scale 1', (value) => {
    const x = tensor(
      Float64Array.from({ length: 100 }, () => value),
      { shape: [100, 1] },
    );
    const scaler = new StandardScaler().fit(x);
    expect(scaler.scale.toArray()).toEqual([1]);
    expect(Math.abs(scaler.transform(x).sum().item())).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
  });

  it('undoes transform', () => {
    const scaler = new StandardScaler();
    const back = scaler.inverseTransform(scaler.fitTransform(table));
    expect(back.sub(table).abs().max().item()).toBeLessThan(1e-14);
  });

  it('forgets an earlier fit', () => {
    const scaler = new StandardScaler().fit(table).fit(tensor([[1], [3]]));
    expect([scaler.mean.toArray(), scaler.scale.toArray()]).toEqual([[2], [1]]);
  });

  it('keeps an earlier fit when a new one is refused', () => {
    const scaler = new StandardScaler().fit(tensor([[1], [3]]));
    expect(() => scaler.fit(tensor([[Number.NaN]]))).toThrow();
    expect(scaler.mean.toArray()).toEqual([2]);
  });

  it('transforms no rows', () => {
    expect(new StandardScaler().fit(table).transform(zeros([0, 3], 'float64')).shape).toEqual([0, 3]);
  });

  it.each([
    ['mean', (scaler: StandardScaler) => scaler.mean],
    ['scale', (scaler: StandardScaler) => scaler.scale],
    ['transform', (scaler: StandardScaler) => scaler.transform(table)],
    ['inverseTransform', (scaler: StandardScaler) => scaler.inverseTransform(table)],
  ])('refuses %s before a fit', (method, use) => {
    expect(() => use(new StandardScaler())).toThrow(
      `StandardScaler.${method}: there are no statistics yet. Expected a call of fit(x) with the training rows first.`,
    );
  });

  it.each([
    [
      'a single row',
      tensor([1, 2]),
      'StandardScaler.fit: x has shape [2]. Expected [rows, columns]; for one column x.reshape([-1, 1]).',
    ],
    [
      'whole numbers',
      tensor([[1, 2]], { dtype: 'int32' }),
      "StandardScaler.fit: x has dtype int32. Expected float32 or float64; convert it, e.g. x.asType('float32').",
    ],
    [
      'NaN',
      tensor([
        [1, 2],
        [3, Number.NaN],
      ]),
      'StandardScaler.fit: x is NaN in row 1, column 1. Expected finite numbers; fill the gap or leave the row out.',
    ],
    [
      'infinity',
      tensor([[-Infinity, 2]]),
      'StandardScaler.fit: x is -Infinity in row 0, column 0. Expected finite numbers; fill the gap or leave the row out.',
    ],
    [
      'no rows',
      zeros([0, 30]),
      'StandardScaler.fit: x has shape [0, 30], which has no elements. Expected at least one row and one column.',
    ],
    [
      'no columns',
      zeros([3, 0]),
      'StandardScaler.fit: x has shape [3, 0], which has no elements. Expected at least one row and one column.',
    ],
  ])('refuses to fit %s', (_what, x, message) => {
    expect(() => new StandardScaler().fit(x)).toThrow(
      expect.objectContaining({ name: 'TapegradError', op: 'StandardScaler.fit', message }),
    );
  });

  it('refuses to transform another number of columns', () => {
    const scaler = new StandardScaler().fit(table);
    const message = 'x has 2 columns. Expected 3, as in the call of fit.';
    expect(() => scaler.transform(zeros([4, 2]))).toThrow(`StandardScaler.transform: ${message}`);
    expect(() => scaler.inverseTransform(zeros([4, 2]))).toThrow(`StandardScaler.inverseTransform: ${message}`);
  });

  it('refuses to transform NaN', () => {
    expect(() => new StandardScaler().fit(table).transform(tensor([[1, Number.NaN, 3]]))).toThrow(
      'StandardScaler.transform: x is NaN in row 0, column 1. Expected finite numbers; fill the gap or leave the row out.',
    );
  });
});
