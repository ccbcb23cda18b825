// xʸ = 2^(y · log₂|x|). float32 goes through float64; float64 keeps the logarithm in two numbers, since y multiplies
// its error.

import type { Expression, Local } from '../assembler/expression.ts';
import { f32x4, f64x2, i8x16, v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { exponentialTerms } from './exponential.ts';
import {
  choose,
  clamp,
  type Floats,
  floatsOf,
  type MathKind,
  nanWhere,
  polynomial,
  powerOfTwo,
  roundedProduct,
  scaled,
  signOf,
  split,
} from './ieee.ts';
import { raised } from './logarithm.ts';

type Vector = Expression<'v128'>;

/**
 * xʸ with the special values of IEEE 754's pow: 1 where y is 0 or x is 1, whatever the other is, and where x is −1
 * and y infinite; NaN for a finite x < 0 with a y that is no whole number.
 */
export function pow(steps: Steps, x: Local<'v128'>, y: Local<'v128'>, kind: MathKind): Vector {
  const floats = floatsOf(kind);
  const { real, constant } = floats;
  const [zero, one, infinity] = [constant(0), constant(1), constant(Number.POSITIVE_INFINITY)];
  const size = steps.keep(real.abs(x));
  const power = kind.type === 'f32' ? singlePower(steps, size, y, kind) : doublePower(steps, size, y, kind);

  // 0, ∞ and infinite exponents: ∞ or 0, by which way y moves |x| from 1
  const grows = v128.and(real.gt(real.mul(y, real.sub(size, one)), zero), infinity);
  const extreme = v128.or(v128.or(real.eq(size, zero), real.eq(size, infinity)), real.eq(real.abs(y), infinity));
  const magnitude = choose(real.eq(size, one), one, choose(extreme, grows, power));

  const half = steps.keep(real.mul(y, constant(0.5)));
  const whole = steps.keep(real.eq(real.floor(y), y));
  const odd = v128.and(whole, real.ne(real.floor(half), half));
  const signed = v128.or(magnitude, v128.and(signOf(floats, x), odd));

  const below = v128.and(real.lt(x, zero), real.lt(size, infinity));
  const undefinedPower = v128.andnot(below, whole);
  const unordered = v128.or(real.ne(x, x), real.ne(y, y));
  const certain = v128.or(real.eq(x, one), real.eq(y, zero));
  return choose(certain, one, nanWhere(v128.or(undefinedPower, unordered), signed));
}

const singleTables = {
  // as in `logarithm.ts`: relative error of the logarithm below 2^−43
  log: [0.6666666667585126, 0.3999999560295087, 0.28572111336880135, 0.22176090726042308, 0.19585655926265674],
  // as in `exponential.ts`: error below 2^−34
  exp: [
    0.500000007947274, 0.16666666835717128, 0.04166626543690571, 0.008333269661516504, 0.0013946367564845103,
    0.00019915662563339993,
  ],
} as const;

/** Powers of positive float32, as float64 in two halves. */
function singlePower(steps: Steps, x: Local<'v128'>, y: Local<'v128'>, { relaxed }: MathKind): Vector {
  const floats = floatsOf({ type: 'f64', relaxed });
  const upper = (lanes: Vector) =>
    i8x16.shuffle(lanes, lanes, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
  const [low, high] = [(lanes: Vector) => lanes, upper].map((half) =>
    f32x4.demote_f64x2_zero(
      halfPower(steps, floats, f64x2.promote_low_f32x4(half(x)), f64x2.promote_low_f32x4(half(y))),
    ),
  );
  return i8x16.shuffle(low!, high!, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
}

/** Powers of positive normal float64, to the precision of float32 and within its range. */
function halfPower(steps: Steps, floats: Floats, x: Vector, y: Vector): Vector {
  const { real, constant, multiplyAdd } = floats;
  const { m, e } = split(steps, floats, x);
  const f = steps.keep(real.sub(m, constant(1)));
  const s = steps.keep(real.div(f, real.add(f, constant(2))));
  const z = steps.keep(real.mul(s, s));
  // log m = 2s + s·z·terms(z)
  const natural = real.mul(s, multiplyAdd(z, polynomial(floats, z, singleTables.log), constant(2)));
  const binary = multiplyAdd(natural, constant(Math.LOG2E), e);
  // beyond ±200 a float32 is 0 or infinite
  const exponent = steps.keep(clamp(floats, real.mul(y, binary), -200, 200));
  const { n, biased } = roundedProduct(steps, floats, exponent, constant(1));
  const r = steps.keep(real.mul(real.sub(exponent, n), constant(Math.LN2)));
  const p = multiplyAdd(real.mul(r, r), polynomial(floats, r, singleTables.exp), r);
  return real.mul(real.add(p, constant(1)), powerOfTwo(floats, biased));
}

const doubleTables = {
  // 3·(atanh(s)/s − 1 − s²/3)/s⁴ in s²: relative error of the logarithm below 2^−66
  log: [
    0.6000000000000342, 0.4285714285513372, 0.3333333378266417, 0.27272676307243615, 0.23080147250235425,
    0.19884963256316676, 0.19796952180757635,
  ],
} as const;

/** Two numbers whose sum is meant: the first with so few digits that products of such numbers are exact. */
interface Pair {
  readonly high: Local<'v128'>;
  readonly low: Local<'v128'>;
}

/** A number of 26 digits. */
function shortened({ bits }: Floats, x: Vector): Vector {
  return v128.and(x, bits(0xffff_ffff_f800_0000n));
}

/**
 * log₂ of positive float64, to about 65 digits: log m = ⅔·s·t with s = f/(2 + f), f = m − 1 and t = 3 + s² + …, each
 * in two parts (the way of fdlibm's pow).
 */
function binaryLogarithm(steps: Steps, floats: Floats, x: Local<'v128'>): Pair {
  const { real, constant, multiplyAdd } = floats;
  const keep = (value: Vector) => steps.keep(value);
  const { add, sub, mul, div } = real;
  const normal = raised(steps, floats, x);
  const { m, e: exponent } = split(steps, floats, normal.x);
  const e = keep(sub(exponent, normal.by));
  const f = keep(sub(m, constant(1)));
  // m + 1, and what rounding took from it
  const sum = keep(add(m, constant(1)));
  const sumHigh = keep(shortened(floats, sum));
  const sumLow = add(sub(sum, sumHigh), sub(m, sub(sum, constant(1))));
  const s = keep(div(f, sum));
  const sHigh = keep(shortened(floats, s));
  const sLow = keep(div(sub(sub(f, mul(sHigh, sumHigh)), mul(sHigh, sumLow)), sum));
  const square = keep(mul(s, s));
  const squareHigh = keep(mul(sHigh, sHigh));
  const squareRest = keep(
    multiplyAdd(mul(square, square), polynomial(floats, square, doubleTables.log), mul(sLow, add(sHigh, s))),
  );
  const tHigh = keep(shortened(floats, add(add(squareHigh, constant(3)), squareRest)));
  const tLow = sub(squareRest, sub(sub(tHigh, constant(3)), squareHigh));
  const first = keep(mul(sHigh, tHigh));
  const second = keep(add(mul(sLow, tHigh), mul(tLow, s)));
  const high = keep(shortened(floats, add(first, second)));
  const low = sub(second, sub(high, first));
  // 2/(3·ln 2) in two parts
  const scaledHigh = keep(mul(high, constant(factor.high)));
  const scaledLow = keep(add(mul(high, constant(factor.low)), mul(low, constant(factor.both))));
  const resultHigh = keep(shortened(floats, add(add(scaledHigh, scaledLow), e)));
  return { high: resultHigh, low: keep(sub(scaledLow, sub(sub(resultHigh, e), scaledHigh))) };
}

const factor = { high: 0.9617966860532761, low: 7.872699542894897e-9, both: 0.9617966939259756 } as const;

/** Powers of positive float64. */
function doublePower(steps: Steps, x: Local<'v128'>, y: Local<'v128'>, kind: MathKind): Vector {
  const floats = floatsOf(kind);
  const { real, constant, multiplyAdd } = floats;
  const { add, sub, mul } = real;
  const log = binaryLogarithm(steps, floats, x);
  const yHigh = steps.keep(shortened(floats, y));
  const high = steps.keep(mul(yHigh, log.high));
  const low = steps.keep(add(mul(sub(y, yHigh), log.high), mul(y, log.low)));
  const sum = steps.keep(add(high, low));
  // beyond ±1100 the power is 0 or infinite, and what is left over of no matter
  const limited = steps.keep(clamp(floats, sum, -1100, 1100));
  const whole = roundedProduct(steps, floats, limited, constant(1));
  const rest = v128.and(add(sub(high, whole.n), low), real.eq(limited, sum));
  const r = steps.keep(mul(rest, constant(Math.LN2)));
  const p = multiplyAdd(mul(r, r), polynomial(floats, r, exponentialTerms.f64), r);
  return scaled(steps, floats, add(p, constant(1)), whole);
}
