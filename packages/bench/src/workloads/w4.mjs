// W4: a long chain of small ops, where nothing counts but what an op costs before it computes.

import { chain } from '../data.mjs';
import { measure, measureFirst } from '../measure/measure.mjs';
import { limit } from '../report/limit.mjs';
import { atMost } from '../report/target.mjs';
import { agreement, show, subjectRows, table } from '../report/text.mjs';
import { peers, tapegrad } from '../runners.mjs';

const { compiled, plain, eager } = tapegrad;
const { pytorch, jax, tfjsWasm } = peers;
const runners = [compiled, plain, eager, pytorch, jax, tfjsWasm];
const [key, bare] = ['chain', 'bareChain'];

/** @type {import('./workload.mjs').Workload} */
export const w4 = {
  data: ['chain'],
  async run(settings) {
    const cases = [
      { key, name: key },
      { key: bare, name: bare, only: [eager] },
    ];
    const figures = await measure(runners, cases, settings);
    const first = await measureFirst([compiled], { key, name: key }, settings);
    const cost = (/** @type {string} */ name) => (figures.ms(name, key) * 1000) / chain.ops;
    return {
      title: 'W4: a chain of small ops',
      about: `tanh(x · a + b) on ${chain.size} elements, repeated to ${chain.ops} ops with the sum at the end; forward, and the gradient by x. The first run is in a
fresh process and includes what compiling takes; of tapegrad compiled it is the median of as many processes as there are rounds, else of one.`,
      parts: [
        table(
          ['', 'µs an op', 'in times of ours', 'first run, ms'],
          subjectRows(runners, figures, (name) => [
            show(cost(name)),
            show(figures.ratio(name, compiled.name, key)),
            show(name === compiled.name ? first.ms(name, key) : figures.series(name, key).first),
          ]),
        ),
        agreement('Sums', runners, (name) => figures.result(name, key)),
      ],
      targets: [
        atMost('eager', cost(eager.name), 2.5, ' µs an op'),
        atMost('eager in times of PyTorch', figures.ratio(eager.name, pytorch.name, key), 0.25),
        atMost('compiled', cost(compiled.name), 0.1, ' µs an op'),
        atMost('compiling, with the first run', first.ms(compiled.name, key), 300, ' ms'),
      ],
      limits: [
        limit(
          'the arithmetic in loops by hand, a new array for each result',
          (figures.ms(eager.name, bare) * 1000) / chain.ops,
          ' µs an op',
        ),
      ],
      figures: [figures, first],
    };
  },
};
