// log x and log(1 + x): x = m · 2ᵉ with m near 1, and a polynomial in s² where s = (m − 1)/(m + 1).

import type { Expression, Local } from '../assembler/expression.ts';
import { v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { choose, type Floats, floatsOf, ln2Parts, type MathKind, nanWhere, polynomial, signOf, split } from './ieee.ts';

const tables = {
  f32: {
    leastNormal: 2 ** -126,
    raise: 24,
    // (log((1 + s)/(1 − s)) − 2s)/s³ in s², for m in [√½, √2): relative error of the logarithm below 2^−34
    terms: [0.6666666269302368, 0.40000852942466736, 0.2850989103317261, 0.24034304916858673],
  },
  f64: {
    leastNormal: 2 ** -1022,
    raise: 54,
    // below 2^−58
    terms: [
      0.6666666666666735, 0.39999999999409935, 0.2857142874348384, 0.2222219845502328, 0.18183570782418387,
      0.15313877221320593, 0.14797764710333958,
    ],
  },
} as const;

/** A positive number with a positive normal one in its place, and what that adds to its exponent. */
export function raised(
  steps: Steps,
  { type, real, constant }: Floats,
  x: Local<'v128'>,
): { readonly x: Expression<'v128'>; readonly by: Expression<'v128'> } {
  const { leastNormal, raise } = tables[type];
  const small = steps.keep(real.lt(x, constant(leastNormal)));
  return {
    x: choose(small, real.mul(x, constant(2 ** raise)), x),
    by: v128.and(small, constant(raise)),
  };
}

/** log(1 + f) + e·ln 2 + c, for 1 + f in [√½, √2) and c small beside f. */
function combined(
  steps: Steps,
  floats: Floats,
  f: Local<'v128'>,
  e: Local<'v128'>,
  c?: Expression<'v128'>,
): Expression<'v128'> {
  const { real, constant, multiplyAdd } = floats;
  const { terms } = tables[floats.type];
  const ln2 = ln2Parts[floats.type];
  const s = steps.keep(real.div(f, real.add(f, constant(2))));
  const z = steps.keep(real.mul(s, s));
  const halfSquare = steps.keep(real.mul(real.mul(f, f), constant(0.5)));
  // log(1 + f) = f − (½f² − s·(½f² + R)), where R = s²·terms(s²): all but f is small
  const tail = multiplyAdd(z, polynomial(floats, z, terms), halfSquare);
  const low = c === undefined ? real.mul(e, constant(ln2[1])) : multiplyAdd(e, constant(ln2[1]), c);
  const rest = real.sub(halfSquare, multiplyAdd(s, tail, low));
  return multiplyAdd(e, constant(ln2[0]), real.sub(f, rest));
}

/** −∞ at 0, ∞ at ∞, NaN below 0: for `argument` of the logarithm whose other values are given. */
function atEnds({ real, constant }: Floats, argument: Local<'v128'>, value: Expression<'v128'>): Expression<'v128'> {
  const infinity = constant(Number.POSITIVE_INFINITY);
  const fromZero = choose(real.eq(argument, constant(0)), constant(Number.NEGATIVE_INFINITY), value);
  const upToInfinity = choose(real.eq(argument, infinity), infinity, fromZero);
  return nanWhere(v128.not(real.ge(argument, constant(0))), upToInfinity);
}

/** The natural logarithm. */
export function log(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant } = floats;
  const normal = raised(steps, floats, x);
  const { m, e } = split(steps, floats, normal.x);
  const f = steps.keep(real.sub(m, constant(1)));
  return atEnds(floats, x, combined(steps, floats, f, steps.keep(real.sub(e, normal.by))));
}

/** log(1 + x), without loss where x is near 0. */
export function log1p(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { real, constant } = floats;
  const one = constant(1);
  const sum = steps.keep(real.add(x, one));
  const parts = split(steps, floats, sum);
  const e = steps.keep(parts.e);
  // what rounding took from the sum: the smaller operand less what of it arrived
  const larger = steps.keep(real.pmax(x, one));
  const smaller = real.pmin(x, one);
  const lost = real.div(real.sub(smaller, real.sub(sum, larger)), sum);
  // where the sum is in [√½, √2), x is f, unrounded
  const near = steps.keep(real.eq(e, constant(0)));
  const f = steps.keep(choose(near, x, real.sub(parts.m, one)));
  const value = combined(steps, floats, f, e, v128.andnot(lost, near));
  // log1p has the sign of x, also at −0
  return v128.or(atEnds(floats, sum, value), signOf(floats, x));
}
