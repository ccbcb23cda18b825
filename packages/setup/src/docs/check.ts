// The check behind `expression; // → text` in the code of the documentation.

/**
 * Compares a value with what the documentation says it is.
 * @param at where it says so, as `file:line`
 * @throws if `String(value)` is not the text; runs of white space count as one space.
 */
export function check(value: unknown, text: string, at: string): void {
  const actual = collapse(String(value));
  const expected = collapse(text);
  if (actual !== expected) throw new Error(`${at} says → ${expected}, but the value is → ${actual}`);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
