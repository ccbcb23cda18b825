// Type-checks and runs every ```ts block of the documentation, each as its own test.

import { join } from 'node:path';
import { beforeAll, beforeEach, describe, test, vi } from 'vitest';
import { allBlocks, generated, moduleFile, writeModules } from '../src/docs/files.ts';
import { typeCheck } from '../src/docs/type-check.ts';

const blocks = allBlocks();
let typeErrors: Map<string, string[]>;

beforeAll(() => {
  writeModules(blocks);
  typeErrors = typeCheck(generated);
}, 60_000);

// What the examples print is for their readers.
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});

describe('documentation', () => {
  test('reports no type error outside its blocks', () => {
    expectNoTypeError('');
  });

  for (const block of blocks) {
    test(`${block.file}:${block.line}`, { timeout: 60_000 }, async () => {
      const file = moduleFile(block);
      expectNoTypeError(file);
      if (block.runs) await import(/* @vite-ignore */ join(generated, file));
    });
  }
});

function expectNoTypeError(file: string): void {
  const messages = typeErrors.get(file);
  if (messages) throw new TypeError(messages.join('\n'));
}
