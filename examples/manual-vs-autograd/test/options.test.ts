// What the command line takes, and what it refuses.

import { describe, expect, it } from 'vitest';
import { readOptions } from '../src/options.ts';

describe('options', () => {
  it('takes all systems and prints tables where nothing is said', () => {
    const { systems, ...rest } = readOptions([]);
    expect(systems.map(({ key }) => key).join('')).toBe('abcde');
    expect(rest).toEqual({ format: 'table', html: undefined, help: false });
  });

  it('takes one system, a format and a file', () => {
    const { systems, format, html } = readOptions(['--system', 'C', '--markdown', '--html', 'out.html']);
    expect(systems.map(({ key }) => key)).toEqual(['c']);
    expect([format, html]).toEqual(['markdown', 'out.html']);
  });

  it.each([
    [['--system', 'f'], '--system is "f". Expected one of a, b, c, d, e.'],
    [['--html', 'out'], '--html is "out". Expected the name of a file that ends in .html.'],
    [['--markdown', '--details'], '--details and --markdown exclude each other. Expected one of them.'],
    [
      ['--sytem', 'a'],
      "Unknown option '--sytem'. Expected --system KEY, --html FILE, --details, --markdown, --derivation or --help.",
    ],
    [
      ['a'],
      "Unexpected argument 'a'. Expected --system KEY, --html FILE, --details, --markdown, --derivation or --help.",
    ],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(new Error(message));
  });
});
