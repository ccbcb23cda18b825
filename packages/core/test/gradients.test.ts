// Every op of the table, from the table alone: its gradient against central differences in float64, at orders 1 and 2.

import { describe, expect, it } from 'vitest';
import { type Entry, entries, grad, ops, RandomGenerator, type Sample, type Tensor, zerosLike } from '../src/index.ts';
import { centralDifferences, drawInputs, largestDifference } from './support/finite-differences.ts';
import { call, differentiable, samplesOfAll } from './support/samples.ts';

const seed = 20261121;
const tolerance = 1e-7;

/** A random linear function of the op's output: the scalar that is differentiated. */
function projected(entry: Entry, sample: Sample, inputs: readonly Tensor[], random: RandomGenerator) {
  const direction = random.uniform(call(entry, inputs, sample).shape, -1, 1, 'float64');
  return (xs: readonly Tensor[]): Tensor => call(entry, xs, sample).mul(direction).sum();
}

function replaced(inputs: readonly Tensor[], position: number, x: Tensor): Tensor[] {
  return inputs.map((input, i) => (i === position ? x : input));
}

/** The same values, laid out column by column and two apart. */
function stridedView(x: Tensor): Tensor {
  if (x.rank === 0) return x.broadcastTo([2]).slice(1).reshape([]);
  const columns = x.transpose();
  const lead = columns.shape.slice(0, -1);
  const last = columns.shape[columns.rank - 1]!;
  const twice = columns
    .reshape([...lead, last, 1])
    .broadcastTo([...lead, last, 2])
    .reshape([...lead, 2 * last]);
  return twice.slice(0, undefined, { axis: -1, step: 2 }).transpose();
}

const smooth = samplesOfAll.filter(({ entry, sample }) => differentiable(entry, sample).length > 0);
const jumping = samplesOfAll.filter(
  ({ entry, sample }) => differentiable(entry, sample).length === 0 && sample.inputs[0]!.dtype === undefined,
);

describe(`the table (seed ${seed})`, () => {
  it('has samples for every op', () => {
    expect(entries.filter((entry) => entry.samples.length === 0)).toEqual([]);
    expect(entries.length).toBe(Object.keys(ops).length);
  });

  it.each(smooth)('order 1: $title', ({ entry, sample }) => {
    const random = new RandomGenerator(seed);
    const inputs = drawInputs(sample.inputs, random);
    const f = projected(entry, sample, inputs, random);
    for (const position of differentiable(entry, sample)) {
      const along = (x: Tensor): Tensor => f(replaced(inputs, position, x));
      const exact = grad(along)(inputs[position]!);
      expect(exact.shape).toEqual(inputs[position]!.shape);
      expect(largestDifference(exact, centralDifferences(along, inputs[position]!))).toBeLessThan(tolerance);
    }
  });

  it.each(smooth)('order 2: $title', ({ entry, sample }) => {
    const random = new RandomGenerator(seed);
    const inputs = drawInputs(sample.inputs, random);
    const f = projected(entry, sample, inputs, random);
    const positions = differentiable(entry, sample);
    const directions = positions.map((i) => random.uniform(inputs[i]!.shape, -1, 1, 'float64'));
    // The derivative of f along a random direction of all operands, so that mixed second derivatives count too.
    const slope = (xs: readonly Tensor[]): Tensor =>
      positions
        .map((position, k) =>
          grad((x: Tensor) => f(replaced(xs, position, x)))(xs[position]!)
            .mul(directions[k]!)
            .sum(),
        )
        .reduce((a, b) => a.add(b));
    for (const position of positions) {
      const along = (x: Tensor): Tensor => slope(replaced(inputs, position, x));
      const exact = grad(along, { unconnected: 'zero' })(inputs[position]!);
      expect(largestDifference(exact, centralDifferences(along, inputs[position]!))).toBeLessThan(tolerance);
    }
  });

  it.each(smooth)('float32 agrees with float64: $title', ({ entry, sample }) => {
    const random = new RandomGenerator(seed);
    const inputs = drawInputs(sample.inputs, random);
    const single = inputs.map((x) => (x.dtype === 'float64' ? x.asType('float32') : x));
    const target = (xs: readonly Tensor[], position: number) =>
      grad((x: Tensor) =>
        call(entry, replaced(xs, position, x), sample)
          .square()
          .sum(),
      )(xs[position]!);
    for (const position of differentiable(entry, sample)) {
      const gradient = target(single, position);
      expect(gradient.dtype).toBe('float32');
      // float32 rounds at 6e-8; squares of sums of up to a dozen values keep four digits of that
      expect(largestDifference(gradient.asType('float64'), target(inputs, position))).toBeLessThan(1e-4);
    }
  });

  it.each(samplesOfAll)('gives the same on strided views: $title', ({ entry, sample }) => {
    const inputs = drawInputs(sample.inputs, new RandomGenerator(seed));
    const views = inputs.map(stridedView);
    expect(call(entry, views, sample).toArray()).toEqual(call(entry, inputs, sample).toArray());
  });

  it.each(jumping)('lets no gradient through: $title', ({ entry, sample }) => {
    const inputs = drawInputs(sample.inputs, new RandomGenerator(seed));
    const f = (x: Tensor): Tensor =>
      call(entry, replaced(inputs, 0, x), sample)
        .asType('float64')
        .sum();
    expect(() => grad(f)(inputs[0]!)).toThrow('grad: the target does not depend on the source.');
    expect(grad(f, { unconnected: 'zero' })(inputs[0]!).toArray()).toEqual(zerosLike(inputs[0]!).toArray());
  });
});
