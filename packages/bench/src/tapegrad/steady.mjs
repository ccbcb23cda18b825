// What many steps leave behind in memory.

import { stepOf, tensorBatches } from './training.mjs';

function collected() {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('internal: this process needs --expose-gc.');
  gc();
  gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { heapUsed, rss, external };
}

/**
 * One run: so many compiled steps of W1.
 * @param {{ steps: number }} argument
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function steady({ steps }) {
  const step = stepOf({ network: 'w1', optimizer: 'adam', unit: 'step' })();
  const [batch] = tensorBatches('w1');
  if (batch === undefined) throw new Error('internal: there is no batch.');
  for (let i = 0; i < 5000; i++) step(batch.x, batch.y);
  let [before, after] = [collected(), collected()];
  let loss = Number.NaN;
  return {
    run: () => {
      before = collected();
      for (let i = 0; i < steps; i++) loss = step(batch.x, batch.y).item();
      after = collected();
    },
    result: () => ({ before, after, loss }),
  };
}
