// Names: looking things up by them, making them, and what messages say of one that nobody knows; and how messages show values.

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

const mostShown = 3;

/** A value as messages show it: of long lists the beginning. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostShown).map(show);
    return `[${[...shown, ...(value.length > mostShown ? ['…'] : [])].join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return String(value);
}

/** `BatchNormalization` → `batch_normalization`, as Keras names layers. */
export function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
