// Tensors of evenly spaced numbers.

import { toData, wrap } from './arrays.ts';
import { fromData } from './create.ts';
import { checkDType, type DType, type FloatDType, newData } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { checkWhole } from './nested.ts';
import type { Tensor } from './tensor.ts';

/** How {@link arange} gives its result. */
export interface ArangeOptions {
  /** Default: float32. Positions for take and its relatives are int32. */
  readonly dtype?: Exclude<DType, 'bool'>;
}

/**
 * The numbers from 0 up to, not including, `stop`; or from `start`, in steps of `step`. Each is `start + i·step`, rounded once,
 * so that errors do not pile up; there are ⌈(stop − start) / step⌉ of them, as in NumPy.
 *
 * ```ts
 * arange(4).toArray(); // → 0,1,2,3
 * arange(5, 0, -2).toArray(); // → 5,3,1
 * arange(3, { dtype: 'int32' }).dtype; // → int32
 * ```
 *
 * @throws TapegradError for a step of 0, for bounds that are not finite, and for fractions in an int32 tensor.
 */
export function arange(stop: number, options?: ArangeOptions): Tensor;
export function arange(start: number, stop: number, options?: ArangeOptions): Tensor;
export function arange(start: number, stop: number, step: number, options?: ArangeOptions): Tensor;
export function arange(...args: readonly (number | ArangeOptions | undefined)[]): Tensor {
  const last = args.at(-1);
  const { dtype = 'float32' } = typeof last === 'object' ? last : {};
  const numbers = args.filter((arg) => typeof arg !== 'object' && arg !== undefined);
  const [start, stop, step = 1] = (numbers.length <= 1 ? [0, ...numbers] : numbers) as [number, number, number?];
  checkFinite('arange', { start, stop, step });
  if (step === 0) throw new TapegradError('arange', 'step is 0. Expected another number.');
  return spaced('arange', Math.max(0, Math.ceil((stop - start) / step)), dtype, (i) => start + i * step);
}

/** How {@link linspace} spaces its numbers. */
export interface LinspaceOptions {
  /** Whether `stop` is the last of them. Default: true. */
  readonly endpoint?: boolean;
  /** Default: float32. */
  readonly dtype?: FloatDType;
}

/**
 * `count` evenly spaced numbers from `start` to `stop`. The last is `stop` itself, or with `endpoint: false` a step before it.
 *
 * ```ts
 * linspace(0, 1, 5).toArray(); // → 0,0.25,0.5,0.75,1
 * linspace(0, 1, 4, { endpoint: false }).toArray(); // → 0,0.25,0.5,0.75
 * ```
 *
 * @throws TapegradError for bounds that are not finite, and for a count that is no whole number >= 0.
 */
export function linspace(start: number, stop: number, count: number, options: LinspaceOptions = {}): Tensor {
  const { endpoint = true, dtype = 'float32' } = options;
  checkFinite('linspace', { start, stop });
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new TapegradError('linspace', `count is ${count}. Expected a whole number >= 0.`);
  }
  const parts = endpoint ? count - 1 : count;
  const span = stop - start;
  return spaced('linspace', count, dtype, (i) => {
    if (i === 0) return start;
    return i === parts ? stop : start + (span * i) / parts;
  });
}

function checkFinite(op: string, bounds: { readonly [name: string]: number | undefined }): void {
  for (const [name, value] of Object.entries(bounds)) {
    if (!Number.isFinite(value)) throw new TapegradError(op, `${name} is ${value}. Expected a finite number.`);
  }
}

function spaced(op: string, count: number, dtype: DType, element: (i: number) => number): Tensor {
  checkDType(op, dtype);
  if (dtype === 'bool') throw new TapegradError(op, 'dtype is bool. Expected float32, float64 or int32.');
  const exact = wrap(newData('float64', count), [count]);
  for (let i = 0; i < count; i++) exact.data[i] = element(i);
  if (dtype === 'int32') checkWhole(op, exact);
  return fromData(toData(exact, dtype), [count], dtype);
}
