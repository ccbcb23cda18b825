import { describe, expect, it } from 'vitest';
import { fillRandomBits, threefry } from '../../src/kernels/threefry.ts';

const hex = (words: readonly number[]): string =>
  words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

describe('threefry', () => {
  // the known answers of Random123, the authors' own implementation (kat_vectors: threefry2x32, 20 rounds)
  it.each([
    [[0, 0], [0, 0], '6b200159 99ba4efe'],
    [[-1, -1], [-1, -1], '1cb996fc bb002be7'],
    [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], 'c4923a9c 483df7a0'],
  ] as const)('of key %o and counter %o', (key, counter, expected) => {
    expect(hex(threefry([key[0] | 0, key[1] | 0], [counter[0] | 0, counter[1] | 0]))).toBe(expected);
  });

  it.each([0, 1, 2, 5])('fills %d places with left words, then right ones', (length) => {
    const bits = new Int32Array(length);
    fillRandomBits(bits, [7, 8]);
    const pairs = Array.from({ length: Math.ceil(length / 2) }, (_, i) => threefry([7, 8], [i, 0]));
    expect([...bits]).toEqual([...pairs.map(([left]) => left), ...pairs.map(([, right]) => right)].slice(0, length));
  });

  it('gives bits that are on half the time, each by itself', () => {
    const bits = new Int32Array(40_000);
    fillRandomBits(bits, [1, 2]);
    for (let bit = 0; bit < 32; bit++) {
      const share = bits.reduce((count, word) => count + ((word >>> bit) & 1), 0) / bits.length;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.0125); // five standard deviations
    }
  });
});
