// What can be said on a command line: described once, for reading, checking and --help.

import { parseArgs } from 'node:util';
import { nearestName, TapegradError } from '@tapegrad/core';

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

/** The largest whole number that an option takes where nothing else is said: seeds have 32 bits. */
const largest = 2 ** 32 - 1;

/** The kinds of options. */
export const options = {
  /** A whole number from `least` to `most`, both included. */
  whole: (about: string, fallback: number, least: number, most: number = largest): Option<number> => ({
    ...{ placeholder: 'N', about, shownDefault: shownNumber(fallback), fallback },
    read: (text) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= least && value <= most) return value;
      const saysMost = most < largest || value > most;
      throw new Error(`Expected a whole number from ${least} ${saysMost ? `to ${most}` : 'on'}.`);
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

/** Environment variables, as in `process.env`. */
type Environment = { readonly [name: string]: string | undefined };

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
 * @param env - in which npm leaves the options that it took for its own. Default: that of the process.
 * @throws Error with one line that says what is wrong.
 */
export function readOptions<Options extends { readonly [name: string]: Option<unknown> }>(
  { options: known }: Command<Options>,
  args: readonly string[],
  env: Environment = process.env,
): OptionValues<Options> | undefined {
  const said = parse(known, args, env);
  if (said.help === true) return undefined;
  const values = Object.entries(known).map(([name, { fallback, read }]) => {
    const value = said[dashed(name)];
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

/**
 * Refuses some options beside one that leaves them nothing to decide.
 *
 * @param alone - the option beside which the others have no place.
 * @param others - their names, in camel case.
 * @param args - that `readOptions` has accepted.
 * @throws TapegradError that names both, where `alone` is said and one of the others too.
 */
export function requireAlone<Options extends { readonly [name: string]: Option<unknown> }>(
  { options: known }: Command<Options>,
  args: readonly string[],
  alone: keyof Options & string,
  others: readonly (keyof Options & string)[],
): void {
  const said = parse(known, args, {});
  const other = others.find((name) => said[dashed(name)] !== undefined);
  if (said[dashed(alone)] === undefined || other === undefined) return;
  throw new TapegradError(
    'options',
    `--${dashed(alone)} and --${dashed(other)} exclude each other. Expected one of them.`,
  );
}

function parse(
  known: { readonly [name: string]: Option<unknown> },
  args: readonly string[],
  env: Environment,
): { readonly [name: string]: string | boolean | undefined } {
  const entries = Object.entries(known).map(([name, { placeholder }]) => {
    const type: 'string' | 'boolean' = placeholder === undefined ? 'boolean' : 'string';
    return [dashed(name), { type }] as const;
  });
  const valued = new Set(entries.flatMap(([name, { type }]) => (type === 'string' ? [`--${name}`] : [])));
  const swallowed = entries.filter(([name]) => env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  const forNpm = swallowed.length === 0 ? '' : ' With npm, put -- before options.';
  let given: { readonly [name: string]: string | boolean | undefined };
  try {
    const { values } = parseArgs({
      args: withNegatives(args, valued),
      options: { ...Object.fromEntries(entries), help: { type: 'boolean', short: 'h' } },
    });
    given = values as typeof given;
  } catch (error) {
    const [what, meant] = complaint((error as Error).message, [...entries.map(([name]) => name), 'help']);
    const words = Object.entries(known).map(([name, option]) => spoken(name, option));
    const guess = meant === undefined ? '' : ` Did you mean --${meant}?`;
    throw new Error(`${what}.${forNpm} Expected ${[...words].join(', ')} or --help.${guess}`, { cause: error });
  }
  // `--epochs=5` leaves nothing behind that could be unexpected.
  const lost = swallowed.find(([name]) => given[name] === undefined);
  if (lost !== undefined && given.help !== true)
    throw new Error(`npm took --${lost[0]} for its own option. Put -- before options.`);
  return given;
}

/** `--rate -1` as `--rate=-1`, which Node.js takes for a value. */
function withNegatives(args: readonly string[], valued: ReadonlySet<string>): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (/^-[\d.]/.test(arg) && valued.has(joined.at(-1)!)) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** What Node.js finds wrong, in our words where its own are hard to understand; and the option that may be meant. */
function complaint(message: string, names: readonly string[]): readonly [what: string, meant: string | undefined] {
  const empty = /^Option '(--[^']*)' argument is ambiguous/.exec(message)?.[1];
  if (empty !== undefined) return [`${empty} has no value, as the next word begins with a dash`, undefined];
  // Node.js goes on for three sentences about positional arguments, of which there are none here. Its first one may quote an argument
  // with a dot in it.
  const what = message.split(/(?<=')\. |\.\n/)[0]!;
  const unknown = /^Unknown option '--(.*)'$/.exec(what)?.[1];
  return [what, unknown === undefined ? undefined : nearestName(unknown, names)];
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
