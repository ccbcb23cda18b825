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
  it('says where the NaN is born, trains without it, and draws what was learnt', { timeout: 60_000 }, async () => {
    await main('--epochs', '200', '--out', folder);
    expect(ran.printed).toContain('3,600 to train on, 400 held out.');
    const parts = ran.printed.split('\n── ');
    expect(parts[1]).toMatch(/^Pixels from 0 to 255: the loss as it was written\n/);
    expect(parts[1]).toContain('784–1: an infinity is born in epoch 1.\n  log: gave -Infinity at [0, ');
    expect(parts[1]).toMatch(/in layer loss at \S*losses\.ts:\d+:\d+\)/);
    expect(parts[1]).toContain('The NaN that comes of it, in epoch 1:\n  mul: gave NaN at [0, ');
    expect(parts[2]).toContain('784–1: an infinity is born in epoch 3.');
    expect(parts[3]).toMatch(/^784–1: 10 epochs without a NaN or an infinity\.$/m);
    const accuracies = [...ran.printed.matchAll(/^ {2}Held out: \d+ of 400 are right, (\d+\.\d\d) %/gm)];
    expect(accuracies).toHaveLength(4);
    for (const [, percent] of accuracies) expect(Number(percent)).toBeGreaterThan(95);
    expect(ran.printed.split('\n').filter((line) => [...line].length > 120)).toEqual([]);
    expect(ran.printed).toMatch(
      /^784–1 on 3,600 digits; the loss, every 100 epochs:\n {2}up to epoch 200: 0\.\d{5} 0\.\d{5}\n/m,
    );
    const files = ['least-certain-784-1.svg', 'least-certain-784-10-5-1.svg', 'weights.svg'];
    for (const file of files) expect(await readFile(join(folder, file), 'utf8')).toContain('<image ');
    expect(ran.exitCode).toBe(undefined);
  });

  it('says the loss at the end of a short training', { timeout: 60_000 }, async () => {
    await main('--epochs', '20', '--out', folder);
    expect(ran.printed).toMatch(/^784–1 on 3,600 digits; the loss, at the end:\n {2}epoch 20: 0\.\d{5}\n/m);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(ran.printed).toContain('npm run example -- sevens-vs-eights [options]');
    expect(ran.printed).toContain('--epochs N');
  });

  it.each([
    [['--epochs', '0'], '--epochs is "0". Expected a whole number from 1 on.\n'],
    [['--learning-rate', 'fast'], '--learning-rate is "fast". Expected a number above 0, such as 1e-4.\n'],
  ])('says what is wrong with %j, and fails', async (args, message) => {
    await main(...args);
    expect(ran.printed).toBe(message);
    expect(ran.exitCode).toBe(1);
  });
});
