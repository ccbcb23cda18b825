// W1: the small network of the breast cancer example, where the calls count as much as the arithmetic.

import { flopOfEpoch } from '../data.mjs';
import { measure } from '../measure/measure.mjs';
import { limit } from '../report/limit.mjs';
import { atMost } from '../report/target.mjs';
import { peers, tapegrad } from '../runners.mjs';
import { epoch, trainingParts } from './training.mjs';

const { compiled, plain, native, eager, kernel } = tapegrad;
const { pytorch, jax, tfjsWasm, tfjsCpu } = peers;
const runners = [compiled, plain, native, eager, pytorch, jax, tfjsWasm, tfjsCpu];
const products = 'products';
const [network, rows, settle] = [/** @type {const} */ ('w1'), 469, 20];

/** @type {import('./workload.mjs').Workload} */
export const w1 = {
  data: ['w1'],
  async run(settings) {
    const trained = [epoch(network, 'sgd', settle), epoch(network, 'adam', settle)];
    const cases = [
      ...trained.map((each) => ({ ...each, only: runners })),
      { key: products, name: products, argument: network, only: [kernel] },
    ];
    const figures = await measure([...runners, kernel], cases, settings);
    const ratio = figures.ratio.bind(figures);
    return {
      title: 'W1: a small network',
      about: `30–128–64–32–1 with relu and binary cross-entropy on the 469 training rows of the breast cancer data, batch 100: an epoch is 5 steps and
${(flopOfEpoch(network, rows) / 1e6).toFixed(1)} MFLOP of products. The loss is read after each step.`,
      parts: [
        ...trainingParts(runners, figures, { network, rows, settle, optimizer: 'sgd' }),
        ...trainingParts(runners, figures, { network, rows, settle, optimizer: 'adam' }),
      ],
      targets: [
        atMost('compiled in times of PyTorch, SGD', ratio(compiled.name, pytorch.name, 'sgd'), 0.7),
        atMost('compiled in times of PyTorch, Adam', ratio(compiled.name, pytorch.name, 'adam'), 0.5),
        atMost('compiled in times of jax-js, SGD', ratio(compiled.name, jax.name, 'sgd'), 0.1),
        atMost('compiled in times of jax-js, Adam', ratio(compiled.name, jax.name, 'adam'), 0.1),
        atMost('native gemm in times of PyTorch, SGD', ratio(native.name, pytorch.name, 'sgd'), 0.35),
        atMost('native gemm in times of PyTorch, Adam', ratio(native.name, pytorch.name, 'adam'), 0.25),
      ],
      limits: [
        limit(
          'the products alone, by the kernel, in times of jax-js, SGD',
          figures.ms(kernel.name, products) / figures.ms(jax.name, 'sgd'),
        ),
      ],
      figures: [figures],
    };
  },
};
