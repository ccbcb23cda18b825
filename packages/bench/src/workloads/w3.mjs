// W3: square products of matrices.

import { measure } from '../measure/measure.mjs';
import { atLeast } from '../report/target.mjs';
import { agreement, show, subjectRows, table } from '../report/text.mjs';
import { peers, tapegrad } from '../runners.mjs';

const { compiled, plain, native, eager, kernel, plainKernel } = tapegrad;
const { numpy, pytorch, tfjsWasm, jax, onnx } = peers;
const runners = [compiled, plain, native, eager, kernel, plainKernel, numpy, pytorch, onnx, tfjsWasm, jax];
const sizes = [64, 128, 256, 512, 1024];

/** @type {import('./workload.mjs').Workload} */
export const w3 = {
  data: [],
  async run(settings) {
    const cases = sizes.map((size) => ({ key: `${size}`, name: 'product', argument: size }));
    const figures = await measure(runners, cases, settings);
    const speed = (/** @type {string} */ name, /** @type {number} */ size) =>
      (2 * size ** 3) / figures.ms(name, `${size}`) / 1e6;
    const lowest = (/** @type {readonly number[]} */ values) => values.reduce((least, value) => Math.min(least, value));
    return {
      title: 'W3: products of matrices',
      about: `n × n times n × n, GFLOP/s. Compiled: of parameters, into a parameter. Eager: a new tensor, for which operands are copied into WebAssembly memory and
the product out of it. The kernel alone: on numbers that are there, without a program around it. NumPy's BLAS and that of the native gemm may be different libraries.`,
      parts: [
        table(
          ['', ...sizes.map(String)],
          subjectRows(runners, figures, (name) => sizes.map((size) => show(speed(name, size)))),
        ),
        agreement('Sum of the first row at 1024', runners, (name) => figures.result(name, '1024')),
      ],
      targets: [
        atLeast('compiled, the slowest size', lowest(sizes.map((size) => speed(compiled.name, size))), 34, ' GFLOP/s'),
        atLeast(
          'the kernel alone, the slowest size',
          lowest(sizes.map((size) => speed(kernel.name, size))),
          34,
          ' GFLOP/s',
        ),
        ...sizes.slice(1).map((size) => {
          // as speeds: NumPy's time in times of ours
          const ratio = figures.ratio(numpy.name, native.name, `${size}`);
          return atLeast(`native gemm in speeds of NumPy at ${size}`, ratio, 0.95);
        }),
      ],
      figures: [figures],
    };
  },
};
