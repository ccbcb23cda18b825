// W8: what a hundred thousand steps leave behind.

import { measureFirst } from '../measure/measure.mjs';
import { atMost } from '../report/target.mjs';
import { table } from '../report/text.mjs';
import { tapegrad } from '../runners.mjs';

const { counted } = tapegrad;
const [key, steps] = ['steady', 100_000];

/** @typedef {{ heapUsed: number, rss: number, external: number }} Bytes */

/** @type {import('./workload.mjs').Workload} */
export const w8 = {
  data: ['w1'],
  async run(settings) {
    const figures = await measureFirst([counted], { key, name: key, argument: { steps } }, { ...settings, rounds: 1 });
    const result = /** @type {{ before: Bytes, after: Bytes } | undefined} */ (
      figures.series(counted.name, key).result
    );
    const kinds = /** @type {const} */ ({ heapUsed: 'heap', external: 'outside of the heap', rss: 'resident set' });
    const mega = (/** @type {number | undefined} */ bytes) => (Number(bytes) / 2 ** 20).toFixed(2);
    const grown = (/** @type {keyof Bytes} */ kind) =>
      (Number(result?.after[kind]) - Number(result?.before[kind])) / steps;
    const reason = figures.missing.get(counted.name);
    return {
      title: 'W8: memory over many steps',
      about: `${steps.toLocaleString('en')} compiled steps of W1 with Adam, after 5,000 to warm up; garbage is collected before and after.`,
      parts: [
        table(
          ['', 'before, MiB', 'after, MiB', 'bytes a step'],
          /** @type {(keyof Bytes)[]} */ (Object.keys(kinds)).map((kind) => [
            kinds[kind],
            mega(result?.before[kind]),
            mega(result?.after[kind]),
            grown(kind).toFixed(2),
          ]),
        ),
        ...(reason === undefined ? [] : [reason]),
      ],
      targets: [
        // a heap that is flat still moves by some kilobytes between two collections
        atMost('heap', grown('heapUsed'), 1, ' bytes a step'),
        atMost('outside of the heap', grown('external'), 1, ' bytes a step'),
        // the engine gives pages back when it wants
        atMost('resident set', grown('rss'), 100, ' bytes a step'),
      ],
      figures: [figures],
    };
  },
};
