// Nested lists of numbers, read into an array, with errors that name the place. Shared by `tensor` and by ops that take lists.

import { copyOf, type NdArray, type Nested, wrap } from './arrays.ts';
import { type DType, newData } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** How many axes lists may have: one that contains itself has no end. */
const deepest = 64;

/**
 * The numbers of nested lists as a float64 array, and the dtype that they would have by themselves. `what` is how messages
 * call the lists.
 *
 * @throws TapegradError for lists of different lengths, and for what is no number.
 */
export function readNested(op: string, what: string, data: Nested): readonly [array: NdArray, dtype: DType] {
  const shape: number[] = [];
  for (let level: Nested = data; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
    if (shape.length > deepest) {
      throw new TapegradError(
        op,
        `${what} is nested more than ${deepest} deep. Expected lists that do not contain themselves.`,
      );
    }
  }
  const store = newData('float64', sizeOf(shape));
  let filled = 0;
  let booleans = 0;
  const walk = (value: Nested, axis: number, path: string): void => {
    if (axis === shape.length) {
      if (typeof value === 'boolean') booleans++;
      else if (typeof value !== 'number') throw notANumber(op, value, path);
      store[filled++] = Number(value);
      return;
    }
    if (!Array.isArray(value)) throw notANumber(op, value, path, `a list of ${shape[axis]}`);
    if (value.length !== shape[axis]) {
      throw new TapegradError(
        op,
        `${path} has ${value.length} elements, the first list at its level ${shape[axis]}. Expected equal lengths.`,
      );
    }
    // not forEach, which passes over holes
    for (let i = 0; i < value.length; i++) walk(value[i] as Nested, axis + 1, `${path}[${i}]`);
  };
  walk(data, 0, what);
  return [wrap(store, shape), booleans > 0 && booleans === filled ? 'bool' : 'float32'];
}

function notANumber(op: string, value: unknown, path: string, expected = 'a number'): TapegradError {
  const what = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? 'a list' : describe(value);
  return new TapegradError(op, `${path} is ${what}. Expected ${expected}.`);
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return 'a tensor';
  if (typeof value === 'bigint') return `the bigint ${value}`;
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor?.name ?? 'nothing'}`;
  return String(value);
}

/** @throws TapegradError unless int32 can hold every element. */
export function checkWhole(op: string, source: NdArray): void {
  const values = copyOf(source, 'float64').data;
  const at = values.findIndex((value) => !Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31);
  if (at < 0) return;
  const expected = Number.isInteger(values[at]) ? 'Expected -2147483648 to 2147483647' : 'Expected whole numbers';
  throw new TapegradError(op, `element ${at} is ${values[at]}. ${expected} for int32.`);
}
