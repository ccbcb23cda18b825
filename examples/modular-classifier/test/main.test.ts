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
  it('trains, tests one image at a time, and draws the training', { timeout: 60_000 }, async () => {
    await main('--rows', '1000', '--epochs', '40', '--show', '3', '--out', folder);
    expect(ran.printed).toContain('MNIST: 1,000 digits to train on, all in each step; 10,000 to test with.');
    expect(ran.printed.match(/^ +\d+ +\d\.\d{4} +0\.\d{4} +0\.\d{4} +\d+\.\d +\d+\.\d$/gm)).toHaveLength(5);
    expect(ran.printed.match(/^image +\d+ {2}label \d {2}guess \d {2} *\d+\.\d\d %/gm)).toHaveLength(3);
    const [, right, accuracy] = /^([\d,]+) of 10,000 are right: test accuracy (0\.\d{4});/m.exec(ran.printed)!;
    expect(Number(right!.replace(',', '')) / 10_000).toBe(Number(accuracy));
    expect(Number(accuracy)).toBeGreaterThan(0.75);
    // the test loop finds what the training reported after its last step
    expect(ran.printed).toMatch(new RegExp(`^ +40 .* ${accuracy} `, 'm'));
    expect(ran.printed.split('\n').filter((line) => [...line].length > 120)).toEqual([]);
    expect(await readFile(join(folder, 'training.svg'), 'utf8')).toContain('cross-entropy (nats)');
    expect(ran.exitCode).toBe(undefined);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(ran.printed).toContain('npm run example -- modular-classifier [options]');
    expect(ran.printed).toContain('--rows N');
  });

  it.each([
    [['--rows', '0'], '--rows is "0". Expected a whole number from 1 to 60000.\n'],
    [['--rows', '60001'], '--rows is "60001". Expected a whole number from 1 to 60000.\n'],
    [['--learning-rate', 'fast'], '--learning-rate is "fast". Expected a number above 0, such as 1e-4.\n'],
  ])('says what is wrong with %j, and fails', async (args, message) => {
    await main(...args);
    expect(ran.printed).toBe(message);
    expect(ran.exitCode).toBe(1);
  });
});
