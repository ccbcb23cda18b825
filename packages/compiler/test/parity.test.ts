// Every op of the table, from the table alone: compiled and eager give the same values and the same gradients.

import { grad, RandomGenerator, type Tensor } from '@tapegrad/core';
import { describe, it } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose, tolerances } from './support/close.ts';
import { call, differentiable, drawInputs, samplesOfAll } from './support/samples.ts';

const seed = 20261124;

describe.each(['float32', 'float64'] as const)(`compiled ops in %s (seed ${seed})`, (dtype) => {
  it.each(samplesOfAll)('value: $title', ({ entry, sample }) => {
    const inputs = drawInputs(sample, new RandomGenerator(seed), dtype);
    const f = (xs: Tensor[]): Tensor => call(entry, xs, sample);
    expectClose(compile(f)(inputs), f(inputs), tolerances[dtype]);
  });

  it.each(samplesOfAll.filter(({ entry, sample }) => differentiable(entry, sample).length > 0))(
    'gradient: $title',
    ({ entry, sample }) => {
      const random = new RandomGenerator(seed);
      const inputs = drawInputs(sample, random, dtype);
      const out = call(entry, inputs, sample);
      const direction = random.uniform(out.shape, -1, 1, out.dtype === 'float64' ? 'float64' : 'float32');
      for (const position of differentiable(entry, sample)) {
        const along = (x: Tensor, others: Tensor[], to: Tensor): Tensor =>
          call(
            entry,
            others.map((other, i) => (i === position ? x : other)),
            sample,
          )
            .mul(to)
            .sum();
        const gradient = grad(along);
        expectClose(
          compile(gradient)(inputs[position]!, inputs, direction),
          gradient(inputs[position]!, inputs, direction),
          tolerances[dtype],
        );
      }
    },
  );
});
