// The program as a whole: what it prints, and its exit code.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { argv, exitCode } = process;
let printed: string;

beforeEach(() => {
  printed = '';
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      printed += `${line}\n`;
    });
  }
  vi.resetModules();
});

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

async function main(...args: string[]): Promise<void> {
  process.argv = [...argv.slice(0, 2), ...args];
  await import('../src/main.ts');
}

describe('the program', () => {
  it('runs all parts', { timeout: 120_000 }, async () => {
    await main('--epochs', '2');
    expect(printed).toContain('569 rows, 30 features; 212 malignant, 357 benign.');
    expect(printed).toContain('Total params: 14,337');
    expect(printed).toContain('Epoch 2/2');
    expect(printed).toMatch(/^Validation accuracy 0\.\d{4}: \d+ of 100 rows are right\.$/m);
    expect(printed).toMatch(/^β went from 1 to between 0\.\d\d and 1\.\d\d\.$/m);
    expect(printed).toMatch(/^Accuracy 0\.9\d{3} ± 0\.0\d{3}, mean and standard deviation over the folds\.$/m);
    expect(process.exitCode).toBe(exitCode);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(printed).toContain('--epochs N');
    expect(printed).not.toContain('Epoch 1');
  });

  it('says what is wrong with an option, and fails', async () => {
    await main('--epoch', '5');
    expect(printed).toBe("Unknown option '--epoch'. Expected --epochs N, --learning-rate R, --seed N or --help.\n");
    expect(process.exitCode).toBe(1);
  });
});
