// Reading a file in Node.js.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readText } from '../src/read-text-node.ts';

it('reads a file as UTF-8', async () => {
  const url = new URL('../data/README.md', import.meta.url);
  const text = await readText(url);
  expect(text).toContain('8 × 8');
  expect(text).toBe(await readFile(fileURLToPath(url), 'utf8'));
});
