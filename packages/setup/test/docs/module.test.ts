// What becomes of a block: line numbers, checks and imports.

import { expect, test } from 'vitest';
import { findBlocks } from '../../src/docs/blocks.ts';
import { exportedNames } from '../../src/docs/exported-names.ts';
import { moduleText } from '../../src/docs/module.ts';

const names = exportedNames(
  '@tapegrad/core',
  `export { add, mul as times } from './a.ts';\nexport type { Shape } from './b.ts';`,
);

/** The lines of the module made from the last block of a file. */
function lines(file: string, ...text: string[]): string[] {
  return moduleText(findBlocks(file, text.join('\n')).at(-1)!, names).split('\n');
}

const tsDoc = (...code: string[]) => lines('a.ts', '/**', '```ts', ...code, '```', '*/');

test('keeps the line numbers of the file', () => {
  expect(lines('a.md', 'text', '```ts', 'a();', 'b();', '```')).toEqual([expect.any(String), '', 'a();', 'b();']);
});

test('puts the block before a continuation, each at its own lines', () => {
  const module = lines('a.md', '```ts', 'a();', '```', '', '```ts continue', 'b();', '```');
  expect(module.slice(1)).toEqual(['a();', '', '', '', 'b();']);
});

test('checks the value of an expression that is followed by an arrow', () => {
  expect(lines('a.md', '```ts', '  f("a;b"); // → [1, "2"]', '```')[1]).toBe(
    '  __check(f("a;b"), "[1, \\"2\\"]", "a.md:2");',
  );
});

test('refuses an arrow that follows no statement', () => {
  expect(() => lines('a.md', '```ts', 'f() // → 1', '```')).toThrow(
    'a.md:2: "// →" must follow an expression statement that ends in ";" on its line.',
  );
});

test('imports in TSDoc the names that are used and not declared', () => {
  const [imports] = tsDoc('const s: Shape = [times(1, 2)];');
  expect(imports).toContain(`import { times } from '@tapegrad/core';`);
  expect(imports).toContain(`import { type Shape } from '@tapegrad/core';`);
  expect(imports).not.toContain('add');
});

test.each([
  'const add = 1;',
  'const { x: add } = f;',
  'const [a, add] = f;',
  `import { add } from 'x';`,
  'class add {}',
])('does not import in TSDoc what the block declares: %s', (code) => {
  expect(tsDoc(code, 'add;')[0]).not.toContain('core');
});

test('imports a name that is only renamed away', () => {
  expect(tsDoc('const { add: other } = f;')[0]).toContain('add');
});

test('imports nothing by itself in Markdown', () => {
  expect(lines('a.md', '```ts', 'add;', '```')[0]).toBe(`import { check as __check } from '#check';`);
});
