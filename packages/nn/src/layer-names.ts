// The names of layers: those that stand beside each other, and those in errors.

import { AnomalyError, TapegradError } from '@tapegrad/core';
import { snakeCase } from './registry.ts';

/** A layer, as far as it is named. */
export interface Named {
  readonly className: string;
  /** The name that it keeps: the user's, or the one that it was built under. */
  readonly keptName: string | undefined;
}

/** A name for each layer: the one that it keeps, or one after its class that no other one of them has. */
export function namesFor(layers: readonly Named[]): readonly string[] {
  const taken = new Set(layers.map(({ keptName }) => keptName));
  return layers.map(({ className, keptName }) => {
    if (keptName !== undefined) return keptName;
    const base = snakeCase(className) || 'layer';
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
    taken.add(name);
    return name;
  });
}

/** @throws TapegradError for a name that comes twice. */
export function requireDifferentNames(op: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new TapegradError(op, `two layers have the name ${twice}. Give each a name of its own.`);
}

/** The error as one of this layer. */
export function inNameOfLayer(
  { name, className }: { readonly name: string; readonly className: string },
  error: unknown,
): unknown {
  // where a NaN was born is told with its layer already
  if (!(error instanceof Error) || error instanceof AnomalyError) return error;
  // A layer's own complaint needs no other name than the layer's; an op's keeps its name.
  const own = error instanceof TapegradError && (error.op === 'call' || error.op === 'build');
  const message = own ? error.message.slice(`${error.op}: `.length) : error.message;
  return new TapegradError(`layer ${name} (${className})`, message, { cause: error });
}
