// W7: how cost grows with depth, width and batch.

import { measure } from '../measure/measure.mjs';
import { atLeast, atMost } from '../report/target.mjs';
import { show, table } from '../report/text.mjs';
import { tapegrad } from '../runners.mjs';

const { compiled, large } = tapegrad;
const depths = [10, 100, 1000, 10_000, 100_000, 1_000_000];
const networks = [
  ...[32, 64, 128, 256, 512, 1024, 2048].map((width) => ({ width, batch: 128 })),
  ...[1, 4, 16, 64, 256, 1024, 4096].map((batch) => ({ width: 256, batch })),
];

/** @param {{ width: number, batch: number }} sizes */
const keyOf = ({ width, batch }) => `${width} × ${batch}`;

/** Of the products of a step: two forward, two of weights, one of the second layer's input. @param {{ width: number, batch: number }} sizes */
const flopOf = ({ width, batch }) => 2 * batch * width * width * 5;

/** @type {import('./workload.mjs').Workload} */
export const w7 = {
  data: [],
  async run(settings) {
    const deep = await measure(
      [large],
      depths.map((nodes) => ({ key: `${nodes}`, name: 'depth', argument: nodes })),
      settings,
    );
    const wide = await measure(
      [compiled],
      networks.map((sizes) => ({ key: keyOf(sizes), name: 'network', argument: sizes })),
      settings,
    );
    const cost = (/** @type {number} */ nodes) => (deep.ms(large.name, `${nodes}`) * 1000) / nodes;
    const speed = (/** @type {{ width: number, batch: number }} */ sizes) =>
      flopOf(sizes) / wide.ms(compiled.name, keyOf(sizes)) / 1e6;
    const speeds = networks.filter(({ width, batch }) => batch === 128 && width >= 128).map(speed);
    return {
      title: 'W7: how cost grows',
      about: `Depth: sin of one number, again and again, eager, forward and gradient. Width and batch: a compiled step of SGD of width–width–width with relu and mean square.`,
      parts: [
        table(
          ['nodes', 'µs a node'],
          depths.map((nodes) => [nodes.toLocaleString('en'), show(cost(nodes))]),
        ),
        table(
          ['width', 'batch', 'µs a step', 'GFLOP/s'],
          networks.map((sizes) => [
            `${sizes.width}`,
            `${sizes.batch}`,
            show(wide.ms(compiled.name, keyOf(sizes)) * 1000),
            show(speed(sizes)),
          ]),
        ),
      ],
      targets: [
        atMost('µs a node at 1,000,000 in times of that at 1,000', cost(1_000_000) / cost(1000), 1.5),
        atLeast('slowest in speeds of the fastest, width 128 and up', Math.min(...speeds) / Math.max(...speeds), 0.75),
      ],
      figures: [deep, wide],
    };
  },
};
