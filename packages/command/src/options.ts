// What can be said on a command line: described once, for reading, checking and --help.

import { parseArgs } from 'node:util';

/** One option: how its value is read, and what stands for it where nothing is said. */
export interface Option<T> {
  /** What stands for the value in the help; none of a flag. */
  readonly placeholder: string | undefined;
  /** A few words for the help. */
  readonly about: string;
  /** What the help shows as the default; undefined where there is nothing to show. */
  readonly shownDefault: string | undefined;
  readonly fallback: T;
  /** The value of a text. @throws Error whose message goes on after `--option is "text".` */
  readonly read: (text: string) => T;
}

/** The kinds of options. */
export const options = {
  /** A whole number, at least `least`. */
  whole: (about: string, fallback: number, least: number): Option<number> => ({
    ...{ placeholder: 'N', about, shownDefault: shownNumber(fallback), fallback },
    read: (text) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= least && value < 2 ** 32) return value;
      throw new Error(`Expected a whole number from ${least} on.`);
    },
  }),

  /** A number above 0. */
  positive: (about: string, fallback: number): Option<number> => ({
    ...{ placeholder: 'R', about, shownDefault: shownNumber(fallback), fallback },
    read: (text) => {
      const value = Number(text);
      if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
      throw new Error('Expected a number above 0, such as 1e-4.');
    },
  }),

  /** A number, 0 or more. */
  nonNegative: (about: string, fallback: number): Option<number> => ({
    ...{ placeholder: 'R', about, shownDefault: shownNumber(fallback), fallback },
    read: (text) => {
      const value = Number(text);
      if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
      throw new Error('Expected 0 or a number above, such as 1e-4.');
    },
  }),

  /** A text that is not empty, such as a path. */
  text: (about: string, placeholder: string, fallback: string | undefined): Option<string | undefined> => ({
    ...{ placeholder, about, shownDefault: fallback, fallback },
    read: (text) => {
      if (text.trim() !== '') return text;
      throw new Error(`Expected a ${placeholder.toLowerCase()}.`);
    },
  }),

  /** One of some words. */
  choice: <T extends string>(about: string, words: readonly T[], fallback: T): Option<T> => ({
    ...{ placeholder: 'NAME', about: `${about}: ${words.join(', ')}`, shownDefault: fallback, fallback },
    read: (text) => {
      const found = words.find((word) => word === text);
      if (found !== undefined) return found;
      throw new Error(`Expected one of ${words.join(', ')}.`);
    },
  }),

  /** Said or not. */
  flag: (about: string): Option<boolean> => ({
    ...{ placeholder: undefined, about, shownDefault: undefined, fallback: false },
    read: () => true,
  }),
} as const;

/** A program: its name, what it does, and its options by their names in camel case. */
export interface Command<Options extends { readonly [name: string]: Option<unknown> }> {
  /** How it is called, in full. */
  readonly usage: string;
  /** A sentence. */
  readonly about: string;
  readonly options: Options;
}

/** The values of options. */
export type OptionValues<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never;
};

/**
 * The values that are said, and the defaults of the others; undefined where `--help` is asked for.
 *
 * ```ts
 * import { options, readOptions } from '@tapegrad/command';
 *
 * const command = {
 *   usage: 'train',
 *   about: 'Trains.',
 *   options: { epochs: options.whole('how long', 10, 1), learningRate: options.positive('step size', 0.1) },
 * };
 * readOptions(command, ['--learning-rate', '0.5']); // { epochs: 10, learningRate: 0.5 }
 * ```
 *
 * @throws Error with one line that says what is wrong.
 */
export function readOptions<Options extends { readonly [name: string]: Option<unknown> }>(
  { options: known }: Command<Options>,
  args: readonly string[],
): OptionValues<Options> | undefined {
  const given = parse(known, args);
  if (given.help === true) return undefined;
  const values = Object.entries(known).map(([name, { fallback, read }]) => {
    const value = given[dashed(name)];
    if (value === undefined) return [name, fallback];
    if (typeof value === 'boolean') return [name, value];
    try {
      return [name, read(value)];
    } catch (error) {
      throw new Error(`--${dashed(name)} is "${value}". ${(error as Error).message}`, { cause: error });
    }
  });
  return Object.fromEntries(values) as OptionValues<Options>;
}

function parse(
  known: { readonly [name: string]: Option<unknown> },
  args: readonly string[],
): { readonly [name: string]: string | boolean | undefined } {
  const entries = Object.entries(known).map(([name, { placeholder }]) => {
    const type: 'string' | 'boolean' = placeholder === undefined ? 'boolean' : 'string';
    return [dashed(name), { type }] as const;
  });
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(entries), help: { type: 'boolean' } },
    });
    return values as { readonly [name: string]: string | boolean | undefined };
  } catch (error) {
    // Node.js goes on for three sentences about positional arguments, of which there are none here.
    const [what] = (error as Error).message.split(/[.\n]/);
    const words = Object.entries(known).map(([name, option]) => spoken(name, option));
    throw new Error(`${what}. Expected ${[...words].join(', ')} or --help.`, { cause: error });
  }
}

/** The text of `--help`. */
export function helpOf(command: Command<{ readonly [name: string]: Option<unknown> }>): string {
  const rows = Object.entries(command.options).map(([name, option]) => {
    const { about, shownDefault } = option;
    return [spoken(name, option), shownDefault === undefined ? about : `${about} (default ${shownDefault})`] as const;
  });
  const lines = [...rows, ['--help', 'this text'] as const];
  const width = Math.max(...lines.map(([left]) => left.length));
  return [
    command.about,
    '',
    `${command.usage} [options]`,
    ...lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}

function spoken(name: string, { placeholder }: Option<unknown>): string {
  return `--${dashed(name)}${placeholder === undefined ? '' : ` ${placeholder}`}`;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function shownNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}
