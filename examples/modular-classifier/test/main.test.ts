// The program as a whole: what it prints and draws, and its exit code.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { argv, exitCode } = process;
let printed: string;
let folder: string;

beforeEach(async () => {
  printed = '';
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      printed += `${line}\n`;
    });
  }
  vi.resetModules();
  folder = await mkdtemp(join(tmpdir(), 'tapegrad-'));
});

afterEach(async () => {
  process.argv = argv;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function main(...args: string[]): Promise<void> {
  process.argv = [...argv.slice(0, 2), ...args];
  await import('../src/main.ts');
}

describe('the program', () => {
  it('trains, tests one image at a time, and draws the training', { timeout: 60_000 }, async () => {
    await main('--rows', '1000', '--epochs', '40', '--show', '3', '--out', folder);
    expect(printed).toContain('MNIST: 1,000 digits to train on, all in each step; 10,000 to test with.');
    expect(printed.match(/^ +\d+ +\d\.\d{4} +0\.\d{4} +0\.\d{4} +\d+\.\d +\d+\.\d$/gm)).toHaveLength(5);
    expect(printed.match(/^image +\d+ {2}label \d {2}guess \d {2} *\d+\.\d\d %/gm)).toHaveLength(3);
    const [, right, accuracy] = /^([\d,]+) of 10,000 are right: test accuracy (0\.\d{4});/m.exec(printed)!;
    expect(Number(right!.replace(',', '')) / 10_000).toBe(Number(accuracy));
    expect(Number(accuracy)).toBeGreaterThan(0.75);
    // the test loop finds what the training reported after its last step
    expect(printed).toMatch(new RegExp(`^ +40 .* ${accuracy} `, 'm'));
    expect(printed.split('\n').filter((line) => [...line].length > 120)).toEqual([]);
    expect(await readFile(join(folder, 'training.svg'), 'utf8')).toContain('cross-entropy (nats)');
    expect(process.exitCode).toBe(exitCode);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(printed).toContain('pnpm example modular-classifier [options]');
    expect(printed).toContain('--rows N');
  });

  it.each([
    [['--rows', '0'], '--rows is "0". Expected a whole number from 1 on.\n'],
    [['--learning-rate', 'fast'], '--learning-rate is "fast". Expected a number above 0, such as 1e-4.\n'],
  ])('says what is wrong with %j, and fails', async (args, message) => {
    await main(...args);
    expect(printed).toBe(message);
    expect(process.exitCode).toBe(1);
  });
});
