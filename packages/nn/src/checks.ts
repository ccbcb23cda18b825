// Checks of options and arguments, and the way in which an error gains the name of the call that it came out of.

import { AnomalyError, type Shape, TapegradError, Tensor } from '@tapegrad/core';
import { show, suggestion } from './registry.ts';

/** @throws TapegradError unless `value` is a whole number >= `least`. */
export function requireWhole(op: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a whole number >= ${least}.`);
}

/** @throws TapegradError unless `value` is a finite number that `holds`; `range` says in words which ones do. */
export function requireNumber(
  op: string,
  name: string,
  value: number,
  range: string,
  holds: (value: number) => boolean,
): void {
  if (Number.isFinite(value) && holds(value)) return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected a number ${range}.`);
}

/** @throws TapegradError unless `value` is a rate from 0 up to, not including, 1. */
export function requireFraction(op: string, name: string, value: number): void {
  requireNumber(op, name, value, '>= 0 and < 1', (rate) => rate >= 0 && rate < 1);
}

/** @throws TapegradError unless `value` is true or false. */
export function requireBoolean(op: string, name: string, value: boolean): void {
  if (typeof value === 'boolean') return;
  throw new TapegradError(op, `${name} is ${show(value)}. Expected true or false.`);
}

/** @throws TapegradError for what is no shape of a row. */
export function requireRowShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new TapegradError(op, `inputShape is ${show(shape)}. Expected the shape of one row, e.g. [30].`);
  }
  if (shape.every((length) => Number.isInteger(length) && length >= 1)) return;
  throw new TapegradError(
    op,
    `inputShape is ${show(shape)}. Expected the shape of one row, without the batch, in whole numbers >= 1.`,
  );
}

/** @throws TapegradError for what is no tensor; `what` says in the plural what it should be. */
export function requireTensor(op: string, what: string, value: Tensor): void {
  if (value instanceof Tensor) return;
  throw new TapegradError(op, `${what} are ${show(value)}. Expected a tensor, e.g. tensor([[1, 2]]).`);
}

/** @throws TapegradError for what is no object: a number in place of options would be ignored. */
export function requireOptions(op: string, options: object): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  throw new TapegradError(op, `the options are ${show(options)}. Expected an object of options.`);
}

/** @throws TapegradError for an option that is none of `known`, naming the nearest one. */
export function requireKnownOptions(op: string, options: object, known: readonly string[]): void {
  requireOptions(op, options);
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TapegradError(op, `no option ${name}.${suggestion(name, known)}`);
  }
}

/** Runs `f`; a mistake that it reports is reported as one of `op`, which the user called. */
export function within<T>(op: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw inNameOf(op, error);
  }
}

/** The error in the name of `op`. What is no mistake of the caller passes unchanged. */
export function inNameOf(op: string, error: unknown): unknown {
  // where a NaN was born is told in the name of the op already
  if (!(error instanceof TapegradError) || error instanceof AnomalyError || error.op === op) return error;
  return new TapegradError(op, error.message, { cause: error });
}
