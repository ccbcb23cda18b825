// Checks of what ops take after their operands: options, flags, numbers; and what numbers do to the dtype.

import { type DType, isFloat } from '../dtype.ts';
import { nearestName, TapegradError } from '../errors.ts';
import { Tensor } from '../tensor.ts';

/** A wrong argument, as messages show it. */
export function describe(argument: unknown): string {
  if (argument instanceof Tensor) return 'a tensor';
  if (Array.isArray(argument)) return 'an array';
  if (typeof argument === 'string') return JSON.stringify(argument);
  if (typeof argument === 'function') return 'a function';
  return typeof argument === 'object' && argument !== null ? 'an object' : String(argument);
}

/** @throws TapegradError unless the options are an object that has none but these names. */
export function checkOptions(op: string, options: object | undefined, names: readonly string[]): void {
  if (options === undefined) return;
  const example = (): string => `{ ${names.map((name) => `${name}: …`).join(', ')} }`;
  if (typeof options !== 'object' || options === null || options instanceof Tensor || Array.isArray(options)) {
    throw new TapegradError(op, `the options are ${describe(options)}. Expected an object: ${example()}.`);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TapegradError(op, `no option ${name}. Expected ${nearestName(name, names) ?? example()}.`);
  }
}

/** @throws TapegradError unless these options, which are checked by {@link checkOptions}, are true or false. */
export function checkFlags(op: string, flags: { readonly [name: string]: boolean }): void {
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value === 'boolean') continue;
    throw new TapegradError(op, `${name} is ${describe(value)}. Expected true or false.`);
  }
}

/** A share of a whole. @throws TapegradError unless it is a number from 0 to 1. */
export function checkShare(op: string, name: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  throw new TapegradError(op, `${name} is ${describe(value)}. Expected a number from 0 to 1.`);
}

/** The one option of an op, a number. @throws TapegradError where it is something else, or not finite. */
export function numberOption<Name extends string>(
  op: string,
  options: { readonly [K in Name]?: number } | undefined,
  name: Name,
  otherwise: number,
): number {
  checkOptions(op, options, [name]);
  const value = options?.[name] ?? otherwise;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TapegradError(op, `${name} is ${describe(value)}. Expected a finite number.`);
}

/** The dtype of arithmetic with these numbers: whole numbers leave an int32 what it is, others make it float32. */
export function besideNumbers(dtype: DType, numbers: readonly number[]): DType {
  return isFloat(dtype) || numbers.every((value) => (value | 0) === value) ? dtype : 'float32';
}
