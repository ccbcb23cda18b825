// eˣ and eˣ − 1: x = n·ln 2 + r, and a polynomial for r.

import type { Expression, Local } from '../assembler/expression.ts';
import type { Steps } from '../assembler/steps.ts';
import {
  choose,
  clamp,
  type Floats,
  floatsOf,
  ln2Parts,
  type MathKind,
  polynomial,
  powerOfTwo,
  roundedProduct,
  scaled,
  type Whole,
} from './ieee.ts';

const tables = {
  f32: {
    // (eʳ − 1 − r)/r² on |r| ≤ ½·ln 2: relative error of eʳ − 1 below 2^−31
    terms: [
      0.5, 0.1666666716337204, 0.04166647791862488, 0.008333188481628895, 0.0013933730078861117, 0.0001996183127630502,
    ],
    // beyond these the result is 0, infinity or −1
    least: -104,
    most: 89,
    leastMinus1: -18,
    mostMinus1: 88.8,
    itself: 2 ** -25,
  },
  f64: {
    // relative error of eʳ − 1 below 2^−55
    terms: [
      0.5000000000000006, 0.16666666666666688, 0.04166666666657299, 0.008333333333313498, 0.0013888888932674932,
      0.00019841269905294386, 2.4801504017643334e-5, 2.755722596676625e-6, 2.762651888495663e-7, 2.5115096506120153e-8,
    ],
    least: -746,
    most: 710,
    leastMinus1: -40,
    mostMinus1: 709.9,
    itself: 2 ** -54,
  },
} as const;

/** The coefficients of (eʳ − 1 − r)/r². */
export const exponentialTerms: { readonly [T in MathKind['type']]: readonly number[] } = {
  f32: tables.f32.terms,
  f64: tables.f64.terms,
};

/** n and eʳ − 1, where x = n·ln 2 + r with |r| ≤ ½·ln 2. x must not overflow n. */
export function exponentialParts(
  steps: Steps,
  floats: Floats,
  x: Local<'v128'>,
): { readonly n: Whole; readonly p: Local<'v128'> } {
  const { real, constant, multiplyAdd, multiplySubtract } = floats;
  const { terms } = tables[floats.type];
  const ln2 = ln2Parts[floats.type];
  const whole = roundedProduct(steps, floats, x, constant(Math.LOG2E));
  const high = multiplySubtract(whole.n, constant(ln2[0]), x);
  const r = steps.keep(multiplySubtract(whole.n, constant(ln2[1]), high));
  return { n: whole, p: steps.keep(multiplyAdd(real.mul(r, r), polynomial(floats, r, terms), r)) };
}

/** eˣ where x is not above `most`; it may be so far below that the result is 0. */
export function exponentialBelow(steps: Steps, floats: Floats, x: Expression<'v128'>): Expression<'v128'> {
  const { real, constant } = floats;
  const limited = steps.keep(real.pmax(x, constant(tables[floats.type].least)));
  const { n, p } = exponentialParts(steps, floats, limited);
  return scaled(steps, floats, real.add(p, constant(1)), n);
}

/** eˣ. Results below the least normal number are rounded as any other. */
export function exp(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  return exponentialBelow(steps, floats, floats.real.pmin(x, floats.constant(tables[kind.type].most)));
}

/** eˣ − 1, without loss where x is near 0. */
export function expm1(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant, multiplyAdd } = floats;
  const { leastMinus1, mostMinus1, itself } = tables[kind.type];
  const limited = steps.keep(clamp(floats, x, leastMinus1, mostMinus1));
  const { n, p } = exponentialParts(steps, floats, limited);
  // eˣ − 1 = 2·(2ⁿ⁻¹·p + (2ⁿ⁻¹ − ½)): 2ⁿ itself may be too large
  const half = steps.keep(powerOfTwo(floats, n.biased, -1));
  const sum = steps.keep(multiplyAdd(half, p, real.sub(half, constant(0.5))));
  // halves of the smallest numbers would be rounded, and the sum of −0 and 0 is 0
  return choose(real.lt(real.abs(x), constant(itself)), x, real.add(sum, sum));
}
