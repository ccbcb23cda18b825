// The error function: a polynomial near 0; farther off 1 less an exponential, whose exponent is a polynomial.

import type { Expression, Local } from '../assembler/expression.ts';
import { v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { exponentialParts } from './exponential.ts';
import { choose, floatsOf, type MathKind, polynomial, powerOfTwo, signOf } from './ieee.ts';

const tables = {
  f32: {
    // erf(t)/t − 1 in t², below `near`: relative error of erf below 2^−29
    near: 0.9,
    small: [
      0.12837916612625122, -0.37612631916999817, 0.1128368154168129, -0.026859022676944733, 0.005200721323490143,
      -0.0008144142339006066, 8.392140443902463e-5,
    ],
    // log erfc(t) in t − `center` up to `far`, from which erf is 1: relative error of erf below 2^−28
    center: 0.9765625,
    large: [
      -1.788217306137085, -2.5995161533355713, -0.8401525616645813, -0.04248823970556259, 0.010180681012570858,
      -0.0019011120311915874, 0.00019717025861609727,
    ],
    far: 4,
  },
  f64: {
    // below 2^−55
    near: 1,
    small: [
      0.12837916709551256, -0.3761263890318347, 0.11283791670943216, -0.02686617064302546, 0.005223977605713595,
      -0.0008548325918597029, 0.00012055293424300123, -1.492471154702143e-5, 1.644714088458146e-6,
      -1.6206485736011926e-7, 1.3712033994334327e-8, -7.781846527718198e-10,
    ],
    // below 2^−54
    center: 1,
    large: [
      -1.8496055099332485, -2.6389675142347273, -0.8431072563620006, -0.041561097970667246, 0.010033824589930252,
      -0.001977897443044735, 0.00023730091561139445, 2.6339582519650768e-5, -2.7283596419833032e-5,
      9.790263311793011e-6, -2.2534778925938234e-6, 2.956623739382457e-7, 8.542367396728416e-9, -1.404504722494909e-8,
      3.239998523746867e-9, -3.6734016630694315e-10, 1.7643089197790274e-11,
    ],
    far: 6,
  },
} as const;

/** 2/√π times the integral of e^(−t²) from 0 to x. */
export function erf(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant, multiplyAdd, multiplySubtract } = floats;
  const { near, small, center, large, far } = tables[kind.type];
  const t = steps.keep(real.pmin(real.abs(x), constant(far)));
  const square = steps.keep(real.mul(t, t));
  const below = multiplyAdd(t, polynomial(floats, square, small), t);
  const shifted = steps.keep(real.sub(t, constant(center)));
  const exponent = steps.keep(polynomial(floats, shifted, large));
  // erf t = 1 − e^exponent = (1 − 2ⁿ) − 2ⁿ·(eʳ − 1)
  const { n, p } = exponentialParts(steps, floats, exponent);
  const power = steps.keep(powerOfTwo(floats, n.biased));
  const above = multiplySubtract(power, p, real.sub(constant(1), power));
  return v128.or(choose(real.lt(t, constant(near)), below, above), signOf(floats, x));
}
