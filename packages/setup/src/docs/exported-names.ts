// Reads the names that a package exports from its index.ts, which lists each of them.

import type { ExportedName } from './module.ts';

/**
 * The names in the `export { … }` and `export type { … }` lists of a package's index.ts.
 * @param from the name of the package
 */
export function exportedNames(from: string, index: string): ExportedName[] {
  const withoutComments = index.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return Array.from(withoutComments.matchAll(/\bexport\s+(type\s+)?\{([^}]*)\}/g)).flatMap(([, allTypes, list = '']) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => ({
        from,
        name: entry.split(/\s+/).at(-1)!,
        isType: allTypes !== undefined || entry.startsWith('type '),
      })),
  );
}
