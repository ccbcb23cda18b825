import { describe, expect, it } from 'vitest';
import { type DropoutOptions, dropout, grad, ones, RandomGenerator, type Tensor } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = ones([2000]);

describe('dropout', () => {
  it('keeps the expected value: each element is 0, or divided by 1 - rate', () => {
    const out = dropout(x, 0.2, { seed: 3 });
    expect(new Set(out.toData())).toEqual(new Set([0, Math.fround(1 / 0.8)]));
    // 2000 draws: four standard deviations of the mean are 0.045
    expect(Math.abs(out.mean().item() - 1)).toBeLessThan(0.045);
  });

  it('draws the same for the same seed, and anew from a stream', () => {
    const dropped = (options: DropoutOptions): string => String(dropout(x, 0.5, options).toData());
    expect(dropped({ seed: 3 })).toBe(dropped({ seed: 3 }));
    const random = new RandomGenerator(3);
    expect(dropped({ random })).toBe(dropped({ seed: 3 }));
    expect(dropped({ random })).not.toBe(dropped({ seed: 3 }));
    expect(dropped({})).not.toBe(dropped({}));
  });

  it('lets the gradient through where it lets the value through', () => {
    const out = dropout(x, 0.5, { seed: 3 });
    expect(grad((y: Tensor) => dropout(y, 0.5, { seed: 3 }).sum())(x).toArray()).toEqual(out.toArray());
  });

  it('refuses rates that are no share, and two sources of chance', () => {
    expect(() => dropout(x, 1.5)).toThrow(refusal('dropout: the rate is 1.5. Expected a number from 0 to 1.'));
    expect(() => dropout(x, Number.NaN)).toThrow(refusal('dropout: the rate is NaN. Expected a number from 0 to 1.'));
    expect(() => dropout(x, 0.5, { seed: 1, random: new RandomGenerator(1) })).toThrow(
      refusal('dropout: both random and seed are given. Expected one of them.'),
    );
    expect(() => dropout(x, 0.5, { random: 3 as unknown as RandomGenerator })).toThrow(
      refusal('dropout: random is number. Expected a RandomGenerator; a number is a seed.'),
    );
  });
});
