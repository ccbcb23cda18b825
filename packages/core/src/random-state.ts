// The state of a stream of random numbers, as whole numbers: the way back from them to a stream.

import { mersenneFromState } from 'pure-rand/generator/mersenne';
import type { RandomGenerator as Source } from 'pure-rand/types/RandomGenerator';
import { TapegradError } from './errors.ts';

/** The words of the Mersenne Twister. A state is the index of the one that is drawn next, and these. */
const words = 624;

/**
 * The Mersenne Twister in this state.
 *
 * @throws TapegradError for what is no state of it.
 */
export function sourceAt(op: string, state: readonly number[]): Source {
  if (!Array.isArray(state) || state.length !== words + 1) {
    const given = Array.isArray(state) ? `a list of ${state.length}` : typeof state;
    throw new TapegradError(op, `the state is ${given}. Expected the ${words + 1} numbers that getState() gives.`);
  }
  const bad = state.findIndex((word, i) => (word | 0) !== word || (i === 0 && (word < 0 || word >= words)));
  if (bad !== -1) {
    const range = bad === 0 ? `in [0, ${words})` : 'of 32 bits';
    throw new TapegradError(
      op,
      `the state has ${String(state[bad])} at ${bad}. Expected a whole number ${range}, as getState() gives it.`,
    );
  }
  return mersenneFromState(state);
}
