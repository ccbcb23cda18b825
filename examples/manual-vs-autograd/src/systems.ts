// The five systems, in order.

import type { System } from './system.ts';
import { systemA } from './system-a.ts';
import { systemB } from './system-b.ts';
import { systemC } from './system-c.ts';
import { systemD } from './system-d.ts';
import { systemE } from './system-e.ts';

/** All systems. */
export const systems: readonly System[] = [systemA, systemB, systemC, systemD, systemE];
