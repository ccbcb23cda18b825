// W2: the network of MNIST, where the arithmetic counts.

import { flopOfEpoch } from '../data.mjs';
import { measure, measureBeside } from '../measure/measure.mjs';
import { limit } from '../report/limit.mjs';
import { atLeast, atMost } from '../report/target.mjs';
import { peers, tapegrad } from '../runners.mjs';
import { epoch, trainingParts } from './training.mjs';

const { compiled, plain, native, threads, eager, kernel } = tapegrad;
const { pytorch, jax, tfjsWasm } = peers;
const runners = [compiled, plain, native, threads, eager, pytorch, jax, tfjsWasm];
const products = 'products';
const [network, rows, settle] = [/** @type {const} */ ('w2'), 12_800, 1];

/** @type {import('./workload.mjs').Workload} */
export const w2 = {
  data: ['w2'],
  async run(settings) {
    const multiplied = { key: products, name: products, argument: network };
    const cases = [
      { ...epoch(network, 'adam', settle), only: runners },
      { ...multiplied, only: [kernel, pytorch] },
    ];
    const figures = await measure([...runners, kernel], cases, settings);
    const beside = await measureBeside(kernel, multiplied, settings);
    const epochMs = figures.ms(pytorch.name, 'adam');
    const ratio = figures.ratio.bind(figures);
    return {
      title: 'W2: a larger network',
      about: `784–128–64–10 with relu and softmax cross-entropy, Adam, on 12,800 rows of random numbers, batch 128: an epoch is 100 steps and
${(flopOfEpoch(network, rows) / 1e9).toFixed(2)} GFLOP of products.`,
      parts: trainingParts(runners, figures, { network, rows, settle, optimizer: 'adam' }),
      targets: [
        atMost('compiled in times of PyTorch', ratio(compiled.name, pytorch.name, 'adam'), 0.95),
        atMost('native gemm in times of PyTorch', ratio(native.name, pytorch.name, 'adam'), 0.45),
        atLeast('one thread in times of two', ratio(compiled.name, threads.name, 'adam'), 1.7),
      ],
      limits: [
        limit(
          'the products alone, by our kernel, in times of PyTorch’s epoch',
          figures.ms(kernel.name, products) / epochMs,
        ),
        limit(
          'the products alone, by PyTorch’s BLAS, in times of its epoch',
          figures.ms(pytorch.name, products) / epochMs,
        ),
        limit('what two processes multiply beside each other, in times of one', beside),
      ],
      figures: [figures],
    };
  },
};
