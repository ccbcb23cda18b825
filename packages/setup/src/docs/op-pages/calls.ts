// A sample of an op as a call: its value, and its code.

import { type Entry, ops, type Sample, type Tensor, tensor } from '@tapegrad/core';
import type { Signature } from './declarations.ts';
import { type Manner, type Operand, readableOperands } from './operands.ts';
import { literal } from './text.ts';

const maxShown = 24;
const maxWidth = 160;

/** What an op gives: a tensor, or several. */
export type Result = Tensor | readonly Tensor[];

/** The op's value for operands and arguments. */
export function resultOf(entry: Entry, operands: readonly Tensor[], args: readonly unknown[] = []): Result {
  const op = ops[entry.name as keyof typeof ops] as unknown as (...all: unknown[]) => Result;
  if (entry.argumentsFirst) return op(...args, ...operands);
  return op(...(entry.variadic ? [operands] : operands), ...args);
}

/** The same as code. */
export function callText(entry: Entry, names: readonly string[], args: readonly unknown[] = []): string {
  const given = argumentTexts(args);
  const operands = entry.variadic && !entry.argumentsFirst ? [`[${names.join(', ')}]`] : names;
  return `${entry.name}(${(entry.argumentsFirst ? [...given, ...operands] : [...operands, ...given]).join(', ')})`;
}

/** The arguments of a call as code, without those at the end that are not given. */
export function argumentTexts(args: readonly unknown[]): string[] {
  const last = args.findLastIndex((arg) => arg !== undefined);
  return args.slice(0, last + 1).map((arg) => literal(arg) ?? '…');
}

/** Whether a call can be written down: what its arguments are made of is all literals. */
export function isWritable({ args = [] }: Sample): boolean {
  return args.every((arg) => literal(arg) !== undefined);
}

/** One tensor after the other. */
export function all(result: Result): readonly Tensor[] {
  return Array.isArray(result) ? result : [result as Tensor];
}

/** The operands of a sample that gradients flow to, by their positions. */
export function differentiable(entry: Entry, sample: Sample): number[] {
  return [...sample.inputs.keys()].filter(
    (i) =>
      sample.inputs[i]!.dtype === undefined && entry.differentiable.includes(entry.inputs[entry.variadic ? 0 : i]!),
  );
}

/** The operands of a sample, numbered so that the result shows what the op does. */
export function tellingOperands(entry: Entry, sample: Sample): Operand[] {
  const by = (manner: Manner): Operand[] => readableOperands(entry, sample, manner);
  // where nothing is differentiable, jumps are what matters, most of them about 0
  if (entry.differentiable.length === 0 || isElementwise(entry, by('shuffled'), sample)) return by('signed');
  const counting = by('counting');
  const ways = [counting, by('shuffled'), by('signed')];
  return ways.find((operands) => !saysNothing(entry, operands, sample)) ?? counting;
}

/** Whether each element of the result comes of the one in its place in the first operand: found out by moving each. */
function isElementwise(entry: Entry, operands: readonly Operand[], sample: Sample): boolean {
  const [x] = operands;
  if (x?.value.dtype !== 'float32' || x.value.size === 0) return false;
  // a triangle of a matrix, or additions at positions, are no reason for negative numbers
  if (operands.length === 1 ? x.value.rank > 1 : operands.some(({ value }) => value.dtype === 'int32')) return false;
  const values = operands.map((operand) => operand.value);
  const of = (first: Tensor): Tensor => all(resultOf(entry, [first, ...values.slice(1)], sample.args))[0]!;
  const before = of(x.value);
  if (String(before.shape) !== String(x.value.shape)) return false;
  return [...x.value.toData().keys()].every((moved) => {
    const data = Float64Array.from(x.value.toData());
    data[moved]! += 0.1;
    const after = of(tensor(data, { shape: x.value.shape, dtype: 'float32' })).toData();
    return before.toData().every((value, i) => i === moved || value === after[i]);
  });
}

/** Whether the result is the operand again, counts along it (as argsort of what is sorted), or is the same everywhere. */
export function saysNothing(entry: Entry, operands: readonly Operand[], sample: Sample): boolean {
  const x = operands[0]?.value;
  if (x === undefined || x.size < 2) return true;
  const values = operands.map((operand) => operand.value);
  const result = all(resultOf(entry, values, sample.args))[0]!;
  if (result.size < 2) return false;
  const [data, elements, length] = [result.toData(), x.toData(), x.shape.at(-1) ?? 1];
  if (data.every((value) => value === data[0])) return true;
  if (String(result.shape) !== String(x.shape)) return false;
  return data.every((value, i) => value === elements[i]) || data.every((value, i) => value === i % length);
}

/** The names in a result such as `readonly [values: Tensor, indices: Tensor]`. */
export function tupleNames({ result }: Signature): string[] {
  return result.includes('[]') ? [] : Array.from(result.matchAll(/(\w+): Tensor/g), ([, name]) => name!);
}

/** A statement with its value behind it, or the shape of a large one. */
export function shown(expression: string, value: Tensor): string {
  const line = `${expression}; // → ${value}`;
  if (value.size <= maxShown && line.length <= maxWidth) return line;
  return `${expression}.shape; // → ${value.shape}`;
}
