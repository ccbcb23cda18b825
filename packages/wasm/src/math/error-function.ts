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
    // log erfc(t) in t − 2 up to `far`, from which erf is 1: relative error of erf below 2^−28
    large: [
      -5.364941120147705, -4.418160915374756, -0.9237604737281799, -0.01649446412920952, 0.00355833163484931,
      -0.0006831932114437222, 0.00019917977624572814,
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
    large: [
      -5.364941264616632, -4.418160805994329, -0.923750841824053, -0.01646511814064735, 0.0035707563438314104,
      -0.0007323993513156257, 0.00013530938080019993, -2.070654465344945e-5, 1.952004383260447e-6,
      2.0380922157048956e-7, -1.7287667332827527e-7, 5.765683426563709e-8, -1.4233034206892938e-8, 2.627014972829189e-9,
      -1.5314326258376763e-10, -8.561364990051049e-11, 1.7783589252754513e-11,
    ],
    far: 6,
  },
} as const;

/** 2/√π times the integral of e^(−t²) from 0 to x. */
export function erf(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant, multiplyAdd, multiplySubtract } = floats;
  const { near, small, large, far } = tables[kind.type];
  const t = steps.keep(real.pmin(real.abs(x), constant(far)));
  const square = steps.keep(real.mul(t, t));
  const below = multiplyAdd(t, polynomial(floats, square, small), t);
  const shifted = steps.keep(real.sub(t, constant(2)));
  const exponent = steps.keep(polynomial(floats, shifted, large));
  // erf t = 1 − e^exponent = (1 − 2ⁿ) − 2ⁿ·(eʳ − 1)
  const { n, p } = exponentialParts(steps, floats, exponent);
  const power = steps.keep(powerOfTwo(floats, n.biased));
  const above = multiplySubtract(power, p, real.sub(constant(1), power));
  return v128.or(choose(real.lt(t, constant(near)), below, above), signOf(floats, x));
}
