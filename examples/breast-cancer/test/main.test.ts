// The program as a whole: what it prints, and its exit code.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@tapegrad/command/testing';
import { describe, expect, it, vi } from 'vitest';

function main(...args: string[]) {
  vi.resetModules();
  return runProgram(() => import('../src/main.ts'), args);
}

describe('the program', () => {
  it('runs all parts', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tapegrad-'));
    const { printed, exitCode } = await main('--epochs', '2', '--out', folder);
    expect(printed).toContain('569 rows, 30 features; 212 malignant, 357 benign.');
    expect(printed).toContain('Total params: 14,337');
    expect(printed).toContain('Epoch 2/2');
    expect(printed).toMatch(/^Validation accuracy 0\.\d{4}: \d+ of 100 rows are right\.$/m);
    expect(printed).toMatch(/^β went from 1 to between 0\.\d\d and 1\.\d\d\.$/m);
    expect(printed).toMatch(/^Accuracy 0\.9\d{3} ± 0\.0\d{3}, mean and standard deviation over the folds\.$/m);
    expect(printed).toMatch(/^── Pictures\n\nOpen \S+index\.html\n$/m);
    expect(exitCode).toBe(undefined);
    const files = ['accuracy.svg', 'confusion.svg', 'index.html', 'loss.svg', 'roc.svg', 'tape.svg'];
    expect((await readdir(folder)).sort()).toEqual(files);
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    expect(page.match(/<div class="picture"><svg /g)).toHaveLength(5);
    for (const shown of ['569 rows', 'AUC 0.99', 'dense_3', '14,337']) expect(page).toContain(shown);
    await rm(folder, { recursive: true });
  });

  it('says which folder it cannot write to before it trains', async () => {
    const { printed, exitCode } = await main('--out', '/dev/null/pictures');
    expect(printed).toMatch(
      /^OutputFolder: the folder \/dev\/null\/pictures cannot be made \(ENOTDIR.*\)\. Expected one to write to/,
    );
    expect(exitCode).toBe(1);
  });

  it('shows its help', async () => {
    const { printed } = await main('--help');
    expect(printed).toContain('--epochs N');
    expect(printed).not.toContain('Epoch 1');
  });

  it('says what is wrong with an option, and fails', async () => {
    const { printed, exitCode } = await main('--epoch', '5');
    expect(printed).toBe(
      "Unknown option '--epoch'. Expected --epochs N, --learning-rate R, --seed N, --out FOLDER or --help. Did you mean --epochs?\n",
    );
    expect(exitCode).toBe(1);
  });
});
