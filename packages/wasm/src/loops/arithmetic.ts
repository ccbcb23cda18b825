// What is done with four elements at a time. Functions such as exp and tanh are in ../math.

import type { Expression } from '../assembler/expression.ts';
import { f32x4, f64x2, i32x4, v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { type ElementType, keepQuad, narrowMask, type Quad, widenMask } from './quad.ts';

type Numeric = Exclude<ElementType, 'bool'>;
type Vector = Expression<'v128'>;
type Unary = (x: Vector) => Vector;
type Binary = (x: Vector, y: Vector) => Vector;

/** From one number another of the same kind. */
export type UnaryName = 'neg' | 'abs' | 'sqrt' | 'floor' | 'ceil' | 'trunc' | 'nearest';
/** From two numbers another of the same kind. `min` and `max` give NaN where one of them is NaN. */
export type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max';
/** From two numbers a truth value. */
export type ComparisonName = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
/** From two truth values another. */
export type LogicalName = 'and' | 'or';

const same: Unary = (x) => x;

const unaries: { readonly [N in UnaryName]: { readonly [T in Numeric]?: Unary } } = {
  neg: { f32: f32x4.neg, f64: f64x2.neg, i32: i32x4.neg },
  abs: { f32: f32x4.abs, f64: f64x2.abs, i32: i32x4.abs },
  sqrt: { f32: f32x4.sqrt, f64: f64x2.sqrt },
  floor: { f32: f32x4.floor, f64: f64x2.floor, i32: same },
  ceil: { f32: f32x4.ceil, f64: f64x2.ceil, i32: same },
  trunc: { f32: f32x4.trunc, f64: f64x2.trunc, i32: same },
  nearest: { f32: f32x4.nearest, f64: f64x2.nearest, i32: same },
};

const binaries: { readonly [N in BinaryName]: { readonly [T in Numeric]?: Binary } } = {
  add: { f32: f32x4.add, f64: f64x2.add, i32: i32x4.add },
  sub: { f32: f32x4.sub, f64: f64x2.sub, i32: i32x4.sub },
  mul: { f32: f32x4.mul, f64: f64x2.mul, i32: i32x4.mul },
  div: { f32: f32x4.div, f64: f64x2.div },
  min: { f32: f32x4.min, f64: f64x2.min, i32: i32x4.min_s },
  max: { f32: f32x4.max, f64: f64x2.max, i32: i32x4.max_s },
};

const comparisons: { readonly [N in ComparisonName]: { readonly [T in Numeric]: Binary } } = {
  eq: { f32: f32x4.eq, f64: f64x2.eq, i32: i32x4.eq },
  ne: { f32: f32x4.ne, f64: f64x2.ne, i32: i32x4.ne },
  lt: { f32: f32x4.lt, f64: f64x2.lt, i32: i32x4.lt_s },
  le: { f32: f32x4.le, f64: f64x2.le, i32: i32x4.le_s },
  gt: { f32: f32x4.gt, f64: f64x2.gt, i32: i32x4.gt_s },
  ge: { f32: f32x4.ge, f64: f64x2.ge, i32: i32x4.ge_s },
};

/** Whether there is such an instruction for elements of a kind. */
export function hasArithmetic(name: UnaryName | BinaryName, type: ElementType): boolean {
  return (
    type !== 'bool' && (name in unaries ? unaries[name as UnaryName] : binaries[name as BinaryName])[type] !== undefined
  );
}

export function unaryQuad(steps: Steps, name: UnaryName, x: Quad): Quad {
  const apply = unaries[name][x.type as Numeric]!;
  return keepQuad(
    steps,
    x.type,
    x.parts.map((part) => apply(part)),
  );
}

export function binaryQuad(steps: Steps, name: BinaryName, x: Quad, y: Quad): Quad {
  const apply = binaries[name][x.type as Numeric]!;
  return keepQuad(
    steps,
    x.type,
    x.parts.map((part, p) => apply(part, y.parts[p]!)),
  );
}

/** Compares numbers of the same kind; truth values only for equality. */
export function compareQuads(steps: Steps, name: ComparisonName, x: Quad, y: Quad): Quad {
  const apply = comparisons[name][x.type === 'bool' ? 'i32' : x.type];
  const parts = x.parts.map((part, p) => apply(part, y.parts[p]!));
  return keepQuad(steps, 'bool', [parts.length === 1 ? parts[0]! : narrowMask(parts[0]!, parts[1]!)]);
}

export function logicalQuad(steps: Steps, name: LogicalName, x: Quad, y: Quad): Quad {
  return keepQuad(steps, 'bool', [v128[name](x.parts[0]!, y.parts[0]!)]);
}

export function notQuad(steps: Steps, x: Quad): Quad {
  return keepQuad(steps, 'bool', [v128.not(x.parts[0]!)]);
}

/** x where the condition holds, elsewhere y, which is of the same kind. */
export function selectQuad(steps: Steps, condition: Quad, x: Quad, y: Quad): Quad {
  const masks = x.parts.length === 1 ? condition.parts : widenMask(condition.parts[0]!);
  return keepQuad(
    steps,
    x.type,
    x.parts.map((part, p) => v128.bitselect(part, y.parts[p]!, masks[p]!)),
  );
}

/** x · y + z, rounded once where SIMD is relaxed (and the machine can). */
export function multiplyAddQuad(steps: Steps, x: Quad, y: Quad, z: Quad, relaxed: boolean): Quad {
  if (!relaxed || x.type === 'i32') return binaryQuad(steps, 'add', binaryQuad(steps, 'mul', x, y), z);
  const apply = x.type === 'f32' ? f32x4.relaxed_madd : f64x2.relaxed_madd;
  return keepQuad(
    steps,
    x.type,
    x.parts.map((part, p) => apply(part, y.parts[p]!, z.parts[p]!)),
  );
}

/** Where the bits of two whole numbers differ. */
export function xorQuads(steps: Steps, x: Quad, y: Quad): Quad {
  return keepQuad(steps, x.type, [v128.xor(x.parts[0]!, y.parts[0]!)]);
}

/** The bits of whole numbers moved to the left, or to the right with zeros behind them. */
export function shiftQuad(steps: Steps, name: 'shl' | 'shr', x: Quad, by: number): Quad {
  const shift = name === 'shl' ? i32x4.shl : i32x4.shr_u;
  return keepQuad(steps, x.type, [shift(x.parts[0]!, by)]);
}
