import { describe, expect, it } from 'vitest';
import { choleskyFactor, factorize, rankOf, solveFactored } from '../../src/kernels/factorizations.ts';

/** L D N of the factors, its rows and columns put back in the places of A. */
function product({ n, packed, d, rows, columns }: ReturnType<typeof factorize>): number[] {
  const at = (i: number, j: number, lower: boolean): number => {
    if (i === j) return 1;
    return i > j === lower ? packed[i * n + j]! : 0;
  };
  const a = Array<number>(n * n).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[rows[i]! * n + columns[j]!]! += at(i, k, true) * d[k]! * at(k, j, false);
    }
  }
  return a;
}

describe('factorize', () => {
  it.each<[number[], number]>([
    [[], 0],
    [[0], 0],
    [[-3], 1],
    [[0, 2, 1, 0], 2],
    [[1, 2, 2, 4], 1],
    [[0, 0, 0, 0, 0, 5, 0, 0, 0], 1],
    [[1, 2, 3, 2, 4, 6, 1, 0, 1], 2],
    [[2, -1, 0.5, 4, 1, 8, 0, 3, -6], 3],
  ])('of %j has rank %i, and gives it back', (list, rank) => {
    const factors = factorize(Float64Array.from(list), Math.sqrt(list.length));
    expect(rankOf(factors)).toBe(rank);
    product(factors).forEach((value, i) => {
      expect(value).toBeCloseTo(list[i]!, 14);
    });
  });

  it('takes the largest element for a pivot, so that the rank shows', () => {
    const { packed, d, sign } = factorize(Float64Array.of(1e-20, 1, 1, 1), 2);
    expect([...d, sign]).toEqual([1, 1, -1]);
    expect(Math.max(...packed.subarray(1, 3).map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('solves with small pivots in the way', () => {
    const factors = factorize(Float64Array.of(1e-20, 1, 1, 1), 2);
    expect([...solveFactored(factors, Float64Array.of(1, 2), 1)]).toEqual([1, 1]);
  });
});

describe('choleskyFactor', () => {
  it('says which pivot is not above 0', () => {
    const l = new Float64Array(4);
    expect(choleskyFactor(Float64Array.of(4, 2, 2, 5), 2, l)).toBeUndefined();
    expect([...l]).toEqual([2, 0, 1, 2]);
    expect(choleskyFactor(Float64Array.of(1, 2, 2, 1), 2, new Float64Array(4))).toEqual({ at: 1, value: -3 });
  });
});
