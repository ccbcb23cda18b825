// What can be said on the command line.

import { parseArgs } from 'node:util';

/** What the user asked for. */
export interface Options {
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly help: boolean;
}

const defaults = { epochs: 1000, learningRate: 2e-5, seed: 1 } as const;

/** The text of `--help`. */
export const help: string = `Trains a network that tells malignant from benign tumours.

npm start -- [options]
  --epochs N         how long the first network is trained (default ${defaults.epochs})
  --learning-rate R  the step size of its training (default ${defaults.learningRate.toExponential()})
  --seed N           decides all random numbers: the same seed gives the same run (default ${defaults.seed})
  --help             this text`;

/**
 * Reads the arguments.
 *
 * @throws Error with one line that says what is wrong.
 */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  return {
    epochs: wholeNumber('--epochs', values.epochs, 1) ?? defaults.epochs,
    learningRate: positive('--learning-rate', values['learning-rate']) ?? defaults.learningRate,
    seed: wholeNumber('--seed', values.seed, 0) ?? defaults.seed,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { epochs: text, 'learning-rate': text, seed: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // Node.js goes on for three sentences about positional arguments, of which there are none here.
    const [what] = (error as Error).message.split(/[.\n]/);
    throw new Error(`${what}. Expected --epochs N, --learning-rate R, --seed N or --help.`);
  }
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value < 2 ** 32) return value;
  throw new Error(`${option} is "${text}". Expected a whole number from ${least} on.`);
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`${option} is "${text}". Expected a number above 0, such as 1e-4.`);
}
