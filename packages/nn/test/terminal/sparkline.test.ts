// Rows of bars.

import { expect, test } from 'vitest';
import { sparkline } from '../../src/terminal/sparkline.ts';

test.each<[string, readonly number[], string]>([
  ['nothing', [], ''],
  ['numbers that rise', [0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
  ['numbers that fall', [0.9, 0.5, 0.3, 0.2], '█▄▂▁'],
  ['negative numbers', [-3, -1, -2], '▁█▅'],
  ['numbers that are all the same', [0.5, 0.5, 0.5], '▄▄▄'],
  ['a single number', [2], '▄'],
  ['NaN and infinities among others', [1, Number.NaN, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], '▁×█××'],
  ['nothing that is finite', [Number.NaN, Number.POSITIVE_INFINITY], '××'],
  ['numbers whose difference is infinite', [-1.5e308, 0, 1.5e308], '▁▅█'],
  ['very small numbers', [1e-320, 3e-320], '▁█'],
])('shows %s', (_, values, text) => {
  expect(sparkline(values)).toBe(text);
});

test.each<[string, readonly number[], number, string]>([
  ['smaller differences small', [0.0165, 0.0345, 0.02, 0.03], 0.07, '▁▃▁▂'],
  ['larger ones as they are', [0.9, 0.5, 0.3, 0.2], 0.07, '█▄▂▁'],
  ['numbers that are all the same as the lowest', [0.5, 0.5], 0.07, '▁▁'],
  ['numbers whose difference is infinite', [-1.5e308, 0, 1.5e308], Number.MAX_VALUE, '▁▅█'],
])('with a least range it shows %s', (_, values, leastRange, text) => {
  expect(sparkline(values, leastRange)).toBe(text);
});
