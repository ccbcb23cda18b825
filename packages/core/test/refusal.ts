// The errors that tests expect, word for word.

import { TapegradError } from '../src/index.ts';

/** The error with this message, `op: what was wrong`. For `toThrow`, which with a string alone takes any part of it. */
export function refusal(message: string): TapegradError {
  const colon = message.indexOf(': ');
  return new TapegradError(message.slice(0, colon), message.slice(colon + 2));
}
