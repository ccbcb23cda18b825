import { describe, expect, it } from 'vitest';
import { type Categories, RandomGenerator, type Tensor, tensor } from '../src/index.ts';
import { refusal } from './refusal.ts';

const n = 20_000;
const values = (x: Tensor): number[] => [...x.toData()];

describe('categorical', () => {
  const shares = (draws: Tensor, count: number): number[] =>
    Array.from({ length: count }, (_, k) => values(draws).filter((x) => x === k).length / draws.size);

  it.each<[string, Categories]>([
    ['probabilities', { probabilities: [0.1, 0, 0.6, 0.3] }],
    ['logits', { logits: tensor([0.1, 0, 0.6, 0.3]).log().add(1000) }],
  ])('draws by %s, and never what has no probability', (_, categories) => {
    const draws = new RandomGenerator(11).categorical([n], categories);
    expect(draws.dtype).toBe('int32');
    shares(draws, 4).forEach((share, k) => {
      expect(share).toBeCloseTo([0.1, 0, 0.6, 0.3][k]!, 1);
    });
    expect(shares(draws, 4)[1]).toBe(0);
  });

  it('chooses none of probability 0 for the smallest and the largest draw', () => {
    const random = new RandomGenerator(11);
    for (const [extreme, expected] of [
      [0, 1],
      [1 - 2 ** -53, 2],
    ] as const) {
      random.next = () => extreme;
      expect(random.categorical([], { probabilities: [0, 0.5, 0.5, 0] }).item()).toBe(expected);
    }
  });

  it('takes a distribution for each row, broadcast to the shape', () => {
    const random = new RandomGenerator(12);
    const rows = [
      [1, 0],
      [0, 1],
    ];
    expect(random.categorical([2], { probabilities: rows }).toArray()).toEqual([0, 1]);
    expect(random.categorical([3, 2], { probabilities: rows }).toArray()).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(random.categorical([0], { probabilities: [1] }).shape).toEqual([0]);
  });

  it.each<[unknown, string]>([
    [{ probabilities: [0.5, 0.4] }, 'the probabilities add up to 0.9. Expected 1.'],
    [{ probabilities: [1.5, -0.5] }, 'a probability is 1.5. Expected numbers from 0 to 1; give scores as { logits }.'],
    [
      { probabilities: [Number.NaN, 1] },
      'a probability is NaN. Expected numbers from 0 to 1; give scores as { logits }.',
    ],
    [
      { logits: [-Infinity, -Infinity] },
      'the largest logit is -Infinity. Expected a finite number; -Infinity rules a category out.',
    ],
    [
      { logits: [Number.NaN, 0] },
      'the largest logit is NaN. Expected a finite number; -Infinity rules a category out.',
    ],
    [{ logits: 1 }, 'the logits have shape []. Expected at least one category along the last axis.'],
    [{ probabilities: [] }, 'the probabilities have shape [0]. Expected at least one category along the last axis.'],
    [{}, 'Expected either probabilities or logits, as { probabilities } or { logits }.'],
    [undefined, 'Expected either probabilities or logits, as { probabilities } or { logits }.'],
    [
      { probabilities: [1], logits: [1] },
      'Expected either probabilities or logits, as { probabilities } or { logits }.',
    ],
    [
      { probabilities: [[1], [1], [1]] },
      'distributions of shape [3] do not broadcast to [2]. Expected lengths that are equal, or 1.',
    ],
  ])('refuses %j', (categories, message) => {
    expect(() => new RandomGenerator(12).categorical([2], categories as Categories)).toThrow(
      refusal(`categorical: ${message}`),
    );
  });
});
