// Checks of arguments and options that several functions share.

import { nearestName, RandomGenerator, TapegradError, Tensor } from '@tapegrad/core';

/** A value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return String(value);
}

/** @throws TapegradError for what is no tensor. */
export function requireTensor(op: string, name: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a tensor; make one by tensor(${name}).`);
}

/** The names of all options of an interface, as a table: one that is missing or too much does not compile. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/** @throws TapegradError for what is no object, and for an option that is none of `names`, naming the nearest one. */
export function requireOptions<Options extends object>(
  op: string,
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TapegradError(op, `the options are ${show(options)}. Expected an object of options.`);
  }
  const known = Object.keys(names);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new TapegradError(op, `no option ${name}.${question} Known: ${known.join(', ')}.`);
  }
}

/** @throws TapegradError unless `value` is true or false. */
export function requireBoolean(op: string, name: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected true or false.`);
}

/** Random numbers from the seed. @throws TapegradError for what is no seed. */
export function randomFrom(op: string, seed: number | undefined): RandomGenerator {
  try {
    return new RandomGenerator(seed);
  } catch (cause) {
    if (!(cause instanceof TapegradError)) throw cause;
    throw new TapegradError(op, cause.message.slice(`${cause.op}: `.length), { cause });
  }
}
