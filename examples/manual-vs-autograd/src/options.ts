// What can be said on the command line.

import { type Command, type Option, type OptionValues, options } from '@tapegrad/command';
import { TapegradError } from '@tapegrad/core';
import type { System } from './system.ts';
import { systems } from './systems.ts';

/** How each audit is printed: as a table of verdicts, or by one of gradcheck's renderers. */
export type Format = 'table' | 'details' | 'markdown' | 'derivation';

const everySystem = 'all';

type Known = {
  readonly [name in 'details' | 'markdown' | 'derivation']: Option<boolean>;
} & { readonly system: Option<string>; readonly seed: Option<number>; readonly html: Option<string | undefined> };

/** The command line, for `readOptions`. */
export const command: Command<Known> = {
  usage: 'npm run example -- manual-vs-autograd',
  about: 'Judges every formula of five backward passes that were derived by hand.',
  options: {
    system: options.choice('which one', [everySystem, ...systems.map(({ key }) => key)], everySystem),
    details: options.flag('each audit in full, in place of the table of verdicts'),
    markdown: options.flag('the same as Markdown'),
    derivation: options.flag('each backward pass step by step, with its formulas, as Markdown'),
    seed: options.whole('decides the weights that formulas are tried on', 1, 1),
    html: options.text('writes a page for each audit, and FILE with links to them', 'FILE', undefined),
  },
};

/** What was said. */
export type Options = OptionValues<Known>;

/** The systems that are asked for. */
export function chosenSystems({ system }: Options): readonly System[] {
  return system === everySystem ? systems : systems.filter(({ key }) => key === system);
}

/** @throws TapegradError where several are asked for. */
export function formatOf(values: Pick<Options, Exclude<Format, 'table'>>): Format {
  const asked = (['details', 'markdown', 'derivation'] as const).filter((format) => values[format]);
  if (asked.length > 1) {
    throw new TapegradError('options', `--${asked[0]} and --${asked[1]} exclude each other. Expected one of them.`);
  }
  return asked[0] ?? 'table';
}

/** The file for the links, if one is wanted. @throws TapegradError where it is no HTML file. */
export function htmlFile({ html }: Options): string | undefined {
  if (html === undefined || html.endsWith('.html')) return html;
  throw new TapegradError('options', `--html is "${html}". Expected the name of a file that ends in .html.`);
}
