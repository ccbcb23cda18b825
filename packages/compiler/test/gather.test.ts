// Elements picked and added up by position, in compiled functions: values, gradients, and indices that are out of range.

import {
  embedding,
  gather,
  grad,
  indexAdd,
  Parameter,
  RandomGenerator,
  type Shape,
  scatterAdd,
  sparseSoftmaxCrossEntropy,
  Tape,
  TapegradError,
  type Tensor,
  take,
  takeAlongAxis,
  tensor,
  zeros,
} from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose, tolerances } from './support/close.ts';

const seed = 20261125;

const int32 = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: 'int32' });

/** Indices from −length to length − 1. */
function drawIndices(random: RandomGenerator, shape: Shape, length: number): Tensor {
  return random.uniform(shape, -length, length).floor().asType('int32');
}

function draw(random: RandomGenerator, shape: Shape, dtype: Tensor['dtype']): Tensor {
  if (dtype === 'bool') return random.bernoulli(shape, 0.5);
  return dtype === 'int32'
    ? random.uniform(shape, -9, 9).asType('int32')
    : random.normal(shape, 0, 1, dtype as 'float32');
}

/** What a run throws, as text. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TapegradError);
    return (error as TapegradError).message;
  }
  return 'nothing thrown';
}

describe.each(['float32', 'float64', 'int32', 'bool'] as const)(`picked elements of %s (seed ${seed})`, (dtype) => {
  const shapes: readonly [Shape, axis: number, indices: Shape][] = [
    ...[0, 1, 2, 3, 4, 5, 16, 21, 67, 300].map((row): [Shape, number, Shape] => [[7, row], 0, [9]]),
    [[4, 3, 5], 1, [2, 3]],
    [[4, 6], -1, [5]],
    [[5, 2, 3], 0, []],
    [[3, 4], 0, [0]],
    [[0, 4], 1, [3]],
    [[2, 1, 3], 1, [4]],
  ];

  it.each(shapes)('are those of take: %j along axis %j at %j', (shape, axis, named) => {
    const random = new RandomGenerator(seed);
    const f = compile((x: Tensor, at: Tensor) => [take(x, at, axis), take(x.transpose(), at, -1 - axis)]);
    for (let round = 0; round < 2; round++) {
      const x = draw(random, shape, dtype);
      const at = drawIndices(random, named, shape.at(axis)!);
      const found = f(x, at);
      expect(found[0]!.toData()).toEqual(take(x, at, axis).toData());
      expect(found[1]!.toData()).toEqual(take(x.transpose(), at, -1 - axis).toData());
    }
    expect(f.programs.length).toBe(1);
    expect(String(f.programs[0])).not.toContain('host');
  });

  it.each<[Shape, Shape, axis: number]>([
    [[3, 7], [3, 2], 1],
    [[7, 3], [2, 3], 0],
    [[4, 1, 5], [1, 6, 5], -1],
    [[4, 5, 3], [4, 2, 1], 1],
    [[4, 5, 3], [1, 2, 3], 1],
    [[2, 3], [2, 0], 1],
  ])('are those of takeAlongAxis: %j at %j along axis %j', (shape, named, axis) => {
    const random = new RandomGenerator(seed);
    const x = draw(random, shape, dtype);
    const at = drawIndices(random, named, shape.at(axis)!);
    const f = compile((x: Tensor, at: Tensor) => takeAlongAxis(x, at, axis));
    expect(f(x, at).toData()).toEqual(takeAlongAxis(x, at, axis).toData());
  });
});

describe.each(['float32', 'float64', 'int32'] as const)(`elements of %s added at positions (seed ${seed})`, (dtype) => {
  it.each<[Shape, axis: number, indices: Shape, updates: Shape]>([
    ...[0, 1, 3, 5, 16, 21, 67, 300].map((row): [Shape, number, Shape, Shape] => [[5, row], 0, [17], [17, row]]),
    [[40, 64], 0, [3, 4], [3, 4, 64]],
    [[4, 3, 5], 1, [6], [4, 6, 1]],
    [[4, 6], -1, [9], []],
    [[4, 6], -1, [2, 2], [2, 1]],
    [[5, 2], 0, [], [2]],
    [[3, 4], 0, [0], [4]],
    [[1, 4], 0, [5], [5, 4]],
    [[0, 4], 1, [3], []],
  ])('are those of indexAdd: %j along axis %j at %j of %j', (shape, axis, named, added) => {
    const random = new RandomGenerator(seed);
    const x = draw(random, shape, dtype);
    const at = drawIndices(random, named, shape.at(axis)!);
    const updates = draw(random, added, dtype);
    const f = compile((x: Tensor, at: Tensor, updates: Tensor) => indexAdd(x, at, updates, axis));
    // in the same order, in the same precision: to the last bit
    expect(f(x, at, updates).toData()).toEqual(indexAdd(x, at, updates, axis).toData());
    expect(String(f.programs[0])).not.toContain('host');
  });

  it.each<[Shape, axis: number, indices: Shape, updates: Shape]>([
    [[3, 5], 1, [3, 9], [3, 9]],
    [[5, 3], 0, [9, 3], [3]],
    [[2, 5, 4], 1, [2, 9, 1], [2, 9, 4]],
    [[2, 5, 4], 1, [1, 9, 4], [9, 4]],
    [[2, 5, 4], 1, [2, 1, 1], []],
    [[2, 3], 1, [2, 0], []],
  ])('are those of scatterAdd: %j along axis %j at %j of %j', (shape, axis, named, added) => {
    const random = new RandomGenerator(seed);
    const [x, updates] = [draw(random, shape, dtype), draw(random, added, dtype)];
    const at = drawIndices(random, named, shape.at(axis)!);
    const f = compile((x: Tensor, at: Tensor, updates: Tensor) => scatterAdd(x, at, updates, axis));
    expect(f(x, at, updates).toData()).toEqual(scatterAdd(x, at, updates, axis).toData());
    expect(String(f.programs[0])).not.toContain('host');
  });
});

describe('compiled indices', () => {
  it('may be lists, which never change', () => {
    const f = compile((x: Tensor) => [take(x, [[1, -1], [0, 1]], 0), gather(x, 1, [[0], [-1], [1]])]); // biome-ignore format: a matrix
    const [rows, elements] = f(tensor([[1, 2], [3, 4], [5, 6]])); // biome-ignore format: a matrix
    expect(rows!.toArray()).toEqual([[[3, 4], [5, 6]], [[1, 2], [3, 4]]]); // biome-ignore format: a matrix
    expect(elements!.toArray()).toEqual([[1], [4], [6]]);
    expect(String(f.programs[0])).not.toMatch(/host|indices/);
  });

  it('may be views', () => {
    const x = tensor([10, 11, 12, 13]);
    const at = int32([[0, 1], [2, 3]]); // biome-ignore format: a matrix
    const f = compile((x: Tensor, at: Tensor) => take(x, at.transpose().slice(1), 0));
    expect(f(x, at).toArray()).toEqual([[11, 13]]);
  });

  it('may be computed', () => {
    const f = compile((x: Tensor) => take(x, x.argmax(-1), 0));
    expect(f(tensor([[1, 2, 3], [5, 4, 3], [0, 9, 0]])).toArray()).toEqual([[0, 9, 0], [1, 2, 3], [5, 4, 3]]); // biome-ignore format: a matrix
  });

  it('add up in float64: many small numbers in one place', () => {
    const at = zeros([100_000], 'int32');
    const sum = compile((at: Tensor) => indexAdd(zeros([2]), at, 0.1, 0))(at);
    expect(sum.toArray()).toEqual([Math.fround(100_000 * Math.fround(0.1)), 0]);
  });

  it.each<[string, string, (x: Tensor, at: Tensor) => Tensor]>([
    ['take', 'take: the index 3 at [0, 1] is out of range for axis 0 of length 3.', (x, at) => take(x, at, 0)],
    ['embedding', 'take: the index 3 at [0, 1] is out of range for axis 0 of length 3.', (x, at) => embedding(x, at)],
    [
      'takeAlongAxis',
      'takeAlongAxis: the index 3 at [0, 1] is out of range for axis 0 of length 3.',
      (x, at) => takeAlongAxis(x, at, 0),
    ],
    [
      'takeAlongAxis that repeats the indices',
      'takeAlongAxis: the index 3 at [0, 0, 1] is out of range for axis 1 of length 3.',
      (x, at) => takeAlongAxis(x.reshape([1, 3, 2]).broadcastTo([4, 3, 2]), at.reshape([1, 2, 2]), 1),
    ],
    [
      'indexAdd',
      'indexAdd: the index 3 at [0, 1] is out of range for axis 0 of length 3.',
      (x, at) => indexAdd(x, at, 1, 0),
    ],
    [
      'scatterAdd',
      'scatterAdd: the index 3 at [0, 1] is out of range for axis 0 of length 3.',
      (x, at) => scatterAdd(x, at, 1, 0),
    ],
  ])('that are out of range change nothing, and say what they say eagerly: %s', (_, message, op) => {
    const w = new Parameter(tensor([[1, 2], [3, 4], [5, 6]]), 'w'); // biome-ignore format: a matrix
    const other = new Parameter(tensor([1, 2]), 'other');
    const step = (at: Tensor): Tensor => {
      other.assign(other.add(1));
      const picked = op(w, at);
      w.assign(w.mul(2));
      return picked.sum();
    };
    const compiled = compile(step);
    compiled(int32([[0, 1], [2, -3]])); // biome-ignore format: a matrix
    const before = [w.toArray(), w.version, other.toArray(), other.version];
    const bad = int32([[0, 3], [-4, 1]]); // biome-ignore format: a matrix
    const expected = `${message} Expected a whole number from -3 to 2.`;
    expect(messageOf(() => compiled(bad))).toBe(expected);
    expect([w.toArray(), w.version, other.toArray(), other.version]).toEqual(before);
    expect(messageOf(() => op(w, bad))).toBe(expected);
    expect(messageOf(() => compile(() => op(w, bad))())).toBe(expected); // of indices that never change
    compiled(int32([[0, 1], [2, -3]])); // biome-ignore format: a matrix
    expect(w.toArray()).toEqual([[4, 8], [12, 16], [20, 24]]); // biome-ignore format: a matrix
    expect(other.toArray()).toEqual([3, 4]);
  });

  it('are refused where there is nothing to index', () => {
    const f = compile((x: Tensor, at: Tensor) => take(x, at, 0));
    expect(messageOf(() => f(zeros([0, 2]), int32([0])))).toBe(
      'take: the index 0 at [0] is out of range for axis 0 of length 0. There is nothing to index.',
    );
  });

  it('are refused where nothing is picked at them', () => {
    const f = compile((x: Tensor, at: Tensor) => take(x, at, 0));
    expect(messageOf(() => f(zeros([3, 0]), int32([7])))).toBe(
      'take: the index 7 at [0] is out of range for axis 0 of length 3. Expected a whole number from -3 to 2.',
    );
  });

  it('of extreme numbers are out of range', () => {
    const f = compile((x: Tensor, at: Tensor) => take(x, at, 0));
    for (const index of [2 ** 31 - 1, -(2 ** 31)]) {
      expect(messageOf(() => f(zeros([3]), int32([index])))).toContain(`the index ${index} at [0] is out of range`);
    }
  });
});

describe('a compiled model of words', () => {
  it.each(['float32', 'float64'] as const)('is trained as an eager one, over 20 steps in %s', (dtype) => {
    const make = () => {
      const random = new RandomGenerator(seed);
      return [
        new Parameter(random.normal([11, 6], 0, 1, dtype), 'table'),
        new Parameter(random.normal([18, 4], 0, 0.3, dtype), 'weight'),
        new Parameter(zeros([4], dtype), 'bias'),
      ] as const;
    };
    const training =
      ([table, weight, bias]: ReturnType<typeof make>) =>
      (words: Tensor, labels: Tensor) => {
        const tape = new Tape();
        const loss = tape.record(() => {
          const features = embedding(table, words).reshape([-1, 18]).tanh();
          return sparseSoftmaxCrossEntropy(features.matmul(weight).add(bias), labels).mean();
        });
        const gradients = tape.gradient(loss, [table, weight, bias]);
        for (const [i, parameter] of [table, weight, bias].entries()) {
          parameter.assign(parameter.sub(gradients[i]!.mul(0.5)));
        }
        return loss;
      };
    const [ours, theirs] = [make(), make()];
    const step = compile(training(ours));
    const eager = training(theirs);
    const random = new RandomGenerator(seed);
    for (let i = 0; i < 20; i++) {
      const words = drawIndices(random, [9, 3], 11);
      const labels = random.uniform([9], 0, 4).asType('int32');
      expectClose(step(words, labels), eager(words, labels), tolerances[dtype]);
    }
    for (const [i, parameter] of ours.entries()) expectClose(parameter, theirs[i]!, 20 * tolerances[dtype]);
    expect(step.programs.length).toBe(1);
    expect(step.programs[0]!.stats.hostCalls).toBe(0);
    expect(String(step.programs[0])).not.toContain('host');
  });

  it('adds to the rows that are named in the place of the table, and only to those', () => {
    const make = () => new Parameter(new RandomGenerator(seed).normal([50, 21]), 'table');
    const training = (table: Parameter) => (words: Tensor, g: Tensor) => {
      table.assign(indexAdd(table, words, g.mul(-0.1), 0));
    };
    const [ours, theirs] = [make(), make()];
    const step = compile(training(ours));
    const random = new RandomGenerator(seed);
    for (let i = 0; i < 3; i++) {
      const [words, g] = [drawIndices(random, [30], 50), random.normal([30, 21])];
      step(words, g);
      training(theirs)(words, g);
    }
    expect(ours.toData()).toEqual(theirs.toData());
    expect(String(step.programs[0])).toMatch(/scatter \[50, 21\] .* → table /);
    expect(String(step.programs[0])).not.toContain('copy');
  });

  it('adds what it reads of the table at other rows', () => {
    const make = () => new Parameter(new RandomGenerator(seed).normal([9, 5]), 'table');
    const training = (table: Parameter) => (words: Tensor) => {
      table.assign(indexAdd(table, words, table, 0));
    };
    const [ours, theirs] = [make(), make()];
    const words = int32([1, 2, 3, 4, 5, 6, 7, 8, 0]);
    compile(training(ours))(words);
    training(theirs)(words);
    expect(ours.toData()).toEqual(theirs.toData());
  });

  it('looks at indices once, for what is picked and for what is added there', () => {
    const step = compile(grad((table: Tensor, words: Tensor) => take(table, words, 0).square().sum()));
    step(zeros([4, 3]), int32([0, 3]));
    expect(String(step.programs[0]).match(/indices/g)).toHaveLength(1);
  });

  it('differentiates twice', () => {
    const at = int32([2, 0, 2, -1]);
    const second = grad((x: Tensor) =>
      grad((y: Tensor) => take(y, at, 0).pow(3).sum())(x)
        .square()
        .sum(),
    );
    const x = tensor([[1, 2], [3, 4], [5, 6]], { dtype: 'float64' }); // biome-ignore format: a matrix
    expectClose(compile(second)(x), second(x), tolerances.float64);
  });
});
