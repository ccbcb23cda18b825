// A program that trains on two threads and then has nothing more to do.

import { dense, partsDone, ready } from './steps.ts';

const { step, x, y, memory } = dense(2);
step(x, y);
await ready(memory);
for (let i = 0; i < 8; i++) step(x, y);
console.log(`parts done: ${partsDone(memory)}`);
