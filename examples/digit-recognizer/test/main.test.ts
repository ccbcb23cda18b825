// The program as a whole at a small size: what it prints and writes, and its exit code. The page: page/browser.test.ts.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, runProgram } from '@tapegrad/command/testing';
import { parseWeights } from '@tapegrad/nn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let ran: Ran;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digits-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function main(...args: string[]): Promise<void> {
  vi.resetModules();
  ran = await runProgram(() => import('../src/main.ts'), args);
}

/** Numbers that stand behind a text, in the order of printing. */
function numbersAfter(text: string): number[] {
  return Array.from(ran.printed.matchAll(new RegExp(`${text} ([\\d.]+)`, 'g')), ([, number]) => Number(number));
}

describe('the program', () => {
  it('trains, measures, and leaves weights that it can load', { timeout: 120_000 }, async () => {
    await main('--epochs', '3', '--limit', '2000', '--out', folder);
    expect(ran.exitCode).toBe(undefined);
    expect(ran.printed).toContain('Total params: 70,090');
    expect(ran.printed).toContain('MNIST: 2,000 digits to train on, 10,000 to validate with, 10,000 to test with.');
    expect(ran.printed).toMatch(
      /^Epoch 2\/3 {2}cost \d\.\d{4} {2}accuracy \d\d\.\d\d % {2}validation: \d\d\.\d\d %, cost \d\.\d{4} \(−0\.\d{4}\) {2}\d+\.\d s, \d+\.\d\d ms a batch$/m,
    );
    const costs = numbersAfter('3  cost');
    expect(costs).toHaveLength(3);
    expect(costs[2]!).toBeLessThan(costs[0]! / 2);
    const [, , , validation, test] = numbersAfter('(?:validation|test):');
    expect(validation!).toBeGreaterThan(80);
    expect(test!).toBeGreaterThan(75);
    expect((await readdir(folder)).sort()).toEqual(['curves.svg', 'model.json', 'page-model.json']);
    expect(await readFile(join(folder, 'curves.svg'), 'utf8')).toContain('validation');
    const { sizes } = parseWeights(await readFile(join(folder, 'model.json'), 'utf8'));
    expect(sizes).toEqual([784, 80, 80, 10]);

    await main('--load', join(folder, 'model.json'));
    expect(ran.printed).toContain('model.json holds 70,090 numbers.');
    expect(numbersAfter('(?:validation|test):')).toEqual([validation, test]);
  });

  it('trains by squared errors too', { timeout: 120_000 }, async () => {
    await main('--loss', 'squared-error', '--epochs', '2', '--limit', '1000', '--out', folder);
    expect(ran.printed).toContain('squared-error; seed 1.');
    const [first, second] = numbersAfter('2  cost');
    expect(second!).toBeLessThan(first!);
    expect(first!).toBeLessThan(1); // Σ (ŷ − y)² is 0.9 for ten equal probabilities
  });

  it('ends where the loss is lost, says so in a line, and fails', { timeout: 120_000 }, async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await main('--epochs', '3', '--limit', '500', '--learning-rate', '1e30', '--out', folder);
    warn.mockRestore();
    expect(ran.printed).toMatch(
      /^train: the loss is NaN in epoch 1\. Expected a number; try a learning rate below 1e\+30\.$/m,
    );
    expect(ran.printed).not.toContain('Epoch 2/3');
    expect(ran.exitCode).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [['--load', 'model.json', '--epochs', '5'], '--load and --epochs'],
    [['--build-page', 'site', '--limit', '5'], '--build-page and --limit'],
    [['--page', '--seed', '5'], '--page and --seed'],
    [['--page', '--build-page', 'site'], '--page and --build-page'],
  ])('refuses %j together', async (args, both) => {
    await main(...args);
    expect(ran.printed).toBe(`options: ${both} exclude each other. Expected one of them.\n`);
    expect(ran.exitCode).toBe(1);
  });

  it.each([
    [['--limit', '50001'], '--limit is "50001". Expected a whole number from 1 to 50000.'],
    [['--port', '99999'], '--port is "99999". Expected a whole number from 1 to 65535.'],
  ])('refuses %j', async (args, message) => {
    await main(...args);
    expect(ran.printed).toBe(`${message}\n`);
    expect(ran.exitCode).toBe(1);
  });

  it('does the same again with the same seed', { timeout: 120_000 }, async () => {
    const args = ['--epochs', '1', '--limit', '500', '--out', folder];
    await main(...args);
    const first = await readFile(join(folder, 'model.json'), 'utf8');
    await main(...args);
    expect(await readFile(join(folder, 'model.json'), 'utf8')).toBe(first);
  });

  it('says that weights are of other sizes, and fails', async () => {
    const path = join(folder, 'small.json');
    await writeFile(path, '{"sizes":[2,1],"weights":[[[1,2]]],"biases":[[0]]}');
    await main('--load', path);
    expect(ran.printed).toBe(
      `loadWeights: ${path}: sizes are [2, 1], those of the model sequential [784, 80, 80, 10]. Expected the same.\n`,
    );
    expect(ran.exitCode).toBe(1);
  });

  it('does not empty a folder that is not its own', async () => {
    const target = join(folder, 'precious');
    await mkdir(target);
    await writeFile(join(target, 'thesis.txt'), 'all of it');
    await main('--build-page', target);
    expect(ran.printed).toBe(
      `page: ${target} has other files in it. Expected an empty folder, or one that the page was built into.\n`,
    );
    expect(ran.exitCode).toBe(1);
    expect(await readdir(target)).toEqual(['thesis.txt']);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(ran.printed).toContain('--build-page FOLDER');
    expect(ran.printed).not.toContain('Epoch 1');
  });

  it('says what is wrong with an option, and fails', async () => {
    await main('--loss', 'hinge');
    expect(ran.printed).toBe('--loss is "hinge". Expected one of cross-entropy, squared-error.\n');
    expect(ran.exitCode).toBe(1);
  });
});
