// Results that agree but for rounding.

import type { Tensor } from '@tapegrad/core';
import { expect } from 'vitest';

/** How far compiled and eager results may be apart, relative to their size, or to 1. */
export const tolerances = { float32: 1e-5, float64: 1e-12 } as const;

/** Compares shape, dtype and elements: NaN with NaN, an infinity with the same, all else to within `relative`. */
export function expectClose(found: Tensor, expected: Tensor, relative: number): void {
  expect(found.shape).toEqual(expected.shape);
  expect(found.dtype).toBe(expected.dtype);
  const [x, y] = [found.toData(), expected.toData()];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!];
    if (Object.is(a, b)) continue;
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
    expect(difference, `element ${i}: ${a}, expected ${b}`).toBeLessThanOrEqual(relative);
  }
}
