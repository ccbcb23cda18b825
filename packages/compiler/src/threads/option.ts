// How many threads a compiled function is asked to use.

import { TapegradError } from '@tapegrad/core';
import { mostThreads } from './control.ts';

/** The environment variable that says how many, where the option does not. */
const variable = 'TAPEGRAD_THREADS';

/**
 * The number of threads that is wanted: that of the option, or of `TAPEGRAD_THREADS`, or 1; at most 32.
 *
 * @throws TapegradError where it is no whole number from 1 on.
 */
export function threadsWanted(
  option: number | undefined,
  env: { readonly [name: string]: string | undefined },
): number {
  const said = env[variable] ?? '';
  if (option === undefined && said === '') return 1;
  const threads = option ?? Number(said);
  if (!Number.isInteger(threads) || threads < 1) {
    const what = option === undefined ? `${variable} is ${JSON.stringify(said)}` : `threads is ${String(option)}`;
    throw new TapegradError('compile', `${what}. Expected a whole number >= 1.`);
  }
  return Math.min(threads, mostThreads);
}
