// What differs between float32 and float64 in a kernel: the width of a number, how many a vector holds, the instructions.

import type { Expression } from '../assembler/expression.ts';
import { f32, f32x4, f64, f64x2, i8x16, type Operand, v128 } from '../assembler/families.ts';

/** A kind of numbers that kernels are made for. */
export interface Lanes {
  readonly name: 'f32' | 'f64';
  /** The width of a number in bytes. */
  readonly size: number;
  /** How many numbers a vector holds. */
  readonly count: number;
  /** The number at an address. */
  readonly load: (at: Operand<'i32'>, offset?: number) => Expression<'f32' | 'f64'>;
  readonly store: (at: Operand<'i32'>, value: Expression<'f32' | 'f64'>, offset?: number) => Expression<'none'>;
  readonly addScalars: (x: Expression<'f32' | 'f64'>, y: Expression<'f32' | 'f64'>) => Expression<'f32' | 'f64'>;
  readonly zero: Expression<'f32' | 'f64'>;
  /** The number at an address, in every lane. */
  readonly loadSplat: (at: Operand<'i32'>, offset?: number) => Expression<'v128'>;
  /** x · y + z, rounded once where SIMD is `relaxed` (and the machine can), else twice. */
  readonly multiplyAdd: (
    x: Expression<'v128'>,
    y: Expression<'v128'>,
    z: Expression<'v128'>,
    relaxed: boolean,
  ) => Expression<'v128'>;
  /** Lane `i` of the result is a lane of x (0 … count − 1) or of y (from count on), as `from[i]` says. */
  readonly shuffle: (x: Expression<'v128'>, y: Expression<'v128'>, from: readonly number[]) => Expression<'v128'>;
}

function shuffleOf(size: number): Lanes['shuffle'] {
  const bytes = Array.from({ length: size }, (_, byte) => byte);
  return (x, y, from) =>
    i8x16.shuffle(
      x,
      y,
      from.flatMap((lane) => bytes.map((byte) => lane * size + byte)),
    );
}

type Scalars = Pick<Lanes, 'load' | 'store' | 'addScalars' | 'zero'>;

const single = { load: f32.load, store: f32.store, addScalars: f32.add, zero: f32.const(0) };
const double = { load: f64.load, store: f64.store, addScalars: f64.add, zero: f64.const(0) };

const lanes: { readonly [N in Lanes['name']]: Lanes } = {
  f32: {
    name: 'f32',
    size: 4,
    count: 4,
    // a kernel hands to these only what they themselves gave
    ...(single as unknown as Scalars),
    loadSplat: v128.load32_splat,
    multiplyAdd: (x, y, z, relaxed) => (relaxed ? f32x4.relaxed_madd(x, y, z) : f32x4.add(f32x4.mul(x, y), z)),
    shuffle: shuffleOf(4),
  },
  f64: {
    name: 'f64',
    size: 8,
    count: 2,
    ...(double as unknown as Scalars),
    loadSplat: v128.load64_splat,
    multiplyAdd: (x, y, z, relaxed) => (relaxed ? f64x2.relaxed_madd(x, y, z) : f64x2.add(f64x2.mul(x, y), z)),
    shuffle: shuffleOf(8),
  },
};

/** The instructions on numbers of a kind. */
export function lanesOf(name: Lanes['name']): Lanes {
  return lanes[name];
}
