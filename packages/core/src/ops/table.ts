// The table of all ops: what the tests, the docs and other packages go through. It adds nothing to the entries.

import type { OpEntry } from '../op-entry.ts';
import * as elementwise from './elementwise.ts';
import * as linalg from './linalg.ts';
import * as reductions from './reductions.ts';
import * as structure from './structure.ts';

type Modules = typeof elementwise & typeof reductions & typeof structure & typeof linalg;

/** Every op of the library, by name. */
export type OpTable = {
  readonly [K in keyof Modules as Modules[K] extends { entry: OpEntry } ? K : never]: Modules[K];
};

/** The functions of all ops, by name. Each carries its entry. */
export const ops: OpTable = Object.fromEntries(
  [elementwise, reductions, structure, linalg].flatMap((module) =>
    Object.entries(module).filter(([, value]) => 'entry' in value),
  ),
) as unknown as OpTable;

/** The entries of all ops. */
export const entries: readonly OpEntry[] = Object.values(ops).map((op) => op.entry);
