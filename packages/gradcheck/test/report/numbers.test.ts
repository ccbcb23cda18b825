// Numbers as people read them.

import { expect, test } from 'vitest';
import { showFactor, showIndex, showNumber, showPercent } from '../../src/report/numbers.ts';

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [-12345, '-12345'],
  [1e6, '1e6'],
  [0.1 + 0.2, '0.3'],
  [0.0312345678, '0.03123'],
  [0.001, '0.001'],
  [0.00099, '9.9e-4'],
  [1.23456e-7, '1.235e-7'],
  [9999.96, '10000'],
  [12345.6, '1.235e4'],
  [-1.5e300, '-1.5e300'],
  [5e-324, '4.941e-324'],
  [null, '—'],
  [Number.NaN, '—'],
  [Number.NEGATIVE_INFINITY, '—'],
])('shows %s as %s', (value, text) => {
  expect(showNumber(value)).toBe(text);
});

test.each([
  [32, '×32'],
  [1 / 32, '×1/32'],
  [-1 / 3, '×-1/3'],
  [-1, '×-1'],
  [1, '×1'],
  [31.99999999, '×32'],
  [0.7, '×0.7'],
  [2, '×2'],
])('shows the factor %s as %s', (factor, text) => {
  expect(showFactor(factor)).toBe(text);
});

test.each([
  [0, '0%'],
  [0.0314159, '3.1%'],
  [1.7, '170%'],
  [1e-7, '< 0.01%'],
  [null, '—'],
])('shows the share %s as %s', (share, text) => {
  expect(showPercent(share)).toBe(text);
});

test('shows where an element is', () => {
  expect(showIndex([0, 3])).toBe('[0, 3]');
  expect(showIndex([])).toBe('[]');
});
