// W6: how long the first step takes.

import { measure, measureFirst } from '../measure/measure.mjs';
import { limit } from '../report/limit.mjs';
import { atMost } from '../report/target.mjs';
import { agreement, show, subjectRows, table } from '../report/text.mjs';
import { peers, tapegrad } from '../runners.mjs';

const { compiled, plain, native, eager, unlazy } = tapegrad;
const { pytorch, jax, tfjsWasm } = peers;
const runners = [compiled, plain, native, eager, pytorch, jax, tfjsWasm];
const [key, again] = ['step', 'again'];

/** @type {import('./workload.mjs').Workload} */
export const w6 = {
  data: ['w1'],
  async run(settings) {
    const argument = { network: 'w1', optimizer: 'adam', unit: 'step' };
    const figures = await measureFirst([...runners, unlazy], { key, name: 'train', argument }, settings);
    const later = await measure([compiled], [{ key: again, name: 'trainAnew', argument }], settings);
    return {
      title: 'W6: the first step',
      about: `From the call of \`compile\`, or the making of weights and optimizer, to the end of the first step of W1 with Adam: in a fresh process each round, with its modules loaded.`,
      parts: [
        table(
          ['', 'ms', 'in times of ours'],
          subjectRows(runners, figures, (name) => [
            show(figures.ms(name, key)),
            show(figures.ratio(name, compiled.name, key)),
          ]),
        ),
        agreement('Losses of the first step', runners, (name) => figures.result(name, key)),
      ],
      targets: [atMost('compiled', figures.ms(compiled.name, key), 40, ' ms')],
      limits: [
        limit('the same where V8 compiled each function when it loaded it', figures.ms(unlazy.name, key), ' ms'),
        limit(
          'the same again in the same process, when V8 has compiled all of it',
          later.ms(compiled.name, again),
          ' ms',
        ),
      ],
      figures: [figures, later],
    };
  },
};
