// What can be said on the command line.

import { parseArgs } from 'node:util';
import type { System } from './system.ts';
import { systems } from './systems.ts';

/** How each audit is printed: as a table of verdicts, or by one of gradcheck's renderers. */
export type Format = 'table' | 'details' | 'markdown' | 'derivation';

/** What the user asked for. */
export interface Options {
  readonly systems: readonly System[];
  readonly format: Format;
  /** Where the HTML goes; undefined for none. */
  readonly html: string | undefined;
  readonly help: boolean;
}

const keys: string = systems.map(({ key }) => key).join(', ');
const expected = 'Expected --system KEY, --html FILE, --details, --markdown, --derivation or --help.';

/** The text of `--help`. */
export const help: string = `Judges every formula of five backward passes that were derived by hand.

node examples/manual-vs-autograd/dist/main.js [options]
  --system KEY   only one of them: ${keys}
  --details      each audit in full, in place of the table of verdicts
  --markdown     the same as Markdown
  --derivation   each backward pass step by step, with its formulas, as Markdown
  --html FILE    writes a page for each audit, and FILE with links to them
  --help         this text`;

/**
 * Reads the arguments.
 *
 * @throws Error with one line that says what is wrong.
 */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  return {
    systems: chosen(values.system),
    format: formatOf(values),
    html: file(values.html),
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const options = { system: text, html: text, details: flag, markdown: flag, derivation: flag, help: flag } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // Node.js goes on for three sentences about positional arguments, of which there are none here.
    const [what] = (error as Error).message.split(/[.\n]/);
    throw new Error(`${what}. ${expected}`);
  }
}

function chosen(key: string | undefined): readonly System[] {
  if (key === undefined) return systems;
  const found = systems.filter((system) => system.key === key.toLowerCase());
  if (found.length > 0) return found;
  throw new Error(`--system is "${key}". Expected one of ${keys}.`);
}

function formatOf(values: { readonly [F in Format]?: unknown }): Format {
  const asked = (['details', 'markdown', 'derivation'] as const).filter((format) => values[format] === true);
  if (asked.length > 1) throw new Error(`--${asked[0]} and --${asked[1]} exclude each other. Expected one of them.`);
  return asked[0] ?? 'table';
}

function file(path: string | undefined): string | undefined {
  if (path === undefined || path.endsWith('.html')) return path;
  throw new Error(`--html is "${path}". Expected the name of a file that ends in .html.`);
}
