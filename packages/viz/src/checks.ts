// Checks of arguments and options that several pictures share, and reading lists of numbers.

import { nearestName, showShape, TapegradError, Tensor } from '@tapegrad/core';

/** Numbers in a row: a list, a typed array, or a tensor of rank 1. */
export type Numbers =
  | readonly number[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Tensor;

/** A value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Tensor) return `a tensor ${value.dtype}${showShape(value.shape)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return String(value);
}

/** The names of all options of an interface, as a table: one that is missing or too much does not compile. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/** @throws TapegradError for what is no object, and for an option that is none of `names`, naming the nearest one. */
export function requireOptions<Options extends object>(
  op: string,
  what: string,
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TapegradError(op, `${what} is ${show(options)}. Expected an object of options.`);
  }
  const known = Object.keys(names);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new TapegradError(op, `${what} has no option ${name}.${question} Known: ${known.join(', ')}.`);
  }
}

/** @throws TapegradError unless `value` is a text with something in it. */
export function requireText(op: string, name: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a text that is not empty.`);
}

/** @throws TapegradError unless `value` is one of `allowed`. */
export function requireOneOf(op: string, name: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected ${allowed.map(show).join(' or ')}.`);
}

/** @throws TapegradError unless `value` is a finite number of at least `least`. */
export function requireAtLeast(op: string, name: string, value: unknown, least: number): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a finite number of at least ${least}.`);
}

/** @throws TapegradError unless `value` is a whole number of at least `least`. */
export function requireCount(op: string, name: string, value: unknown, least: number): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a whole number of at least ${least}.`);
}

/** @throws TapegradError unless `range` is two finite numbers, the smaller one first. */
export function requireRange(op: string, name: string, range: unknown): asserts range is readonly [number, number] {
  const numbers = Array.isArray(range) && range.length === 2 && range.every((end) => Number.isFinite(end));
  if (numbers && range[0] < range[1]) return;
  const shown = Array.isArray(range) ? `[${range.map(show).join(', ')}]` : show(range);
  throw new TapegradError(op, `${name} is ${shown}. Expected two finite numbers, the smaller one first.`);
}

/** A copy of numbers in a row; infinities and NaN are let through. @throws TapegradError for anything else. */
export function numbersOf(op: string, name: string, values: unknown): number[] {
  if (values instanceof Tensor && values.rank !== 1) {
    throw new TapegradError(op, `${name} is ${show(values)}. Expected rank 1; flatten it, e.g. x.flatten().`);
  }
  const list = values instanceof Tensor ? values.toData() : values;
  if (!Array.isArray(list) && (!ArrayBuffer.isView(list) || list instanceof DataView)) {
    throw new TapegradError(op, `${name} is ${show(values)}. Expected a list of numbers or a tensor of rank 1.`);
  }
  return Array.from(list as ArrayLike<unknown>, (value, i) => {
    if (typeof value === 'number') return value;
    throw new TapegradError(op, `${name} is ${show(value)} at position ${i}. Expected a number.`);
  });
}
