// Text by others, made safe and measured.

import { expect, test } from 'vitest';
import { columnsOf, shortened, showName, visible } from '../../src/report/visible.ts';

test('spells out what would move a cursor or turn the reading direction', () => {
  expect(visible('\u001b[31mred\u202e\u200b')).toBe('\\u{1b}[31mred\\u{202e}\\u{200b}');
  expect(visible('a\r\n\tb')).toBe('a b');
  expect(visible('δ_∇L/∂θ̂ 重み')).toBe('δ_∇L/∂θ̂ 重み');
});

test('says that a name is empty', () => {
  expect(showName('')).toBe('(no name)');
});

test('counts the columns of a terminal', () => {
  expect(columnsOf('abc')).toBe(3);
  expect(columnsOf('重み・')).toBe(6);
  expect(columnsOf('θ̂')).toBe(1);
  expect(columnsOf('🙂')).toBe(2);
});

test('leaves out the middle of a long text, never more columns than allowed', () => {
  expect(shortened('encoder.layers.11.weight', 12)).toBe('encod…weight');
  expect(shortened('short', 12)).toBe('short');
  for (let columns = 1; columns < 20; columns++) {
    expect(columnsOf(shortened('重み・バイアス.weight', columns))).toBeLessThanOrEqual(columns);
  }
});
