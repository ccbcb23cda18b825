import { TapegradError } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { helpOf, options, readOptions, requireAlone } from '../src/options.ts';

const command = {
  usage: 'npm run example -- train',
  about: 'Trains.',
  options: {
    epochs: options.whole('how long it is trained', 1000, 1),
    learningRate: options.positive('the step size', 2e-5),
    decay: options.nonNegative('how much weights cost', 0),
    loss: options.choice('the loss', ['mse', 'bce'], 'mse'),
    out: options.text('where pictures go', 'FOLDER', 'out/train'),
    load: options.text('a model to load', 'FILE', undefined),
    port: options.whole('where', 80, 1, 65535),
    details: options.flag('says more'),
  },
} as const;

describe('readOptions', () => {
  it('has defaults', () => {
    expect(readOptions(command, [])).toEqual({
      ...{
        epochs: 1000,
        learningRate: 2e-5,
        decay: 0,
        loss: 'mse',
        out: 'out/train',
        load: undefined,
        port: 80,
        details: false,
      },
    });
  });

  it('reads values, also after =', () => {
    expect(readOptions(command, ['--epochs', '4294967295'])!.epochs).toBe(4294967295);
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
      ...{ epochs: 5, learningRate: 1e-4, decay: 0.5, loss: 'bce', out: 'a b', load: 'm', port: 80, details: true },
    });
  });

  it('has no values where help is asked for', () => {
    expect(readOptions(command, ['--epochs', '0', '--help'])).toBe(undefined);
    expect(readOptions(command, ['-h'])).toBe(undefined);
  });

  const expected =
    'Expected --epochs N, --learning-rate R, --decay R, --loss NAME, --out FOLDER, --load FILE, --port N, --details or --help.';

  it.each([
    [['--epoch', '5'], `Unknown option '--epoch'. ${expected} Did you mean --epochs?`],
    [['--hepl'], `Unknown option '--hepl'. ${expected} Did you mean --help?`],
    [['--verbose'], `Unknown option '--verbose'. ${expected}`],
    [['50'], `Unexpected argument '50'. ${expected}`],
    [['data.csv'], `Unexpected argument 'data.csv'. ${expected}`],
    [['my data. csv'], `Unexpected argument 'my data. csv'. ${expected}`],
    [['--epo.ch', '5'], `Unknown option '--epo.ch'. ${expected} Did you mean --epochs?`],
    [['--epochs', '-5'], '--epochs is "-5". Expected a whole number from 1 on.'],
    [['--learning-rate', '-.5'], '--learning-rate is "-.5". Expected a number above 0, such as 1e-4.'],
    [['-5'], `Unknown option '-5'. ${expected}`],
    [['--details', '-5'], `Unknown option '-5'. ${expected}`],
    [['--epochs', '--details'], `--epochs has no value, as the next word begins with a dash. ${expected}`],
    [['--port', '99999'], '--port is "99999". Expected a whole number from 1 to 65535.'],
    [['--port', '0'], '--port is "0". Expected a whole number from 1 to 65535.'],
    [['--epochs'], `Option '--epochs <value>' argument missing. ${expected}`],
    [['--details=5'], `Option '--details' does not take an argument. ${expected}`],
    [['--epochs', '0'], '--epochs is "0". Expected a whole number from 1 on.'],
    [['--epochs', '1.5'], '--epochs is "1.5". Expected a whole number from 1 on.'],
    [['--epochs', '4294967296'], '--epochs is "4294967296". Expected a whole number from 1 to 4294967295.'],
    [['--epochs', '5000000000'], '--epochs is "5000000000". Expected a whole number from 1 to 4294967295.'],
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

describe('readOptions of what npm has left', () => {
  const env = { npm_config_learning_rate: 'true' };

  it('says how options pass npm', () => {
    expect(() => readOptions(command, ['0.1'], env)).toThrow(
      "Unexpected argument '0.1'. With npm, put -- before options. Expected --epochs N, ",
    );
    expect(() => readOptions(command, ['0.1'], { npm_config_cache: '/c' })).toThrow(
      "Unexpected argument '0.1'. Expected --epochs N, ",
    );
  });

  it('refuses a value that npm took for its own, unless it is said again', () => {
    expect(() => readOptions(command, [], { npm_config_epochs: '5' })).toThrow(
      new Error('npm took --epochs for its own option. Put -- before options.'),
    );
    expect(readOptions(command, ['--epochs', '6'], { npm_config_epochs: '5' })!.epochs).toBe(6);
  });
});

describe('requireAlone', () => {
  it('refuses one of the others beside the one', () => {
    const check = (...args: string[]): void => requireAlone(command, args, 'load', ['epochs', 'learningRate']);
    expect(() => check('--load', 'm', '--learning-rate', '1')).toThrow(
      new TapegradError('options', '--load and --learning-rate exclude each other. Expected one of them.'),
    );
    for (const fine of [[], ['--load', 'm'], ['--epochs', '2'], ['--load', 'm', '--details']]) {
      expect(() => check(...fine)).not.toThrow();
    }
  });
});

describe('the help', () => {
  it('is a line for each option', () => {
    expect(helpOf(command)).toBe(`Trains.

npm run example -- train [options]
  --epochs N         how long it is trained (default 1000)
  --learning-rate R  the step size (default 2e-5)
  --decay R          how much weights cost (default 0)
  --loss NAME        the loss: mse, bce (default mse)
  --out FOLDER       where pictures go (default out/train)
  --load FILE        a model to load
  --port N           where (default 80)
  --details          says more
  --help             this text`);
  });
});
