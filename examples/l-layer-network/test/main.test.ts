// The program as a whole: what it prints and draws, and its exit code.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, runProgram } from '@tapegrad/command/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let ran: Ran;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapegrad-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function main(...args: string[]): Promise<void> {
  vi.resetModules();
  ran = await runProgram(() => import('../src/main.ts'), args);
}

describe('the program', () => {
  it('audits, trains in four ways, compares them in a table and a picture', { timeout: 60_000 }, async () => {
    await main('--rows', '4000', '--epochs', '1', '--layers', '784,24,10', '--out', folder);
    expect(ran.printed).toContain('4,000 digits to train on, 10,000 to test with');
    expect(ran.printed).toContain('Total params: 19,090');
    expect(ran.printed).toMatch(/✗ │ sigmoid, binary cross-entropy .*A3/);
    expect(ran.printed.match(/^│ [✓✗] │/gm)).toEqual(['│ ✗ │', '│ ✓ │', '│ ✓ │', '│ ✗ │']);
    expect(ran.printed).toMatch(/^full batch {6}epoch 6\/6: loss \d\.\d{4}, test accuracy 0\.\d{4} \(\d+\.\d s\)$/m);
    const rows = [
      ...ran.printed.matchAll(/^│ (full batch|mini-batches|Adam|Adam, no root) +│ +([\d,]+) │.* (0\.\d{4}) │ .* │$/gm),
    ];
    expect(rows.map(([, name, batch]) => `${name} ${batch}`)).toEqual([
      ...['full batch 4,000', 'mini-batches 128', 'Adam 128', 'Adam, no root 128'],
    ]);
    const [, mini, adam] = rows.map(([, , , accuracy]) => Number(accuracy));
    expect(Math.min(mini!, adam!)).toBeGreaterThan(0.6);
    // a hat over a letter takes no column
    expect(ran.printed.split('\n').filter((line) => [...line.replaceAll(/\p{M}/gu, '')].length > 120)).toEqual([]);
    const svg = await readFile(join(folder, 'comparison.svg'), 'utf8');
    for (const text of ['training loss (nats)', 'test accuracy', 'time of steps (s)', 'epochs'])
      expect(svg).toContain(text);
    expect(ran.exitCode).toBe(undefined);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(ran.printed).toContain('npm run example -- l-layer-network [options]');
    expect(ran.printed).toContain('--layers SIZES');
  });

  it.each([
    [['--rows', '0'], '--rows is "0". Expected a whole number from 1 to 60000.\n'],
    [['--rows', '60001'], '--rows is "60001". Expected a whole number from 1 to 60000.\n'],
    [['--layers', '10,784'], '--layers is "10,784". Expected sizes from 784 to 10, such as 784,30,10.\n'],
  ])('says what is wrong with %j, and fails', async (args, message) => {
    await main(...args);
    expect(ran.printed).toBe(message);
    expect(ran.exitCode).toBe(1);
  });
});
