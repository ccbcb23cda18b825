// The command line.

import { describe, expect, it } from 'vitest';
import { readOptions } from '../src/options.ts';

describe('readOptions', () => {
  it('has defaults', () => {
    expect(readOptions([])).toEqual({ epochs: 1000, learningRate: 2e-5, seed: 1, help: false });
  });

  it('reads numbers, also after =', () => {
    const options = readOptions(['--epochs', '50', '--learning-rate', '1e-4', '--seed=0']);
    expect(options).toEqual({ epochs: 50, learningRate: 1e-4, seed: 0, help: false });
  });

  it('reads --help', () => {
    expect(readOptions(['--help']).help).toBe(true);
  });

  const expected = 'Expected --epochs N, --learning-rate R, --seed N or --help.';

  it.each([
    [['--epoch', '5'], `Unknown option '--epoch'. ${expected}`],
    [['50'], `Unexpected argument '50'. ${expected}`],
    [['--epochs'], `Option '--epochs <value>' argument missing. ${expected}`],
    [['--epochs', '0'], '--epochs is "0". Expected a whole number from 1 on.'],
    [['--epochs', '1.5'], '--epochs is "1.5". Expected a whole number from 1 on.'],
    [['--epochs='], '--epochs is "". Expected a whole number from 1 on.'],
    [['--epochs', 'many'], '--epochs is "many". Expected a whole number from 1 on.'],
    [['--learning-rate', '0'], '--learning-rate is "0". Expected a number above 0, such as 1e-4.'],
    [['--learning-rate', 'fast'], '--learning-rate is "fast". Expected a number above 0, such as 1e-4.'],
    [['--seed=-1'], '--seed is "-1". Expected a whole number from 0 on.'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(new Error(message));
  });
});
