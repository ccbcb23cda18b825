// IEEE numbers in lanes: what float32 and float64 have in common, so that a function is written once for both.

import type { Expression, Local } from '../assembler/expression.ts';
import { type Family, f32x4, f64x2, i32x4, i64x2, v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';

/** What a mathematical function is made for: four lanes of float32 or two of float64. */
export interface MathKind {
  readonly type: 'f32' | 'f64';
  /** Whether to multiply and add in one instruction: only where `supportsRelaxedSimd()` says that it runs. */
  readonly relaxed: boolean;
}

/** What two families do to vectors alike. */
type Shared<A, B> = { readonly [K in keyof A & keyof B as A[K] extends B[K] ? K : never]: A[K] };
type Vector = Expression<'v128'>;

/** The instructions on numbers of a kind, and what is known of their format. */
export interface Floats extends MathKind {
  readonly real: Shared<Family<'f32x4'>, Family<'f64x2'>>;
  /** On the same lanes as integers. */
  readonly integer: Shared<Family<'i32x4'>, Family<'i64x2'>>;
  /** Bits of the fraction: 23 or 52. */
  readonly fractionBits: number;
  /** What the exponent is stored with: 127 or 1023. */
  readonly bias: number;
  /** A number in every lane. */
  readonly constant: (value: number) => Vector;
  /** An integer in every lane. */
  readonly bits: (value: bigint) => Vector;
  /** x · y + z, rounded once or twice. */
  readonly multiplyAdd: (x: Vector, y: Vector, z: Vector) => Vector;
  /** z − x · y, rounded once or twice. */
  readonly multiplySubtract: (x: Vector, y: Vector, z: Vector) => Vector;
}

/** The instructions for a kind of numbers. */
export function floatsOf({ type, relaxed }: MathKind): Floats {
  const single = type === 'f32';
  const real: Floats['real'] = single ? f32x4 : f64x2;
  const integer: Floats['integer'] = single ? i32x4 : i64x2;
  return {
    type,
    relaxed,
    real,
    integer,
    fractionBits: single ? 23 : 52,
    bias: single ? 127 : 1023,
    constant: (value) => repeated(single ? Float32Array.of(value) : Float64Array.of(value)),
    bits: (value) => repeated(single ? Uint32Array.of(Number(value)) : BigUint64Array.of(value)),
    multiplyAdd: relaxed ? real.relaxed_madd : (x, y, z) => real.add(real.mul(x, y), z),
    multiplySubtract: relaxed ? real.relaxed_nmadd : (x, y, z) => real.sub(z, real.mul(x, y)),
  };
}

function repeated(lane: { readonly buffer: ArrayBufferLike; readonly byteLength: number }): Vector {
  const bytes = [...new Uint8Array(lane.buffer)];
  return v128.const(Array.from({ length: 16 }, (_, byte) => bytes[byte % bytes.length]!));
}

/** ln 2 in two parts: multiples of the first by any exponent are exact. */
export const ln2Parts: { readonly [T in MathKind['type']]: readonly [high: number, low: number] } = {
  f32: [0.693359375, -2.1219444005469057e-4],
  f64: [0.6931471803691238, 1.9082149292705877e-10],
};

/** c₀ + c₁x + c₂x² + …, by Horner's rule. */
export function polynomial(floats: Floats, x: Local<'v128'>, coefficients: readonly number[]): Vector {
  const terms = coefficients.map(floats.constant);
  return terms.reduceRight((sum, c) => floats.multiplyAdd(sum, x, c));
}

/** The exponent's bits of 1. */
function one({ fractionBits, bias }: Floats): bigint {
  return BigInt(bias) << BigInt(fractionBits);
}

/** The bit of the sign. */
export function signBit({ bits, fractionBits }: Floats): Vector {
  return bits(1n << (fractionBits === 23 ? 31n : 63n));
}

/** The sign of x and nothing else of it. */
export function signOf(floats: Floats, x: Vector): Vector {
  return v128.and(x, signBit(floats));
}

/** Between low and high; NaN stays. */
export function clamp({ real, constant }: Floats, x: Vector, low: number, high: number): Vector {
  // pmin and pmax give their first operand where one is NaN, in one instruction of the processor: min and max take
  // several
  return real.pmax(real.pmin(x, constant(high)), constant(low));
}

/** `then` where all bits of a mask are 1, `otherwise` where they are 0. */
export function choose(mask: Vector, then: Vector, otherwise: Vector): Vector {
  return v128.bitselect(then, otherwise, mask);
}

/** x with every bit on, which is a NaN, where a mask is on. */
export function nanWhere(mask: Vector, x: Vector): Vector {
  return v128.or(x, mask);
}

/** A whole number, as it is and as the low bits of a number that it was added to. */
export interface Whole {
  readonly n: Local<'v128'>;
  readonly biased: Local<'v128'>;
}

/** x · y rounded to a whole number, which must be below 2²² (float32) or 2⁵¹. */
export function roundedProduct(steps: Steps, floats: Floats, x: Vector, y: Vector): Whole {
  // 1.5 · 2²³ + n: the fraction's last bit is worth 1, so that adding rounds, and n stands in the low bits, also a
  // negative one
  const magic = 1.5 * 2 ** floats.fractionBits;
  const biased = steps.keep(floats.multiplyAdd(x, y, floats.constant(magic)));
  return { n: steps.keep(floats.real.sub(biased, floats.constant(magic))), biased };
}

/** 2ⁿ · 2^`plus`, where the result's exponent is a normal one. */
export function powerOfTwo(floats: Floats, biased: Vector, plus = 0): Vector {
  const { integer, fractionBits } = floats;
  // the shift leaves nothing of what n was added to
  const exponent = one(floats) + (BigInt(plus) << BigInt(fractionBits));
  return integer.add(integer.shl(biased, fractionBits), floats.bits(exponent));
}

/** x · 2ⁿ, also where 2ⁿ alone is too large, or the result so small that it is rounded. */
export function scaled(steps: Steps, floats: Floats, x: Vector, { biased }: Whole): Vector {
  const { real, integer } = floats;
  // the shifted magic number is still none of the low bits: n is split into halves
  const half = steps.keep(integer.shr_u(biased, 1));
  const rest = integer.sub(biased, half);
  return real.mul(real.mul(x, powerOfTwo(floats, half)), powerOfTwo(floats, rest));
}

/** A positive normal number as m · 2ᵉ with m in [√½, √2); both are numbers. */
export function split(steps: Steps, floats: Floats, x: Vector): { readonly m: Local<'v128'>; readonly e: Vector } {
  const { integer, real, bits, constant, fractionBits, bias } = floats;
  const rootHalf = floats.type === 'f32' ? 0x3f3504f3n : 0x3fe6a09e667f3bcdn;
  const moved = steps.keep(integer.add(x, bits(one(floats) - rootHalf)));
  const fraction = v128.and(moved, bits((1n << BigInt(fractionBits)) - 1n));
  // an integer in the low bits of 2²³ or 2⁵² is that number more
  const base = 2 ** fractionBits;
  const exponent = v128.or(integer.shr_u(moved, fractionBits), constant(base));
  return {
    m: steps.keep(integer.add(fraction, bits(rootHalf))),
    e: real.sub(exponent, constant(base + bias)),
  };
}
