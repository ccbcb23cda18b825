// Four numbers at a time: a vector for float32, int32 and truth values, two for float64. Which numbers they are is no matter here.

import type { Expression, Local } from '../assembler/expression.ts';
import { f32, f32x4, f64, f64x2, i8x16, i32, i32x4, i64x2, v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';

/** A kind of elements. In memory `bool` is a byte, 0 or 1; in a vector a lane of ones or zeros. */
export type ElementType = 'f32' | 'f64' | 'i32' | 'bool';

/** The width of an element in memory, in bytes. */
export const elementBytes: { readonly [T in ElementType]: number } = { f32: 4, f64: 8, i32: 4, bool: 1 };

/** Four elements, kept in variables: one, or for float64 two. */
export interface Quad {
  readonly type: ElementType;
  readonly parts: readonly Local<'v128'>[];
}

/** Keeps the parts of a quad. */
export function keepQuad(steps: Steps, type: ElementType, parts: readonly Expression<'v128'>[]): Quad {
  return { type, parts: parts.map((part) => (part.kind === 'local' ? (part as Local<'v128'>) : steps.keep(part))) };
}

/** A number in all lanes; for `bool` whether it is not 0. */
export function constantQuad(steps: Steps, type: ElementType, value: number): Quad {
  return keepQuad(steps, type, constantParts(type, value));
}

function constantParts(type: ElementType, value: number): readonly Expression<'v128'>[] {
  switch (type) {
    case 'f32':
      return [bytesOf(Float32Array.of(value, value, value, value))];
    case 'f64': {
      const half = bytesOf(Float64Array.of(value, value));
      return [half, half];
    }
    case 'i32':
      return [bytesOf(Int32Array.of(value, value, value, value))];
    case 'bool': {
      const lane = value === 0 ? 0 : -1;
      return [bytesOf(Int32Array.of(lane, lane, lane, lane))];
    }
    default:
      return type satisfies never;
  }
}

function bytesOf(numbers: Float32Array | Float64Array | Int32Array): Expression<'v128'> {
  return v128.const([...new Uint8Array(numbers.buffer)]);
}

/** The first `count` lanes of x, of the others those of y. */
export function firstLanes(steps: Steps, x: Quad, y: Quad, count: number): Quad {
  const perPart = 4 / x.parts.length;
  return keepQuad(
    steps,
    x.type,
    x.parts.map((part, p) => {
      const bytes = (16 / perPart) * Math.max(0, Math.min(perPart, count - p * perPart));
      if (bytes === 16) return part;
      if (bytes === 0) return y.parts[p]!;
      return i8x16.shuffle(
        part,
        y.parts[p]!,
        Array.from({ length: 16 }, (_, i) => (i < bytes ? i : 16 + i)),
      );
    }),
  );
}

/** Lanes of 32 bits that are all ones or all zeros, as two vectors of lanes of 64 bits. */
export function widenMask(mask: Expression<'v128'>): readonly [Expression<'v128'>, Expression<'v128'>] {
  return [i64x2.extend_low_i32x4_s(mask), i64x2.extend_high_i32x4_s(mask)];
}

const lowWords = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

/** Two vectors of lanes of 64 bits, all ones or all zeros, as one of lanes of 32 bits. */
export function narrowMask(low: Expression<'v128'>, high: Expression<'v128'>): Expression<'v128'> {
  return i8x16.shuffle(low, high, lowWords);
}

type Unary = (x: Expression<'v128'>) => Expression<'v128'>;

/** The quad in another kind of elements. Floats are cut towards zero and wrap around beyond 32 bits, as JavaScript's `x | 0`. */
export function convertQuad(steps: Steps, x: Quad, to: ElementType): Quad {
  if (x.type === to) return x;
  const [first, second] = x.parts as [Local<'v128'>, Local<'v128'>];
  const parts = (...made: readonly Expression<'v128'>[]): Quad => keepQuad(steps, to, made);
  const zero = v128.const(Array.from({ length: 16 }, () => 0));
  switch (to) {
    case 'bool':
      if (x.type === 'f64') return parts(narrowMask(f64x2.ne(first, zero), f64x2.ne(second, zero)));
      return parts(x.type === 'f32' ? f32x4.ne(first, zero) : i32x4.ne(first, zero));
    case 'f32':
      if (x.type === 'f64') return parts(joinLow(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second)));
      return parts(f32x4.convert_i32x4_s(x.type === 'bool' ? i32x4.neg(first) : first));
    case 'f64': {
      const whole = steps.keep(x.type === 'bool' ? i32x4.neg(first) : first);
      const half: Unary = x.type === 'f32' ? f64x2.promote_low_f32x4 : f64x2.convert_low_i32x4_s;
      return parts(half(whole), half(upperHalf(whole)));
    }
    case 'i32': {
      if (x.type === 'bool') return parts(i32x4.neg(first));
      const wide = convertQuad(steps, x, 'f64');
      const words = wide.parts.map((part) => i32x4.trunc_sat_f64x2_u_zero(modulo32(steps, part)));
      return parts(joinLow(words[0]!, words[1]!));
    }
    default:
      return to satisfies never;
  }
}

/** Whole numbers modulo 2³², in [0, 2³²): those that are none become NaN, which is cut to 0. */
function modulo32(steps: Steps, x: Expression<'v128'>): Expression<'v128'> {
  const constant = (value: number) => bytesOf(Float64Array.of(value, value));
  const whole = steps.keep(f64x2.trunc(x));
  return f64x2.sub(whole, f64x2.mul(f64x2.floor(f64x2.mul(whole, constant(2 ** -32))), constant(2 ** 32)));
}

function upperHalf(x: Expression<'v128'>): Expression<'v128'> {
  return i8x16.shuffle(x, x, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
}

function joinLow(x: Expression<'v128'>, y: Expression<'v128'>): Expression<'v128'> {
  return i8x16.shuffle(x, y, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
}

/** A lane as a number: i32 for `bool`, 0 or 1. */
export function laneOf(x: Quad, lane: number): Expression<'f32' | 'f64' | 'i32'> {
  switch (x.type) {
    case 'f32':
      return f32x4.extract_lane(x.parts[0]!, lane);
    case 'f64':
      return f64x2.extract_lane(x.parts[lane >> 1]!, lane & 1);
    case 'i32':
      return i32x4.extract_lane(x.parts[0]!, lane);
    case 'bool':
      return i32.and(i32x4.extract_lane(x.parts[0]!, lane), 1);
    default:
      return x.type satisfies never;
  }
}

/** A scalar in all lanes. Of `bool`, whether it is not 0. */
export function splatQuad(steps: Steps, type: ElementType, value: Expression<'f32' | 'f64' | 'i32'>): Quad {
  switch (type) {
    case 'f32':
      return keepQuad(steps, type, [f32x4.splat(value as Expression<'f32'>)]);
    case 'f64': {
      const half = steps.keep(f64x2.splat(value as Expression<'f64'>));
      return { type, parts: [half, half] };
    }
    case 'i32':
      return keepQuad(steps, type, [i32x4.splat(value as Expression<'i32'>)]);
    case 'bool':
      return keepQuad(steps, type, [i32x4.splat(i32.sub(0, i32.ne(value as Expression<'i32'>, 0)))]);
    default:
      return type satisfies never;
  }
}

/** One element of memory, as {@link laneOf} gives it. */
export function loadElement(
  type: ElementType,
  at: Expression<'i32'>,
  offset: number,
): Expression<'f32' | 'f64' | 'i32'> {
  switch (type) {
    case 'f32':
      return f32.load(at, offset);
    case 'f64':
      return f64.load(at, offset);
    case 'i32':
      return i32.load(at, offset);
    case 'bool':
      return i32.load8_u(at, offset);
    default:
      return type satisfies never;
  }
}

/** Writes one element, as {@link laneOf} gives it. */
export function storeElement(
  type: ElementType,
  at: Expression<'i32'>,
  value: Expression<'f32' | 'f64' | 'i32'>,
  offset: number,
): Expression<'none'> {
  switch (type) {
    case 'f32':
      return f32.store(at, value as Expression<'f32'>, offset);
    case 'f64':
      return f64.store(at, value as Expression<'f64'>, offset);
    case 'i32':
      return i32.store(at, value as Expression<'i32'>, offset);
    case 'bool':
      return i32.store8(at, value as Expression<'i32'>, offset);
    default:
      return type satisfies never;
  }
}
