// What the command line takes, and what it refuses.

import { readOptions } from '@tapegrad/command';
import { describe, expect, it } from 'vitest';
import { chosenSystems, command, formatOf, htmlFile } from '../src/options.ts';

const read = (...args: string[]) => readOptions(command, args)!;

describe('options', () => {
  it('takes all systems and prints tables where nothing is said', () => {
    const options = read();
    const keys = chosenSystems(options).map(({ key }) => key);
    expect([keys.join(''), formatOf(options), htmlFile(options)]).toEqual(['abcde', 'table', undefined]);
  });

  it('takes one system, a format and a file', () => {
    const options = read('--system', 'c', '--markdown', '--html', 'out.html');
    const keys = chosenSystems(options).map(({ key }) => key);
    expect([keys.join(''), formatOf(options), htmlFile(options)]).toEqual(['c', 'markdown', 'out.html']);
  });

  it('refuses what it cannot do', () => {
    expect(() => read('--system', 'f')).toThrow('--system is "f". Expected one of all, a, b, c, d, e.');
    expect(() => read('--sytem', 'a')).toThrow("Unknown option '--sytem'. Expected --system NAME, --details, ");
    const twice = read('--markdown', '--details');
    expect(() => formatOf(twice)).toThrow(
      'options: --details and --markdown exclude each other. Expected one of them.',
    );
    const noPage = read('--html', 'out');
    expect(() => htmlFile(noPage)).toThrow('options: --html is "out". Expected the name of a file that ends in .html.');
  });
});
