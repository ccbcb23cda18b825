// How far a result is from the exact one, in units in the last place.

import type { MathKind } from '../../src/math/ieee.ts';

const formats = {
  f32: { digits: 24, least: -126, overflow: 2 ** 128 },
  f64: { digits: 53, least: -1022, overflow: Number.POSITIVE_INFINITY },
} as const;

const word = new DataView(new ArrayBuffer(8));

/** ⌊log₂ x⌋ of a normal float64. */
function exponentOf(x: number): number {
  word.setFloat64(0, x);
  return ((word.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/**
 * The distance of a result from the exact value (for float32 to float64's precision) in units in the last place of
 * that value. Infinite where only one is NaN, signs of zeros differ, or it is infinite by more than rounding.
 */
export function ulps(type: MathKind['type'], got: number, want: number): number {
  const { digits, least, overflow } = formats[type];
  const nearest = type === 'f32' ? Math.fround(want) : want;
  if (Object.is(got, nearest)) return type === 'f32' && Number.isFinite(nearest) ? distance() : 0;
  if (Number.isNaN(got) || Number.isNaN(want) || want === 0 || !Number.isFinite(want)) return Number.POSITIVE_INFINITY;
  if (got === 0 && Object.is(got, 0) !== want > 0) return Number.POSITIVE_INFINITY;
  return distance();

  function distance(): number {
    const bounded = Number.isFinite(got) ? got : Math.sign(got) * overflow;
    return Math.abs(bounded - want) / 2 ** (Math.max(exponentOf(want), least) - digits + 1);
  }
}
