// What a test expects of a refusal.

import { expect } from 'vitest';

/** Matches a mistake that tapegrad reports in exactly these words. */
export function mistake(message: string): Error {
  return expect.objectContaining({ name: 'TapegradError', message }) as Error;
}
