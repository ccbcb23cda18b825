import { describe, expect, it } from 'vitest';
import { grad, RandomGenerator, type Tensor, tensor, zeros } from '../src/index.ts';
import { refusal } from './refusal.ts';

const n = 20_000;
const values = (x: Tensor): number[] => [...x.toData()];
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs: readonly number[]): number => mean(xs.map((x) => x ** 2)) - mean(xs) ** 2;

describe('a seed', () => {
  it('gives the same draws everywhere', () => {
    const random = new RandomGenerator(42);
    // The first four outputs of MT19937 for this seed, and how pure-rand makes 53 bits of two: the low 26 and 27 of them.
    const [a, b, c, d] = [1608637542, 3421126067, 4083286876, 787846414] as const;
    const combined = (high: number, low: number): number => ((high % 2 ** 26) * 2 ** 27 + (low % 2 ** 27)) / 2 ** 53;
    expect([random.next(), random.next()]).toEqual([combined(a, b), combined(c, d)]);
  });

  it('gives the same stream again, and another one for another seed', () => {
    const draws = [7, 7, 8].map((seed) => values(new RandomGenerator(seed).normal([5])));
    expect(draws[0]).toEqual(draws[1]);
    expect(draws[0]).not.toEqual(draws[2]);
  });

  it('moves on with each draw', () => {
    const random = new RandomGenerator(1);
    expect(values(random.uniform([3]))).not.toEqual(values(random.uniform([3])));
  });

  it('leaves no trace in the first draws: over many seeds they are uniform, and unlike those of the next seed', () => {
    const seeds = [...Array(2000).keys()];
    for (const position of [0, 1]) {
      const draws = seeds.map((seed) => {
        const random = new RandomGenerator(seed);
        if (position === 1) random.next();
        return random.next();
      });
      expect(mean(draws)).toBeCloseTo(1 / 2, 1);
      expect(variance(draws) * 12).toBeCloseTo(1, 1);
      const neighbours = draws.slice(1).map((draw, i) => (draw - 0.5) * (draws[i]! - 0.5));
      expect(Math.abs(mean(neighbours) * 12)).toBeLessThan(0.15);
    }
  });

  it('is chosen by chance where none is given, and can be read', () => {
    const random = new RandomGenerator();
    expect(values(random.uniform([4]))).toEqual(values(new RandomGenerator(random.seed).uniform([4])));
    expect(random.seed).not.toBe(new RandomGenerator().seed);
  });

  it.each([0, 1, 700])('can be put back to where its stream stood after %i draws, also by way of JSON', (before) => {
    const random = new RandomGenerator(3);
    for (let i = 0; i < before; i++) random.next();
    const state = random.getState();
    const drawn = values(random.uniform([5]));
    random.setState(state);
    expect(values(random.uniform([5]))).toEqual(drawn);
    const other = new RandomGenerator(4);
    other.setState(JSON.parse(JSON.stringify(state)));
    expect(values(other.uniform([5]))).toEqual(drawn);
    expect(other.seed).toBe(4);
    // the state is a copy: what is drawn later does not change it
    other.setState(state);
    expect(values(other.uniform([5]))).toEqual(drawn);
  });

  it.each<[unknown, string]>([
    [7, 'the state is number. Expected the 625 numbers that getState() gives.'],
    [[1, 2], 'the state is a list of 2. Expected the 625 numbers that getState() gives.'],
    [
      [624, ...Array(624).fill(1)],
      'the state has 624 at 0. Expected a whole number in [0, 624), as getState() gives it.',
    ],
    [
      [0, 0.5, ...Array(623).fill(1)],
      'the state has 0.5 at 1. Expected a whole number of 32 bits, as getState() gives it.',
    ],
  ])('has no state %#', (state, message) => {
    const random = new RandomGenerator(3);
    expect(() => random.setState(state as number[])).toThrow(refusal(`setState: ${message}`));
    expect(random.next()).toBe(new RandomGenerator(3).next());
  });

  it.each([0, -1, 2 ** 31, 2 ** 40])('may be %i', (seed) => {
    expect(new Set(values(new RandomGenerator(seed).uniform([8]))).size).toBe(8);
  });

  it.each([0.5, Number.NaN, Infinity])('may not be %d', (seed) => {
    expect(() => new RandomGenerator(seed)).toThrow(
      refusal(`RandomGenerator: the seed is ${seed}. Expected a whole number.`),
    );
  });
});

describe('draws', () => {
  it('next is in [0, 1), with mean 1/2 and variance 1/12', () => {
    const random = new RandomGenerator(1);
    const draws = Array.from({ length: n }, () => random.next());
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(mean(draws)).toBeCloseTo(1 / 2, 2);
    expect(variance(draws)).toBeCloseTo(1 / 12, 2);
  });

  it('uniform is in [low, high)', () => {
    const draws = values(new RandomGenerator(2).uniform([n], -3, 5));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...draws)).toBeLessThan(5);
    expect(mean(draws)).toBeCloseTo(1, 1);
  });

  it('uniform is below high also where float32 would round up to it', () => {
    const random = new RandomGenerator(2);
    random.next = () => 1 - 2 ** -53; // the largest draw
    expect(random.uniform([]).item()).toBeLessThan(1);
    expect(random.uniform([], 0, 1, 'float64').item()).toBeLessThan(1);
  });

  it('normal has the mean and the standard deviation that are asked for', () => {
    const draws = values(new RandomGenerator(3).normal([n], 2, 3));
    expect(mean(draws)).toBeCloseTo(2, 1);
    expect(variance(draws) / 9).toBeCloseTo(1, 1);
    const within = draws.filter((x) => Math.abs(x - 2) < 3).length / n;
    expect(within).toBeCloseTo(0.683, 2);
  });

  it('normal is finite also for the largest and the smallest draw', () => {
    const random = new RandomGenerator(3);
    for (const extreme of [0, 1 - 2 ** -53]) {
      random.next = () => extreme;
      expect(Number.isFinite(random.normal([]).item())).toBe(true);
    }
  });

  it('bernoulli is true with its probability', () => {
    const random = new RandomGenerator(4);
    expect(mean(values(random.bernoulli([n], 0.3)))).toBeCloseTo(0.3, 2);
    expect(values(random.bernoulli([100], 0)).includes(1)).toBe(false);
    expect(values(random.bernoulli([100], 1)).includes(0)).toBe(false);
    expect(random.bernoulli([2], 0.5).dtype).toBe('bool');
  });

  it('mask is true with its probability, and draws anew each time', () => {
    const random = new RandomGenerator(4);
    expect(mean(values(random.mask([n], 0.3)))).toBeCloseTo(0.3, 2);
    expect(values(random.mask([100], 0)).includes(1)).toBe(false);
    expect(values(random.mask([100], 1)).includes(0)).toBe(false);
    expect(values(random.mask([64], 0.5))).not.toEqual(values(random.mask([64], 0.5)));
    expect(random.mask([2, 0], 0.5)).toMatchObject({ dtype: 'bool', shape: [2, 0] });
  });

  it.each([-0.1, 1.1, Number.NaN])('mask refuses the probability %d', (probability) => {
    expect(() => new RandomGenerator(4).mask([2], probability)).toThrow(
      refusal(`mask: the probability is ${probability}. Expected a number from 0 to 1.`),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])('bernoulli refuses the probability %d', (probability) => {
    expect(() => new RandomGenerator(4).bernoulli([2], probability)).toThrow(
      refusal(`bernoulli: the probability is ${probability}. Expected a number from 0 to 1.`),
    );
  });

  it('permutation holds each number once, and every order is as likely', () => {
    const random = new RandomGenerator(5);
    expect([...random.permutation(50)].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = String(random.permutation(3));
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // five standard deviations
    expect([...random.permutation(0)]).toEqual([]);
    expect([...random.permutation(1)]).toEqual([0]);
  });

  it.each([2.5, -1, Number.NaN])('permutation refuses %d', (length) => {
    expect(() => new RandomGenerator(5).permutation(length)).toThrow(
      refusal(`permutation: n is ${length}. Expected a whole number >= 0.`),
    );
  });

  it('come in the shape and the dtype that are asked for', () => {
    const random = new RandomGenerator(6);
    expect(String(random.uniform([2, 0]))).toBe('float32[2, 0] [[], []]');
    expect(random.normal([2, 3], 0, 1, 'float64')).toMatchObject({ shape: [2, 3], dtype: 'float64' });
    expect(random.uniform([]).rank).toBe(0);
  });

  it.each<[string, (random: RandomGenerator) => unknown]>([
    ['uniform', (random) => random.uniform([-1])],
    ['normal', (random) => random.normal([-1])],
    ['bernoulli', (random) => random.bernoulli([-1], 0.5)],
    ['mask', (random) => random.mask([-1], 0.5)],
    ['truncatedNormal', (random) => random.truncatedNormal([-1])],
    ['randint', (random) => random.randint([-1], 0, 2)],
    ['categorical', (random) => random.categorical([-1], { logits: [0] })],
  ])('%s refuses a negative length', (op, draw) => {
    expect(() => draw(new RandomGenerator(6))).toThrow(
      refusal(`${op}: the shape [-1] has the length -1. Expected whole numbers >= 0.`),
    );
  });
});

describe('the streams', () => {
  // What earlier versions drew: a seed must go on meaning the same.
  it('of each method stay what they are', () => {
    const draws = {
      uniform: new RandomGenerator(42).uniform([2], 0, 1, 'float64'),
      normal: new RandomGenerator(42).normal([2], 0, 1, 'float64'),
      bernoulli: new RandomGenerator(42).bernoulli([6], 0.5),
      mask: new RandomGenerator(42).mask([6], 0.5),
      truncatedNormal: new RandomGenerator(42).truncatedNormal([2], 0, 1, { dtype: 'float64' }),
      randint: new RandomGenerator(42).randint([6], 0, 10),
      categorical: new RandomGenerator(42).categorical([6], { probabilities: [0.2, 0.3, 0.5] }),
    };
    const shown = Object.entries(draws).map(
      ([name, x]) => `${name} ${[...x.toData()].map((value) => +value.toFixed(9))}`,
    );
    expect(shown).toEqual([
      'uniform 0.970567323,0.845715953',
      'normal 1.502436749,-0.760774153',
      'bernoulli 0,0,0,1,0,0',
      'mask 0,1,0,0,0,1',
      'truncatedNormal 1.502436749,-0.760774153',
      'randint 9,8,8,3,9,9',
      'categorical 2,2,2,1,2,2',
    ]);
    expect([...new RandomGenerator(42).permutation(6)]).toEqual([2, 1, 0, 3, 4, 5]);
  });
});

describe('randint', () => {
  it('draws each whole number of [low, high) as often', () => {
    const draws = new RandomGenerator(10).randint([n], -2, 3);
    expect(draws.dtype).toBe('int32');
    for (const value of [-2, -1, 0, 1, 2]) {
      // five standard deviations of a share of 1/5
      expect(Math.abs(values(draws).filter((x) => x === value).length / n - 0.2)).toBeLessThan(0.014);
    }
    expect(values(new RandomGenerator(10).randint([50], 7, 8)).every((x) => x === 7)).toBe(true);
  });

  it.each([
    [2, 2],
    [3, 1],
    [0.5, 2],
    [0, 2 ** 31 + 1],
    [0, Number.NaN],
  ])('refuses the bounds %d and %d', (low, high) => {
    expect(() => new RandomGenerator(10).randint([1], low, high)).toThrow(
      refusal(`randint: the bounds are ${low} and ${high}. Expected whole numbers of 32 bits, low < high.`),
    );
  });
});

describe('choice and shuffle', () => {
  const x = tensor([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);

  it('keep what belongs together, along any axis', () => {
    const random = new RandomGenerator(13);
    expect([...random.shuffle(x).toData()].sort((a, b) => a - b)).toEqual([1, 2, 3, 10, 20, 30]);
    for (const [a, b] of random.shuffle(x).toArray() as number[][]) expect(b).toBe(10 * a!);
    for (const [a, b] of random.choice(x, 20).toArray() as number[][]) expect(b).toBe(10 * a!);
    expect(random.choice(x, 2, { axis: 1, replace: false }).shape).toEqual([3, 2]);
  });

  it('without replacement draw nothing twice', () => {
    const drawn = new RandomGenerator(13).choice(tensor([1, 2, 3, 4]), 4, { replace: false });
    expect([...drawn.toData()].sort()).toEqual([1, 2, 3, 4]);
  });

  it('pass gradients to what was drawn', () => {
    const gradient = grad((y: Tensor) => new RandomGenerator(13).choice(y, 10).sum())(tensor([1, 1, 1]));
    expect([...gradient.toData()].reduce((a, b) => a + b)).toBe(10);
  });

  it.each<[(random: RandomGenerator) => unknown, string]>([
    [
      (random) => random.choice(x, 4, { replace: false }),
      'choice: count is 4 of 3. Expected a whole number >= 0 and <= 3.',
    ],
    [(random) => random.choice(zeros([0]), 1), 'choice: count is 1 of 0. Expected a whole number >= 0 and <= 0.'],
    [(random) => random.choice(x, 0.5), 'choice: count is 0.5 of 3. Expected a whole number >= 0.'],
    [
      (random) => random.choice(5 as unknown as Tensor, 1),
      'choice: x is number. Expected a tensor; random whole numbers are drawn by randint or permutation.',
    ],
    [
      (random) => random.shuffle(x, 2),
      'shuffle: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
  ])('refuse %#', (draw, message) => {
    expect(() => draw(new RandomGenerator(13))).toThrow(refusal(message));
  });
});
