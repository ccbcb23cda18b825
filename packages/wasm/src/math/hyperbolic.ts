// tanh and the logistic function, from the exponential of |x| or −|x|, so that signs cost nothing and nothing
// overflows.

import type { Expression, Local } from '../assembler/expression.ts';
import { v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { exponentialBelow, exponentialParts } from './exponential.ts';
import { choose, floatsOf, type MathKind, polynomial, powerOfTwo, signOf } from './ieee.ts';

const tables = {
  f32: {
    /** 2|x| from which tanh x is 1. */
    saturation: 20,
    // tanh(t)/t³ − 1/t² in t², for t below 0.55: relative error of tanh below 2^−29
    terms: [
      -0.33333319425582886, 0.13332638144493103, -0.053857073187828064, 0.02108936198055744, -0.0062972381711006165,
    ],
  },
  f64: {
    saturation: 40,
    // below 2^−55
    terms: [
      -0.33333333333332354, 0.1333333333317429, -0.0539682538786149, 0.021869486031157365, -0.008863195213145507,
      0.0035917250905163176, -0.0014532420449028902, 0.0005792085033001132, -0.00021041411246692653,
      5.109559498391532e-5,
    ],
  },
} as const;

/** (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ). */
export function tanh(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant, multiplyAdd } = floats;
  const { saturation, terms } = tables[kind.type];
  const t = steps.keep(real.abs(x));
  const square = steps.keep(real.mul(t, t));
  const near = multiplyAdd(real.mul(t, square), polynomial(floats, square, terms), t);
  // 1 − 2/(e²ᵗ + 1), where e²ᵗ = 2ⁿ·(p + 1): the quotient is below ½, and its error halved
  const doubled = steps.keep(real.pmin(real.add(t, t), constant(saturation)));
  const { n, p } = exponentialParts(steps, floats, doubled);
  const power = steps.keep(powerOfTwo(floats, n.biased));
  const below = multiplyAdd(power, p, real.add(power, constant(1)));
  const far = real.sub(constant(1), real.div(constant(2), below));
  return v128.or(choose(real.lt(t, constant(0.55)), near, far), signOf(floats, x));
}

/** 1/(1 + e⁻ˣ). Far below 0 it is eˣ, down to the smallest numbers. */
export function sigmoid(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant, multiplySubtract } = floats;
  const e = steps.keep(exponentialBelow(steps, floats, real.neg(real.abs(x))));
  // for x < 0 the fraction is multiplied by eˣ above and below
  const above = choose(real.lt(x, constant(0)), e, constant(1));
  const below = steps.keep(real.add(e, constant(1)));
  // what rounding took from 1 + e is taken off again, since it matters most where the result is small
  const lost = real.sub(e, real.sub(below, constant(1)));
  const quotient = steps.keep(real.div(above, below));
  return multiplySubtract(quotient, lost, quotient);
}
