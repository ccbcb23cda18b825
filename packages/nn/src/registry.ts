// Looking things up by name: what messages say of a name that nobody knows.

import { nearestName, TapegradError } from '@tapegrad/core';

/**
 * The entry under `name`.
 *
 * @throws TapegradError for an unknown name: the nearest one, and all of them. Names as Keras writes them
 * (`binary_crossentropy`) are near to ours.
 */
export function byName<T>(op: string, kind: string, name: string, table: { readonly [name: string]: T }): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new TapegradError(op, `no ${kind} ${name}.${suggestion(name, Object.keys(table))}`);
}

/** ` Did you mean relu? Known: linear, relu.` The question only where a name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Known: ${known.join(', ')}.`;
}

/** A value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return String(value);
}
