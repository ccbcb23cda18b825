import { describe, expect, it } from 'vitest';
import { randomBits, tensor } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

describe('randomBits', () => {
  const key = tensor([1, 2], { dtype: 'int32' });

  it('is a function of the key', () => {
    expect(randomBits(key, [3]).toArray()).toEqual(randomBits(key, [3]).toArray());
    expect(randomBits(key, [3]).toArray()).not.toEqual(randomBits(tensor([1, 3], { dtype: 'int32' }), [3]).toArray());
  });

  it('has the same elements under any shape', () => {
    expect(randomBits(key, [2, 3]).reshape([6]).toArray()).toEqual(randomBits(key, [6]).toArray());
    expect(randomBits(key, [0, 3]).shape).toEqual([0, 3]);
  });

  it('refuses keys that are none', () => {
    expect(() => randomBits(tensor([1, 2, 3], { dtype: 'int32' }), [1])).toThrow(
      refusal('randomBits: the key has shape [3]. Expected two whole numbers, [2].'),
    );
    expect(() => randomBits(tensor([1, 2]), [1])).toThrow(
      refusal('randomBits: the key is float32. Expected int32, e.g. random.randint([2], -(2 ** 31), 2 ** 31).'),
    );
    expect(() => randomBits(key, [-1])).toThrow(
      refusal('randomBits: the shape [-1] has the length -1. Expected whole numbers >= 0.'),
    );
  });
});
