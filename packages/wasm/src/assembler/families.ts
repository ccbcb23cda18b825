// The instructions as functions, by families: `i32.add(x, 4)`, `f32x4.mul(a, b)`, `v128.load(at, 16)`. Built from the tables.

import { atomicInstructions } from './atomic-instructions.ts';
import type { ConstantNode, Expression, InstructionNode } from './expression.ts';
import { type Instruction, scalarInstructions } from './instructions.ts';
import { type Gives, readSignature, type Signature, type Takes, type Type, type ValueType } from './types.ts';
import { vectorInstructions } from './vector-instructions.ts';

/** An expression, or the number that it is. */
export type Operand<T extends ValueType> = Expression<T> | NumberOf<T>;

type NumberOf<T extends ValueType> = T extends 'i64' ? bigint : T extends 'v128' ? never : number;

type Operands<T extends readonly ValueType[]> = { [I in keyof T]: Operand<T[I]> };

/**
 * Operands in their order; after them the number of a lane, and the offset in bytes of a memory access (0 if left out).
 */
type Make<I> = I extends readonly [number, infer S extends Signature]
  ? (...operands: Operands<Takes<S>>) => Expression<Gives<S>>
  : I extends readonly [number, infer S extends Signature, { readonly bytes: number; readonly lanes: number }]
    ? (...operands: [...Operands<Takes<S>>, lane: number, offset?: number]) => Expression<Gives<S>>
    : I extends readonly [number, infer S extends Signature, { readonly lanes: number }]
      ? (...operands: [...Operands<Takes<S>>, lane: number]) => Expression<Gives<S>>
      : I extends readonly [number, infer S extends Signature, { readonly bytes: number }]
        ? (...operands: [...Operands<Takes<S>>, offset?: number]) => Expression<Gives<S>>
        : never;

type Tables = typeof scalarInstructions & typeof vectorInstructions;

/** The instructions whose names begin with `Prefix.`, under the rest of their names. */
export type Family<Prefix extends string, Table = Tables> = {
  readonly [Name in keyof Table as Name extends `${Prefix}.${infer Rest}` ? Rest : never]: Make<Table[Name]>;
};

interface Constant<T extends ValueType> {
  /** A constant. Where an operand is expected, the number alone does as well. */
  const(value: NumberOf<T>): Expression<T>;
}

interface VectorConstants {
  /** The 16 bytes of a vector. */
  const(bytes: readonly number[]): Expression<'v128'>;
}

interface Shuffle {
  /** The 16 bytes that `lanes` choose: 0 … 15 from x, 16 … 31 from y. */
  shuffle(x: Expression<'v128'>, y: Expression<'v128'>, lanes: readonly number[]): Expression<'v128'>;
}

type Maker = (...operands: (Expression | number | bigint)[]) => Expression;

type Table = { readonly [name: string]: Instruction };

const tables: Table = { ...scalarInstructions, ...vectorInstructions };

function family<F>(prefix: string, extra: object, table: Table = tables): F {
  const members: { [name: string]: Maker } = {};
  for (const [name, instruction] of Object.entries(table)) {
    if (name.startsWith(`${prefix}.`)) members[name.slice(prefix.length + 1)] = maker(instruction);
  }
  return Object.assign(members, extra) as F;
}

function maker([code, signature, needs]: Instruction): Maker {
  const { takes, gives } = readSignature(signature);
  return (...given) => {
    const operands = takes.map((type, i) => asExpression(given[i]!, type));
    const numbers = given.slice(takes.length) as number[];
    const lane = needs !== undefined && 'lanes' in needs ? [numbers.shift()!] : [];
    const access = needs !== undefined && 'bytes' in needs ? [Math.log2(needs.bytes), numbers[0] ?? 0] : [];
    return instruction(code, gives, operands, [...access, ...lane]);
  };
}

function asExpression(value: Expression | number | bigint, type: ValueType): Expression {
  return typeof value === 'object' ? value : { kind: 'constant', type, value };
}

function instruction<T extends Type>(
  code: number,
  type: T,
  operands: readonly Expression[],
  immediates: readonly number[] = [],
): InstructionNode<T> {
  return { kind: 'instruction', type, code, operands, immediates };
}

function constant<T extends ValueType>(type: T): Constant<T> {
  return { const: (value): ConstantNode<T> => ({ kind: 'constant', type, value }) };
}

export const i32: Family<'i32'> & Constant<'i32'> = family('i32', constant('i32'));
export const i64: Family<'i64'> & Constant<'i64'> = family('i64', constant('i64'));
export const f32: Family<'f32'> & Constant<'f32'> = family('f32', constant('f32'));
export const f64: Family<'f64'> & Constant<'f64'> = family('f64', constant('f64'));

export const i32x4: Family<'i32x4'> = family('i32x4', {});
export const i64x2: Family<'i64x2'> = family('i64x2', {});
export const i16x8: Family<'i16x8'> = family('i16x8', {});
export const f32x4: Family<'f32x4'> = family('f32x4', {});
export const f64x2: Family<'f64x2'> = family('f64x2', {});

export const v128: Family<'v128'> & VectorConstants = family('v128', {
  const: (bytes: readonly number[]): ConstantNode<'v128'> => ({ kind: 'constant', type: 'v128', value: bytes }),
});

export const i8x16: Family<'i8x16'> & Shuffle = family('i8x16', {
  shuffle: (x: Expression<'v128'>, y: Expression<'v128'>, lanes: readonly number[]) =>
    instruction(0xfd_000d, 'v128', [x, y], lanes),
});

type Atomics = typeof atomicInstructions;

/**
 * What threads on a shared memory meet by, on i32 in memory: `load`, `store`, `'rmw.add'` and `'rmw.cmpxchg'`, which
 * give what was there before; `wait32(at, expected, nanoseconds)`, which sleeps while `expected` is there (−1n: for
 * ever), and `notify(at, most)`, which wakes.
 */
export const atomic: Family<'i32.atomic', Atomics> & Family<'memory.atomic', Atomics> = family(
  'i32.atomic',
  family<object>('memory.atomic', {}, atomicInstructions),
  atomicInstructions,
);

/** The memory: its size in pages of 64 KiB, and growing it (gives the size before, or −1). */
export const memory: {
  readonly size: () => Expression<'i32'>;
  readonly grow: (pages: Operand<'i32'>) => Expression<'i32'>;
  readonly fill: (at: Operand<'i32'>, byte: Operand<'i32'>, length: Operand<'i32'>) => Expression<'none'>;
  readonly copy: (to: Operand<'i32'>, from: Operand<'i32'>, length: Operand<'i32'>) => Expression<'none'>;
} = {
  size: () => instruction(0x3f, 'i32', [], [0]),
  grow: (pages) => instruction(0x40, 'i32', [asExpression(pages, 'i32')], [0]),
  fill: (...operands) =>
    instruction(
      0xfc_000b,
      'none',
      operands.map((operand) => asExpression(operand, 'i32')),
      [0],
    ),
  copy: (...operands) =>
    instruction(
      0xfc_000a,
      'none',
      operands.map((operand) => asExpression(operand, 'i32')),
      [0, 0],
    ),
};

/** `x` where `condition` is not 0, else `y`; both are computed. */
export function select<T extends ValueType>(
  x: Expression<T>,
  y: Expression<T>,
  condition: Expression<'i32'>,
): Expression<T> {
  // the form that names its type, which vectors need
  return instruction(x.type === 'v128' ? 0x1c : 0x1b, x.type, [x, y, condition], x.type === 'v128' ? [1, 0x7b] : []);
}

/** Computes a value for its effects alone. */
export function drop(value: Expression<ValueType>): Expression<'none'> {
  return instruction(0x1a, 'none', [value]);
}
