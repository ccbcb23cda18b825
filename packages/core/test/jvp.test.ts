// Every op of the table, forward against backward: ⟨g, Jv⟩ = ⟨Jᵀg, v⟩, from the samples of the entries, in float64.

import { describe, expect, it } from 'vitest';
import { jvp, RandomGenerator, type Tensor, vjp, zerosLike } from '../src/index.ts';
import { drawInputs } from './support/finite-differences.ts';
import { call, differentiable, samplesOfAll } from './support/samples.ts';

const seed = 20270218;

function inner(a: Tensor, b: Tensor): number {
  return a.mul(b).sum().item();
}

const smooth = samplesOfAll.filter(({ entry, sample }) => differentiable(entry, sample).length > 0);

describe(`jvp and vjp of the table (seed ${seed})`, () => {
  it.each(smooth)('agree: $title', ({ entry, sample }) => {
    const random = new RandomGenerator(seed);
    const inputs = drawInputs(sample.inputs, random);
    const positions = differentiable(entry, sample);
    const f = (...xs: Tensor[]): Tensor => {
      const operands = [...inputs];
      positions.forEach((position, i) => {
        operands[position] = xs[i]!;
      });
      return call(entry, operands, sample);
    };
    const primals = positions.map((position) => inputs[position]!);
    const tangents = primals.map((x) => random.uniform(x.shape, -1, 1, 'float64'));
    const [out, pullback] = vjp(f, ...primals);
    const [again, tangent] = jvp(f, primals, tangents, { unconnected: 'zero' });
    const g = random.uniform(out.shape, -1, 1, 'float64');
    const gradients = pullback(g, { unconnected: 'zero' });
    const backward = gradients.reduce((total, gradient, i) => total + inner(gradient, tangents[i]!), 0);
    expect(again.toArray()).toEqual(out.toArray());
    expect(tangent.shape).toEqual(out.shape);
    // the mean of nothing, whose derivative is no number either
    if (out.toData().some(Number.isNaN)) return expect(inner(g, tangent)).toBeNaN();
    expect(Math.abs(inner(g, tangent) - backward)).toBeLessThan(1e-12 * Math.max(1, Math.abs(backward)));
  });

  it.each(samplesOfAll.filter((row) => !smooth.includes(row)))(
    'no tangent gets through: $title',
    ({ entry, sample }) => {
      const inputs = drawInputs(sample.inputs, new RandomGenerator(seed));
      const f = (x: Tensor): Tensor => call(entry, [x, ...inputs.slice(1)], sample).asType('float64');
      if (inputs[0]!.dtype !== 'float64') return expect(differentiable(entry, sample)).toEqual([]);
      const [out, tangent] = jvp(f, [inputs[0]!], [inputs[0]!], { unconnected: 'zero' });
      expect(tangent.toArray()).toEqual(zerosLike(out).toArray());
    },
  );
});
