// Numbers that agree but for rounding, in any nesting: compiled and eager computations round differently.

import { expect } from 'vitest';

/** Compares each number to within `relative` of the larger, or of 1. */
export function expectClose(found: unknown, expected: unknown, relative: number): void {
  const [numbers, others] = [flat(found), flat(expected)];
  expect(numbers.length).toBe(others.length);
  numbers.forEach((value, i) => {
    const other = others[i]!;
    expect(Math.abs(value - other), `${value} against ${other}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value), Math.abs(other)),
    );
  });
}

function flat(nested: unknown): number[] {
  return Array.isArray(nested) ? nested.flatMap(flat) : [nested as number];
}
