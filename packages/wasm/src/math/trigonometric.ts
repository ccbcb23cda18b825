// sin and cos: x = q · π/2 + r, and polynomials for sin r and cos r. Angles too large for this are left to
// `payne-hanek.ts`.

import { local, set, when } from '../assembler/control.ts';
import type { Expression, Local, Statement } from '../assembler/expression.ts';
import { f32, f32x4, f64, f64x2, i32, i32x4, i64x2, v128 } from '../assembler/families.ts';
import { callFor } from '../assembler/function.ts';
import type { Steps } from '../assembler/steps.ts';
import { choose, type Floats, floatsOf, type MathKind, polynomial, roundedProduct, signOf } from './ieee.ts';
import { reduceLarge } from './payne-hanek.ts';

const tables = {
  f32: {
    // π/2 cut at 2⁻¹², 2⁻²⁴ and 2⁻³⁷
    halfPi: [1.570556640625, 0.0002396702766418457, 1.5890691429376602e-8, 2.5633440682570896e-12],
    // 2¹⁰ · π/2: whole numbers up to 2¹⁰ times a part are exact
    largest: 2 ** 10 * 1.57,
    // (sin r − r)/r³ and (cos r − 1 + ½r²)/r⁴ in r², for |r| ≤ π/4: relative errors of sin and cos below 2^−27
    sine: [-0.16666655242443085, 0.008332185447216034, -0.00019517369219101965],
    cosine: [0.04166664555668831, -0.0013887308305129409, 2.4432025384157896e-5],
  },
  f64: {
    // at 2⁻³², 2⁻⁵³ and 2⁻⁸⁶
    halfPi: [1.5707963267341256, 6.077094383272197e-11, 6.12323399538461e-17, 3.5215598651832e-27],
    largest: 2 ** 20 * 1.57,
    // below 2^−57
    sine: [
      -0.1666666666666663, 0.008333333333321818, -0.00019841269829320708, 2.755731351883094e-6, -2.505073035963169e-8,
      1.5895149589034487e-10,
    ],
    cosine: [
      0.041666666666666595, -0.0013888888888873316, 2.48015872889614e-5, -2.755731419744503e-7, 2.087570164999162e-9,
      -1.135850041984976e-11,
    ],
  },
} as const;

/** |x| = q · π/2 + r with |r| ≤ π/4; q stands in the lowest two bits of an integer. */
interface Angle {
  readonly r: Local<'v128'>;
  readonly q: Local<'v128'>;
}

function reduced(steps: Steps, floats: Floats, x: Local<'v128'>): Angle {
  const { real, constant, multiplySubtract } = floats;
  const { halfPi, largest } = tables[floats.type];
  const size = steps.keep(real.abs(x));
  const { n, biased } = roundedProduct(steps, floats, size, constant(2 / Math.PI));
  // the products by the first three parts are exact, and so are the first two differences
  const rest = steps.keep(multiplySubtract(n, constant(halfPi[1]), multiplySubtract(n, constant(halfPi[0]), size)));
  const third = steps.keep(real.mul(n, constant(halfPi[2])));
  const high = steps.keep(real.sub(rest, third));
  // what rounding took from the third goes with the fourth
  const low = multiplySubtract(n, constant(halfPi[3]), real.sub(real.sub(rest, high), third));
  const angle: Angle = { r: steps.keep(real.add(high, low)), q: steps.keep(biased) };
  const large = steps.keep(
    v128.and(real.gt(size, constant(largest)), real.lt(size, constant(Number.POSITIVE_INFINITY))),
  );
  steps.do(
    when(
      v128.any_true(large),
      floats.type === 'f32' ? largeSingles(size, large, angle) : largeDoubles(size, large, angle),
    ),
  );
  return angle;
}

function largeSingles(size: Local<'v128'>, large: Local<'v128'>, { r, q }: Angle): readonly Statement[] {
  const part = local('v128');
  return [0, 1, 2, 3].map((lane) =>
    when(i32x4.extract_lane(large, lane), [
      set(part, callFor('v128', reduceLarge, f64.promote_f32(f32x4.extract_lane(size, lane)))),
      set(r, f32x4.replace_lane(r, f32.demote_f64(f64x2.extract_lane(part, 0)), lane)),
      set(q, i32x4.replace_lane(q, i32.wrap_i64(i64x2.extract_lane(part, 1)), lane)),
    ]),
  );
}

function largeDoubles(size: Local<'v128'>, large: Local<'v128'>, { r, q }: Angle): readonly Statement[] {
  const part = local('v128');
  return [0, 1].map((lane) =>
    when(i32x4.extract_lane(large, 2 * lane), [
      set(part, callFor('v128', reduceLarge, f64x2.extract_lane(size, lane))),
      set(r, f64x2.replace_lane(r, f64x2.extract_lane(part, 0), lane)),
      set(q, i64x2.replace_lane(q, i64x2.extract_lane(part, 1), lane)),
    ]),
  );
}

/** sin r, cos r, −sin r, −cos r for q ≡ 0, 1, 2, 3 (mod 4). */
function sineOf(steps: Steps, floats: Floats, r: Local<'v128'>, q: Local<'v128'>): Expression<'v128'> {
  const { real, integer, bits, constant, multiplyAdd, multiplySubtract } = floats;
  const { sine, cosine } = tables[floats.type];
  const z = steps.keep(real.mul(r, r));
  const sin = multiplyAdd(real.mul(r, z), polynomial(floats, z, sine), r);
  const straight = multiplySubtract(z, constant(0.5), constant(1));
  const cos = multiplyAdd(real.mul(z, z), polynomial(floats, z, cosine), straight);
  const odd = integer.eq(v128.and(q, bits(1n)), bits(1n));
  const sign = integer.shl(v128.and(q, bits(2n)), floats.type === 'f32' ? 30 : 62);
  return v128.xor(choose(odd, cos, sin), sign);
}

/** The sine, for x of any size. */
export function sin(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { r, q } = reduced(steps, floats, x);
  return v128.xor(sineOf(steps, floats, r, q), signOf(floats, x));
}

/** The cosine, for x of any size. */
export function cos(steps: Steps, x: Local<'v128'>, kind: MathKind): Expression<'v128'> {
  const floats = floatsOf(kind);
  const { r, q } = reduced(steps, floats, x);
  return sineOf(steps, floats, r, steps.keep(floats.integer.add(q, floats.bits(1n))));
}
