// How much a fit says, in numbers.

import { describe, expect, it } from 'vitest';
import { believable, differentNumbers, toleranceFor, visibleNumbers } from '../../../src/audit/causes/evidence.ts';

describe('the tolerance of a fit', () => {
  it('lets nothing pass where the parameters take all numbers', () => {
    expect(0 <= toleranceFor(0)).toBe(false);
    expect(0 <= toleranceFor(-1)).toBe(false);
  });

  it('grows with what is left over, up to a bound', () => {
    expect([1, 2, 3, 100].map((spare) => Number(toleranceFor(spare).toPrecision(3)))).toEqual([
      0.001, 0.0316, 0.05, 0.05,
    ]);
  });
});

describe('the count of different numbers', () => {
  it.each([
    ['each once', [1, 2, 2, 1, 3], 3],
    ['small ones too', [1, 1e-3, 0, -0.5], 3],
    ['rounding as none', [0.1 + 0.2, 0.3], 1],
    ['zeros as none', [0, 0], 0],
  ])('counts %s', (_what, values, expected) => {
    expect(differentNumbers(values)).toBe(expected);
  });

  it('leaves out what is small beside the largest where a fit cannot see it', () => {
    expect(visibleNumbers([1, 1e-3, 0, -0.5])).toBe(2);
  });
});

describe('a fitted constant', () => {
  const off =
    (from: number) =>
    (value: number): number =>
      Math.abs(value / from - 1);

  it.each([
    ['fitted to three numbers', 0.048, 3, 0.048, { value: 0.048, residual: 0 }],
    ['fitted to one number', 0.048, 1, 0.048, null],
    ['a power of ten beside what was fitted to one number', 1.0001e-7, 1, 1e-7, { value: 1e-7, residual: 0 }],
    ['a negative power of ten', -0.99999e-3, 1, -1e-3, { value: -1e-3, residual: 0 }],
    ['no power of ten that leaves too much', 1.01e-7, 1, 1.01e-7, null],
  ])('is %s', (_what, fitted, numbers, truth, expected) => {
    const fit = believable(fitted, numbers, off(truth));
    if (expected === null) expect(fit).toBe(null);
    else {
      expect(fit!.value).toBeCloseTo(expected.value, 12);
      expect(fit!.residual).toBeCloseTo(expected.residual, 12);
    }
  });
});
