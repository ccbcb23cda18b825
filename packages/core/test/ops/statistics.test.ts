// What golden/ and special-values/ leave open: arguments, dtypes, errors, precision.

import { describe, expect, it } from 'vitest';
import { grad, norm, standardDeviation, type Tensor, tensor, variance, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor([
  [1, 2, 3],
  [4, 6, 8],
]);

describe('variance and standardDeviation', () => {
  it('reduce all axes, or those that are named', () => {
    expect(variance(x).shape).toEqual([]);
    expect(variance(x, 0).toArray()).toEqual([2.25, 4, 6.25]);
    expect(standardDeviation(x, 0, { keepDims: true }).toArray()).toEqual([[1.5, 2, 2.5]]);
    expect(variance(x, -1, { ddof: 1 }).toArray()).toEqual([1, 4]);
    expect(standardDeviation(x, [], { keepDims: true }).toArray()).toEqual(zeros([2, 3]).toArray());
  });

  it('of whole numbers are float32', () => {
    expect(String(tensor([1, 3], { dtype: 'int32' }).variance())).toBe('float32[] 1');
    expect(String(tensor([true, false]).standardDeviation())).toBe('float32[] 0.5');
  });

  it('take a fraction for ddof', () => {
    expect(variance(tensor([0, 2]), 0, { ddof: 0.5 }).item()).toBe(Math.fround(2 / 1.5));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '1'])('refuse the ddof %s', (ddof) => {
    expect(() => x.variance(0, { ddof: ddof as number })).toThrow(
      refusal(`variance: ddof is ${ddof}. Expected a number, e.g. 0 or 1.`),
    );
  });

  it('do not lose their digits far from 0', () => {
    const far = tensor([1e8, 1e8 + 1, 1e8 + 3], { dtype: 'float64' });
    expect(far.variance().item()).toBeCloseTo(14 / 9, 14);
    const single = tensor([16777216, 16777218, 16777214]);
    expect(single.variance().item()).toBe(Math.fround(8 / 3));
    expect(grad((y: Tensor) => y.variance())(single).toArray()).toEqual([0, Math.fround(4 / 3), Math.fround(-4 / 3)]);
  });

  it('of a million equal elements are 0', () => {
    expect(tensor(0.1, { dtype: 'float64' }).broadcastTo([1_000_000]).standardDeviation().item()).toBe(0);
  });
});

describe('norm', () => {
  it('is the Euclidean one of all elements, unless its options say otherwise', () => {
    expect(norm(tensor([[3], [4]])).item()).toBe(5);
    expect(norm(x, { order: 1, axes: 0 }).toArray()).toEqual([5, 8, 11]);
    expect(norm(x, { order: Infinity, axes: -1, keepDims: true }).toArray()).toEqual([[3], [8]]);
    expect(norm(x, { order: -Infinity }).item()).toBe(1);
    expect(norm(tensor([3, 4], { dtype: 'int32' })).toString()).toBe('float32[] 5');
    expect(norm(-2).item()).toBe(2);
  });

  it('scales by a power of 2, which loses no digit', () => {
    const values = [0.1, 0.7, -1.3];
    const exact = Math.sqrt(0.1 * 0.1 + 0.7 * 0.7 + 1.3 * 1.3);
    expect(norm(tensor(values, { dtype: 'float64' })).item()).toBe(exact);
  });

  it.each([0, -1, Number.NaN, 'fro'])('refuses the order %s', (order) => {
    expect(() => norm(x, { order: order as number })).toThrow(
      refusal(`norm: order is ${order}. Expected a number above 0, Infinity or -Infinity.`),
    );
  });

  it('of nothing is 0, or refused where it is a choice', () => {
    expect(norm(zeros([0])).item()).toBe(0);
    expect(norm(zeros([2, 0]), { order: 3, axes: 1 }).toArray()).toEqual([0, 0]);
    expect(() => norm(zeros([2, 0]), { order: Infinity })).toThrow(
      refusal(
        'norm: axis 1 has no elements. Expected at least one for the norm of order Infinity, a choice among them.',
      ),
    );
  });
});
