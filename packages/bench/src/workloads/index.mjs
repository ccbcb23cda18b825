// All workloads, by the names that `pnpm bench` knows them by.

import { w1 } from './w1.mjs';
import { w2 } from './w2.mjs';
import { w3 } from './w3.mjs';
import { w4 } from './w4.mjs';
import { w5 } from './w5.mjs';
import { w6 } from './w6.mjs';
import { w7 } from './w7.mjs';
import { w8 } from './w8.mjs';

/** @type {{ readonly [name: string]: import('./workload.mjs').Workload }} */
export const workloads = { w1, w2, w3, w4, w5, w6, w7, w8 };
