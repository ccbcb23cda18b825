// Large angles: how far a number is from a multiple of π/2, exactly, however large it is. Scalar, for the lanes that
// need it.
//
// M. H. Payne, R. N. Hanek: Radian reduction for trigonometric functions, SIGNUM Newsletter 18 (1983), 19–24. Of the
// digits of 2/π those are taken that count: earlier ones add multiples of 4 to x · 2/π.

import { locals, set, when } from '../assembler/control.ts';
import type { DefinedFunction, Expression, Local, Statement } from '../assembler/expression.ts';
import { f64, f64x2, i32, i64, i64x2 } from '../assembler/families.ts';
import { callFor, defineFunction } from '../assembler/function.ts';
import { Steps } from '../assembler/steps.ts';

/** 64 zeros, then the first 1216 bits of 2/π: enough for the largest float64. */
const twoOverPi: readonly bigint[] = [
  0x0000000000000000n,
  0xa2f9836e4e441529n,
  0xfc2757d1f534ddc0n,
  0xdb6295993c439041n,
  0xfe5163abdebbc561n,
  0xb7246e3a424dd2e0n,
  0x06492eea09d1921cn,
  0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n,
  0xe99c7026b45f7e41n,
  0x3991d639835339f4n,
  0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn,
  0xef2f118b5a0a6d1fn,
  0x6d367ecf27cb09b7n,
  0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn,
  0x3d0739f78a5292ean,
  0x6bfb5fb11f8d5d08n,
  0x56033046fc7b6babn,
];

/** `word(i)`: 64 bits of 2/π. A tree of comparisons, since a module has no memory of its own. */
const word: DefinedFunction = (() => {
  const { i } = locals('i32', 'i');
  const { found } = locals('i64', 'found');
  const search = (from: number, to: number): Statement => {
    if (to - from === 1) return set(found, i64.const(twoOverPi[from]!));
    const middle = (from + to) >> 1;
    return when(i32.lt_s(i, middle), [search(from, middle)], [search(middle, to)]);
  };
  return defineFunction({ name: 'word of 2/π', params: [i], body: [search(0, twoOverPi.length)], result: found });
})();

/** `multiplyHigh(x, y)`: the upper 64 bits of a product of unsigned numbers, x below 2⁵³. */
const multiplyHigh: DefinedFunction = (() => {
  const { x, y } = locals('i64', 'x y');
  const steps = new Steps();
  const low = (value: Expression<'i64'>) => i64.and(value, 0xffff_ffffn);
  const high = (value: Expression<'i64'>) => i64.shr_u(value, 32n);
  const [xLow, xHigh, yLow, yHigh] = [low(x), high(x), low(y), high(y)].map((half) => steps.keep(half)) as [
    Local<'i64'>,
    Local<'i64'>,
    Local<'i64'>,
    Local<'i64'>,
  ];
  // by hand, in digits of 32 bits
  const outer = steps.keep(i64.add(i64.mul(xHigh, yLow), high(i64.mul(xLow, yLow))));
  const inner = i64.add(i64.mul(xLow, yHigh), low(outer));
  const result = i64.add(i64.add(i64.mul(xHigh, yHigh), high(outer)), high(inner));
  return defineFunction({ name: 'multiply high', params: [x, y], body: steps.statements, result });
})();

/**
 * `reduce(x)`, for a finite x of at least 2⁻¹⁰: the r in [−π/4, π/4] (float64, rounded once) and the q (i64) for
 * which x = q · π/2 + r up to a multiple of 2π. For any other x some r and q without meaning.
 */
export const reduceLarge: DefinedFunction = (() => {
  const { x } = locals('f64', 'x');
  const steps = new Steps();
  const keep = (value: Expression<'i64'>) => steps.keep(value);
  const bits = keep(i64.reinterpret_f64(x));
  // x = m · 2ᵉ
  const m = keep(i64.or(i64.and(bits, 0xf_ffff_ffff_ffffn), 1n << 52n));
  const e = steps.keep(i32.sub(i32.wrap_i64(i64.and(i64.shr_u(bits, 52n), 0x7ffn)), 1075));
  // 192 bits of 2/π: bit k of it adds m · 2^(e − k), which is a multiple of 4 if k ≤ e − 2. 64 zeros stand before
  const skipped = steps.keep(i32.add(e, 62));
  const first = steps.keep(i32.shr_s(skipped, 6));
  const shift = keep(i64.extend_i32_u(i32.and(skipped, 63)));
  const words = [0, 1, 2, 3].map((i) => keep(callFor('i64', word, i32.add(first, i))));
  const [top, middle, bottom] = [0, 1, 2].map((i) => keep(shiftedLeft(words[i]!, words[i + 1]!, shift))) as [
    Local<'i64'>,
    Local<'i64'>,
    Local<'i64'>,
  ];
  // m times these, modulo 2¹⁹²: two bits of quadrant, then the fraction of a right angle; the lowest 64 bits are not
  // needed
  const product = keep(i64.mul(m, middle));
  const second = keep(i64.add(product, callFor('i64', multiplyHigh, m, bottom)));
  const carry = i64.extend_i32_u(i64.lt_u(second, product));
  const upper = keep(i64.add(i64.add(i64.mul(m, top), callFor('i64', multiplyHigh, m, middle)), carry));
  const fraction = keep(shiftedLeft(upper, second, i64.const(2n)));
  // a fraction from ½ on is that less 1, of the next quadrant
  const negative = keep(i64.shr_s(fraction, 63n));
  const q = i64.sub(i64.shr_u(upper, 62n), negative);
  const high = keep(i64.xor(fraction, negative));
  const low = keep(i64.xor(i64.shl(second, 2n), negative));
  // its first 64 bits from the first 1 on, as digits of 32 bits, times π/2 in two parts: the first product is exact
  const zeros = keep(i64.clz(high));
  const digits = keep(shiftedLeft(high, low, zeros));
  const a = steps.keep(f64.mul(f64.convert_i64_u(i64.shr_u(digits, 32n)), 2 ** 32));
  const b = f64.convert_i64_u(i64.and(digits, 0xffff_ffffn));
  const angle = f64.add(
    f64.mul(a, 1.570796012878418),
    f64.add(f64.mul(a, 3.139164786504813e-7), f64.mul(b, Math.PI / 2)),
  );
  const unit = f64.reinterpret_i64(i64.shl(i64.sub(1023n - 64n, zeros), 52n));
  const r = f64.copysign(f64.mul(angle, unit), f64.reinterpret_i64(negative));
  const result = i64x2.replace_lane(f64x2.splat(r), q, 1);
  return defineFunction({ name: 'reduce large angle', params: [x], body: steps.statements, result });
})();

/** The upper 64 bits of two words shifted left by 0 … 63. */
function shiftedLeft(upper: Expression<'i64'>, lower: Expression<'i64'>, by: Expression<'i64'>): Expression<'i64'> {
  // in two shifts, since a shift by 64 would be one by 0
  return i64.or(i64.shl(upper, by), i64.shr_u(i64.shr_u(lower, 1n), i64.sub(63n, by)));
}
