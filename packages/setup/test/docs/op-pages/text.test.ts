// How values and lists of TypeScript are written and read.

import { newAxis, RandomGenerator } from '@tapegrad/core';
import { expect, test } from 'vitest';
import { firstSentence, literal, splitList, table } from '../../../src/docs/op-pages/text.ts';

test.each([
  [-0, '-0'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  ["it's", "'it\\'s'"],
  [undefined, 'undefined'],
  [newAxis, 'newAxis'],
  [[[1, 2], null], '[[1, 2], null]'],
  [{ axis: 1, mode: 'edge' }, "{ axis: 1, mode: 'edge' }"],
  [{}, '{}'],
])('writes %o as code', (value, text) => {
  expect(literal(value)).toBe(text);
});

test('writes nothing for what no literal makes, wherever it stands', () => {
  expect(literal({ random: new RandomGenerator(1) })).toBeUndefined();
  expect(literal([[Symbol('other')]])).toBeUndefined();
});

test('splits parameters at the commas that no bracket encloses', () => {
  const parameters = ['x: Map<string, number>', 'f: (a: number, b: number) => void', 'pair: [number, number]'];
  expect(splitList(`${parameters.join(', ')},`)).toEqual(parameters);
});

test('ends the first sentence at a full stop before a capital letter', () => {
  expect(firstSentence('The mean, e.g. of 1.5 and 2. Of nothing: NaN.')).toBe('The mean, e.g. of 1.5 and 2.');
  expect(firstSentence('No full stop')).toBe('No full stop');
});

test('escapes what would end a cell of a table', () => {
  expect(
    table(['type'], [['`number | string`']])
      .split('\n')
      .at(-1),
  ).toBe('| `number \\| string` |');
});
