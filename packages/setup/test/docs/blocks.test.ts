// What counts as a block of the documentation, and what its fence may say.

import { expect, test } from 'vitest';
import { findBlocks } from '../../src/docs/blocks.ts';

const markdown = (...lines: string[]) => findBlocks('a.md', lines.join('\n'));

test('finds the ts blocks of Markdown and the line of their fence', () => {
  const [block, ...others] = markdown('# Title', '', '```ts', 'let a = 1;', '', '```', '```sh', 'ls', '```');
  expect(block).toEqual({ file: 'a.md', line: 3, code: ['let a = 1;', ''], continues: undefined, runs: true });
  expect(others).toEqual([]);
});

test('takes the indentation of a fence off its code', () => {
  expect(markdown('- item', '  ```ts', '  if (a)', '    b();', '  ```')[0]!.code).toEqual(['if (a)', '  b();']);
});

test('leaves a block alone that is quoted in a longer fence', () => {
  expect(markdown('````md', '```ts', 'a;', '```', '````')).toEqual([]);
});

test('links a block to the one it continues', () => {
  const [first, second] = markdown('```ts', 'a;', '```', '```ts continue', 'b;', '```');
  expect(second!.continues).toBe(first);
});

test('does not run a block marked no-run, nor what continues it', () => {
  const blocks = markdown('```ts no-run', 'a;', '```', '```ts continue', 'b;', '```', '```ts', 'c;', '```');
  expect(blocks.map((block) => block.runs)).toEqual([false, false, true]);
});

test('finds blocks in TSDoc only, not in other comments or strings', () => {
  const source = ['/* ```ts', 'no; ``` */', '/**', ' * Adds.', ' * ```ts', ' * add(1, 2); // → 3', ' * ```', ' */'];
  expect(findBlocks('a.ts', source.join('\n'))).toMatchObject([{ line: 5, code: ['add(1, 2); // → 3'] }]);
});

test('refuses a fence that is not closed', () => {
  expect(() => markdown('```ts', 'a;')).toThrow('a.md:1: this code fence is never closed.');
});

test('refuses a mark that it does not know', () => {
  expect(() => markdown('```ts norun', 'a;', '```')).toThrow('a.md:1: "norun" is neither "continue" nor "no-run".');
});

test('refuses to continue nothing', () => {
  expect(() => markdown('```ts continue', 'a;', '```')).toThrow('a.md:1: there is no earlier block to continue.');
});
