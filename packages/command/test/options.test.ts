import { describe, expect, it } from 'vitest';
import { helpOf, options, readOptions } from '../src/options.ts';

const command = {
  usage: 'pnpm example train',
  about: 'Trains.',
  options: {
    epochs: options.whole('how long it is trained', 1000, 1),
    learningRate: options.positive('the step size', 2e-5),
    decay: options.nonNegative('how much weights cost', 0),
    loss: options.choice('the loss', ['mse', 'bce'], 'mse'),
    out: options.text('where pictures go', 'FOLDER', 'out/train'),
    load: options.text('a model to load', 'FILE', undefined),
    details: options.flag('says more'),
  },
} as const;

describe('readOptions', () => {
  it('has defaults', () => {
    expect(readOptions(command, [])).toEqual({
      ...{ epochs: 1000, learningRate: 2e-5, decay: 0, loss: 'mse', out: 'out/train', load: undefined, details: false },
    });
  });

  it('reads values, also after =', () => {
    const args = [
      '--epochs=5',
      '--learning-rate',
      '1e-4',
      '--decay=0.5',
      '--loss',
      'bce',
      '--out',
      'a b',
      '--load=m',
      '--details',
    ];
    expect(readOptions(command, args)).toEqual({
      ...{ epochs: 5, learningRate: 1e-4, decay: 0.5, loss: 'bce', out: 'a b', load: 'm', details: true },
    });
  });

  it('has no values where help is asked for', () => {
    expect(readOptions(command, ['--epochs', '0', '--help'])).toBe(undefined);
  });

  const expected =
    'Expected --epochs N, --learning-rate R, --decay R, --loss NAME, --out FOLDER, --load FILE, --details or --help.';

  it.each([
    [['--epoch', '5'], `Unknown option '--epoch'. ${expected}`],
    [['50'], `Unexpected argument '50'. ${expected}`],
    [['--epochs'], `Option '--epochs <value>' argument missing. ${expected}`],
    [['--details=5'], `Option '--details' does not take an argument. ${expected}`],
    [['--epochs', '0'], '--epochs is "0". Expected a whole number from 1 on.'],
    [['--epochs', '1.5'], '--epochs is "1.5". Expected a whole number from 1 on.'],
    [['--epochs', '4294967296'], '--epochs is "4294967296". Expected a whole number from 1 on.'],
    [['--epochs='], '--epochs is "". Expected a whole number from 1 on.'],
    [['--learning-rate', '0'], '--learning-rate is "0". Expected a number above 0, such as 1e-4.'],
    [['--learning-rate='], '--learning-rate is "". Expected a number above 0, such as 1e-4.'],
    [['--learning-rate', 'Infinity'], '--learning-rate is "Infinity". Expected a number above 0, such as 1e-4.'],
    [['--decay=-1'], '--decay is "-1". Expected 0 or a number above, such as 1e-4.'],
    [['--decay', ''], '--decay is "". Expected 0 or a number above, such as 1e-4.'],
    [['--loss', 'MSE'], '--loss is "MSE". Expected one of mse, bce.'],
    [['--out', ' '], '--out is " ". Expected a folder.'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(command, args)).toThrow(new Error(message));
  });
});

describe('the help', () => {
  it('is a line for each option', () => {
    expect(helpOf(command)).toBe(`Trains.

pnpm example train [options]
  --epochs N         how long it is trained (default 1000)
  --learning-rate R  the step size (default 2e-5)
  --decay R          how much weights cost (default 0)
  --loss NAME        the loss: mse, bce (default mse)
  --out FOLDER       where pictures go (default out/train)
  --load FILE        a model to load
  --details          says more
  --help             this text`);
  });
});
