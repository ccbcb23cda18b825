// Checks of the numbers that element-wise ops take after their operands, and what these numbers do to the dtype.

import { type DType, isFloat } from '../dtype.ts';
import { nearestName, TapegradError } from '../errors.ts';
import { Tensor } from '../tensor.ts';

/** A wrong argument, as messages show it. */
export function describe(argument: unknown): string {
  if (argument instanceof Tensor) return 'a tensor';
  if (Array.isArray(argument)) return 'an array';
  return typeof argument === 'object' && argument !== null ? 'an object' : String(argument);
}

/** @throws TapegradError unless the options are an object that has none but these names. */
export function checkOptions(op: string, options: object | undefined, names: readonly string[]): void {
  if (options === undefined) return;
  const example = `{ ${names.map((name) => `${name}: …`).join(', ')} }`;
  if (typeof options !== 'object' || options === null || options instanceof Tensor) {
    throw new TapegradError(op, `the options are ${describe(options)}. Expected an object: ${example}.`);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TapegradError(op, `no option ${name}. Expected ${nearestName(name, names) ?? example}.`);
  }
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
