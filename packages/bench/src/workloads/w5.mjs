// W5: a short expression on a million numbers, where memory and the precision of a sum count.

import { measure } from '../measure/measure.mjs';
import { generator } from '../numbers.mjs';
import { limit } from '../report/limit.mjs';
import { atMost } from '../report/target.mjs';
import { show, subjectRows, table } from '../report/text.mjs';
import { peers, tapegrad } from '../runners.mjs';

const { compiled, plain, eager } = tapegrad;
const { pytorch, jax, tfjsWasm } = peers;
const runners = [compiled, plain, eager, pytorch, jax, tfjsWasm];
const [key, resident, copies] = ['activations', 'residentActivations', 'copies'];

/** The sum in float64, added with Kahan's correction. */
function exactSum() {
  let [sum, lost] = [0, 0];
  for (const x of generator(4)(1_000_000, 8, -4)) {
    const term = x / (1 + Math.exp(-x)) + Math.tanh(x) - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum;
}

/** @type {import('./workload.mjs').Workload} */
export const w5 = {
  data: ['activations'],
  async run(settings) {
    const cases = [
      { key, name: key },
      { key: resident, name: resident, only: [compiled, plain] },
      { key: copies, name: copies, only: [compiled] },
    ];
    const figures = await measure(runners, cases, settings);
    const exact = exactSum();
    const error = (/** @type {string} */ name) => Math.abs(figures.result(name, key) / exact - 1);
    return {
      title: 'W5: a million elements',
      about: `sum(sigmoid(x) · x + tanh(x)) over 1,000,000 elements, forward and gradient. tapegrad brings x into WebAssembly memory and hands the gradient out as a new tensor;
"resident" is the same of a parameter into a parameter, which stay there, as the arrays of the peers do. Error: of the sum, relative to float64.`,
      parts: [
        table(
          ['', 'ms', 'in times of ours', 'resident, ms', 'error of the sum'],
          subjectRows(runners, figures, (name) => [
            show(figures.ms(name, key)),
            show(figures.ratio(name, compiled.name, key)),
            show(figures.ms(name, resident)),
            error(name).toExponential(1),
          ]),
        ),
      ],
      targets: [
        atMost('compiled in times of PyTorch', figures.ratio(compiled.name, pytorch.name, key), 0.5),
        atMost(
          'resident in times of PyTorch',
          figures.ms(compiled.name, resident) / figures.ms(pytorch.name, key),
          0.5,
        ),
        atMost('error of the sum, compiled', error(compiled.name), 1e-6),
      ],
      limits: [
        limit(
          'x copied in and a gradient copied out, in times of PyTorch',
          figures.ms(compiled.name, copies) / figures.ms(pytorch.name, key),
        ),
      ],
      figures: [figures],
    };
  },
};
