// The types of WebAssembly values, and how a signature in words becomes the types of arguments. No instructions.

/** A type of values. `v128` holds lanes of any kind: the instruction says which. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** What an expression leaves behind: a value, or `none` for a statement. */
export type Type = ValueType | 'none';

/** How the binary format writes each type. */
export const typeCodes: { readonly [T in ValueType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** The types that an instruction takes and gives, such as `'i32 i32 -> i32'`, `'i32 f32 -> none'`, `' -> i32'`. */
export type Signature = `${string} -> ${Type}`;

/** The types that a signature takes, as a tuple. */
export type Takes<S extends Signature> = S extends `${infer Words} -> ${Type}` ? Split<Words> : never;

/** The type that a signature gives. */
export type Gives<S extends Signature> = S extends `${string} -> ${infer T extends Type}` ? T : never;

type Split<Words extends string> = Words extends `${infer First extends ValueType} ${infer Rest}`
  ? [First, ...Split<Rest>]
  : Words extends ValueType
    ? [Words]
    : [];

/** The types before and after the arrow. */
export function readSignature(signature: Signature): { readonly takes: readonly ValueType[]; readonly gives: Type } {
  const [before, after] = signature.split(' -> ');
  return { takes: before === '' ? [] : (before!.split(' ') as ValueType[]), gives: after as Type };
}
