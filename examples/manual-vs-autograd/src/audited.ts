// The audits of several systems, one after the other.

import type { Combination, System } from './system.ts';

/** A system with what its audits found. */
export interface Audited {
  readonly system: System;
  readonly combinations: readonly Combination[];
}

/** Audits the systems in order; each comes as soon as it is done. */
export async function* auditAll(systems: readonly System[], seed: number): AsyncGenerator<Audited, void> {
  for (const system of systems) yield { system, combinations: await system.audit(seed) };
}
