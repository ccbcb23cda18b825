// The program as a whole: what it prints, and what it leaves.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@tapegrad/command/testing';
import { expect, it } from 'vitest';

it('tries all ways, shows what the audit finds, and draws the losses', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tapegrad-'));
  const { printed } = await runProgram(() => import('../src/main.ts'), ['--epochs', '3', '--out', folder]);
  expect(printed).toContain('1,437 to train on, 360 to test with; 3 epochs');
  expect(printed).toContain('gradient check passed');
  expect(printed).toMatch(/^b .* wrong$/m);
  expect(printed.match(/^│ .* 0\.\d{4} │ +\d+\.\d │$/gm)).toHaveLength(5);
  expect(printed).toContain('by hand, audited: done');
  const svg = await readFile(join(folder, 'losses.svg'), 'utf8');
  for (const name of ['squareplus', 'Maxout', 'squared relu']) expect(svg).toContain(name);
  await rm(folder, { recursive: true });
});
