// The program as a whole: what it prints, and what it leaves.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const { argv } = process;
let printed: string;
let folder: string;

beforeEach(async () => {
  printed = '';
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`;
  });
  folder = await mkdtemp(join(tmpdir(), 'tapegrad-'));
});

afterEach(async () => {
  process.argv = argv;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it('tries all ways, shows what the audit finds, and draws the losses', { timeout: 60_000 }, async () => {
  process.argv = [...argv.slice(0, 2), '--epochs', '3', '--out', folder];
  await import('../src/main.ts');
  expect(printed).toContain('1437 to train on, 360 to test with; 3 epochs');
  expect(printed).toContain('gradient check passed');
  expect(printed).toMatch(/^b .* wrong$/m);
  expect(printed.match(/^│ .* 0\.\d{4} │ +\d+\.\d │$/gm)).toHaveLength(5);
  expect(printed).toContain('by hand, audited: done');
  const svg = await readFile(join(folder, 'losses.svg'), 'utf8');
  for (const name of ['squareplus', 'Maxout', 'squared relu']) expect(svg).toContain(name);
});
