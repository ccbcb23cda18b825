// Properties that hold for all shapes, axes, layouts and values: broadcasting, reductions and indexing against naive loops, and
// the gradients of the whole table. A failure is shrunk, and printed with its seed.
//
// TAPEGRAD_PROPERTY_RUNS=1000 runs each that often, from a seed by chance; TAPEGRAD_PROPERTY_SEED=… repeats one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Entry,
  entries,
  noGrad,
  ops,
  RandomGenerator,
  type Shape,
  scalar,
  type Tensor,
  tensor,
  vjp,
} from '../src/index.ts';
import { drawn, indicesOf, laidOut, layouts, positionOf, reading, seeds, shapes } from './support/arbitraries.ts';
import { drawInputs, largestDifference } from './support/finite-differences.ts';
import { pickings } from './support/pickings.ts';
import { call, differentiable } from './support/samples.ts';

const asked = process.env.TAPEGRAD_PROPERTY_RUNS;
const runs = Number(asked ?? 100);
const fixed = asked === undefined ? 20261121 : Math.floor(Math.random() * 2 ** 31);
const seed = Number(process.env.TAPEGRAD_PROPERTY_SEED ?? fixed);
const timeout = 5000 + 100 * runs;

/** Checks the property on random examples; `share` of the usual number. */
function holds<T>(examples: fc.Arbitrary<T>, property: (example: T) => void, share = 1): void {
  fc.assert(fc.property(examples, property), { seed, numRuns: Math.ceil(runs * share) });
}

/** Two shapes that broadcast. */
const broadcasting = fc
  .tuple(
    shapes,
    fc.array(fc.constantFrom('neither', 'x', 'y'), { minLength: 4, maxLength: 4 }),
    fc.nat({ max: 4 }),
    fc.boolean(),
  )
  .map(([shape, ones, dropped, fromX]) => {
    // a length is 1 in one of them or in neither; one of them may lack leading axes
    const own = (name: string): number[] => shape.map((length, axis) => (ones[axis] === name ? 1 : length));
    return fromX ? { x: own('x').slice(dropped), y: own('y') } : { x: own('x'), y: own('y').slice(dropped) };
  });

describe(`broadcasting (seed ${seed})`, () => {
  /** An op on the elements of two tensors: its samples are of two scalars, and of shapes that broadcast both ways. */
  const isBinary = ({ inputs, samples, variadic }: Entry): boolean =>
    inputs.length === 2 &&
    !variadic &&
    samples.every(({ args }) => args === undefined) &&
    samples[0]!.inputs.every(({ shape, dtype }) => shape.length === 0 && dtype === undefined) &&
    samples.some(({ inputs: [x, y] }) => x!.shape.length > y!.shape.length && y!.shape.length > 0);

  it.each(entries.filter(isBinary))(
    '$name computes each element by itself',
    ({ name, samples }) => {
      const op = ops[name as 'add'];
      const [rangeX, rangeY] = samples[0]!.inputs;
      holds(fc.tuple(broadcasting, seeds, layouts, layouts), ([shape, from, layoutX, layoutY]) => {
        const x = drawn(shape.x, from, layoutX, rangeX!.low, rangeX!.high);
        const y = drawn(shape.y, from + 1, layoutY, rangeY!.low, rangeY!.high);
        const rank = Math.max(x.rank, y.rank);
        const lengthAt = (of: Shape, axis: number): number => of[axis - rank + of.length] ?? 1;
        const out = op(x, y);
        expect(out.shape).toEqual(
          Array.from({ length: rank }, (_, axis) => {
            const length = lengthAt(x.shape, axis);
            return length === 1 ? lengthAt(y.shape, axis) : length;
          }),
        );
        const [atX, atY, atOut] = [reading(x), reading(y), reading(out)];
        const own = (index: readonly number[], of: Shape): number[] =>
          index.slice(rank - of.length).map((i, axis) => (of[axis] === 1 ? 0 : i));
        for (const index of indicesOf(out.shape)) {
          const [a, b] = [atX(own(index, x.shape)), atY(own(index, y.shape))];
          expect(atOut(index)).toBe(Number(op(scalar(a, 'float64'), scalar(b, 'float64')).item()));
        }
      });
    },
    timeout,
  );
});

describe(`reductions (seed ${seed})`, () => {
  const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
  const average = (xs: readonly number[]): number => total(xs) / xs.length;
  const naive = {
    sum: total,
    mean: average,
    prod: (xs) => xs.reduce((a, b) => a * b, 1),
    max: (xs) => Math.max(...xs),
    min: (xs) => Math.min(...xs),
    logSumExp: (xs) => Math.log(total(xs.map(Math.exp))),
    variance: (xs) => average(xs.map((x) => (x - average(xs)) ** 2)),
  } satisfies { readonly [name: string]: (xs: readonly number[]) => number };

  const reducing = fc.tuple(shapes, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.boolean(), fc.boolean());

  it.each(Object.keys(naive) as (keyof typeof naive)[])(
    '%s is what a loop over the axes gives',
    (name) => {
      holds(fc.tuple(reducing, seeds, layouts), ([[shape, chosen, keepDims, all], from, layout]) => {
        const axes = all ? [...shape.keys()] : [...shape.keys()].filter((axis) => chosen[axis]);
        const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
        const groups = new Map([...indicesOf(kept)].map((index) => [positionOf(kept, index), [] as number[]]));
        const x = drawn(shape, from, layout);
        const at = reading(x);
        for (const index of indicesOf(shape)) {
          groups
            .get(
              positionOf(
                kept,
                index.map((i, axis) => (axes.includes(axis) ? 0 : i)),
              ),
            )!
            .push(at(index));
        }
        const reduce = (): Tensor => ops[name](x, all ? undefined : axes, { keepDims });
        const ofNothing = [...groups.values()].some((group) => group.length === 0);
        if (ofNothing && (name === 'max' || name === 'min')) {
          expect(reduce).toThrow('has no elements');
          return;
        }
        const out = reduce();
        expect(out.shape).toEqual(keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis)));
        [...groups.values()].forEach((group, position) => {
          const expected = naive[name](group);
          if (Number.isFinite(expected)) expect(out.toData()[position]).toBeCloseTo(expected, 11);
          else expect(out.toData()[position]).toBe(expected);
        });
      });
    },
    timeout,
  );
});

describe(`what moves elements (seed ${seed})`, () => {
  it.each(Object.keys(pickings))(
    '%s picks what its rule says, and returns the gradient there',
    (name) => {
      holds(
        fc.tuple(pickings[name]!, seeds, layouts),
        ([{ inputs, run, shape, source }, from, layout]) => {
          const xs = inputs.map((input, k) => drawn(input, from + k, layout));
          const g = drawn(shape, from + 99);
          const [out, pull] = vjp((list: Tensor[]) => run(list), xs);
          expect(out.shape).toEqual(shape);
          const expected = xs.map((x) => new Float64Array(x.size));
          const [atOut, atG, read] = [reading(out), reading(g), xs.map(reading)];
          for (const index of indicesOf(shape)) {
            const picked = source(index);
            if (typeof picked === 'number') {
              expect(atOut(index)).toBe(picked);
              continue;
            }
            expect(atOut(index)).toBe(read[picked.operand]!(picked.index));
            expected[picked.operand]![positionOf(inputs[picked.operand]!, picked.index)]! += atG(index);
          }
          const [gradients] = pull(g, { unconnected: 'zero' });
          gradients.forEach((gradient, k) => {
            expect(gradient.shape).toEqual(inputs[k]);
            // the same sums, perhaps in another order
            gradient.toData().forEach((value, i) => {
              expect(value).toBeCloseTo(expected[k]![i]!, 12);
            });
          });
        },
        3,
      );
    },
    timeout,
  );
});

describe(`gradients of the table (seed ${seed})`, () => {
  const smooth = entries.filter((entry) => entry.samples.some((sample) => differentiable(entry, sample).length > 0));
  const h = 1e-5;

  it.each(smooth)(
    '$name: the same in any layout, linear in what comes in, and the slope in any direction',
    (entry) => {
      const samples = entry.samples.filter((sample) => differentiable(entry, sample).length > 0);
      holds(
        fc.tuple(fc.constantFrom(...samples), seeds, layouts),
        ([sample, from, layout]) => {
          const random = new RandomGenerator(from);
          const inputs = drawInputs(sample.inputs, random).map((x) => (x.dtype === 'float64' ? laidOut(x, layout) : x));
          const positions = differentiable(entry, sample);
          const f = (xs: readonly Tensor[]): Tensor =>
            call(
              entry,
              inputs.map((x, i) => xs[positions.indexOf(i)] ?? x),
              sample,
            );
          const primals = positions.map((i) => inputs[i]!);
          const [out, pull] = vjp((xs: Tensor[]) => f(xs), primals);
          const inRows = f(primals.map((x) => tensor(x.toData(), { shape: x.shape }))).toData();
          out.toData().forEach((value, i) => {
            if (!Number.isFinite(value))
              expect(value).toBe(inRows[i]); // as the mean of nothing
            else expect(Math.abs(value - inRows[i]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value))); // sums in another order
          });
          const draw = (x: Tensor): Tensor => random.uniform(x.shape, -1, 1, 'float64');

          const [u, v] = [draw(out), draw(out)];
          const pulled = (g: Tensor): readonly Tensor[] => pull(g, { unconnected: 'zero' })[0];
          const [ofU, ofV, ofBoth] = [pulled(u), pulled(v), pulled(u.mul(0.7).sub(v.mul(1.3)))];
          ofBoth.forEach((both, k) => {
            expect(largestDifference(both, ofU[k]!.mul(0.7).sub(ofV[k]!.mul(1.3)))).toBeLessThan(1e-9);
          });

          const directions = primals.map(draw);
          const along = (t: number): number =>
            noGrad(() =>
              f(primals.map((x, k) => x.add(directions[k]!.mul(t))))
                .mul(u)
                .sum()
                .item(),
            );
          const [ahead, here, behind] = [along(h), along(0), along(-h)];
          const slope = (ahead - behind) / (2 * h);
          // a step across a kink or a jump says nothing of the gradient
          fc.pre(Math.abs(ahead - 2 * here + behind) / h < 1e-2 * Math.max(1, Math.abs(slope)));
          const exact = ofU.reduce((sum, gradient, k) => sum + gradient.mul(directions[k]!).sum().item(), 0);
          expect(Math.abs(exact - slope) / Math.max(1, Math.abs(slope))).toBeLessThan(1e-6);
        },
        1 / 4,
      );
    },
    timeout,
  );
});
