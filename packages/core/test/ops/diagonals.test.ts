// What golden/structure.json leaves open of diagonals and triangles: views, NaN beside them, dtypes, errors.

import { describe, expect, it } from 'vitest';
import { diag, diagonal, grad, type Tensor, tensor, trace, tril, triu, undiagonal, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('a diagonal', () => {
  it('is a view, also of a view', () => {
    expect(diagonal(x).array.data).toBe(x.array.data);
    expect(diagonal(x.transpose(), { diagonal: -1 }).toArray()).toEqual([2, 6]);
    expect(diagonal(x.flip(1), { diagonal: 1 }).toArray()).toEqual([2, 4]);
  });

  it.each<[number, number[]]>([
    [0, [1, 5]],
    [2, [3]],
    [-1, [4]],
    [3, []],
    [-2, []],
  ])('%i of two rows of three', (k, expected) => {
    expect(x.diagonal({ diagonal: k }).toArray()).toEqual(expected);
  });

  it('of a vector is put back where diag takes it from', () => {
    for (const k of [-2, 0, 1]) {
      expect(diag(diag(tensor([7, 8]), { diagonal: k }), { diagonal: k }).toArray()).toEqual([7, 8]);
    }
  });

  it('of nothing has the trace 0', () => {
    expect(trace(zeros([0, 0])).item()).toBe(0);
    expect(trace(x, { diagonal: 9 }).item()).toBe(0);
    expect(
      trace(
        tensor([
          [true, false],
          [false, true],
        ]),
      ).item(),
    ).toBe(2);
  });
});

describe('a triangle', () => {
  it('keeps the dtype, a mask too', () => {
    expect(
      String(
        triu(
          tensor([
            [true, true],
            [true, true],
          ]),
        ),
      ),
    ).toBe('bool[2, 2] [[true, true], [false, true]]');
    expect(
      String(
        tril(
          tensor(
            [
              [1, 2],
              [3, 4],
            ],
            { dtype: 'int32' },
          ),
          { diagonal: -1 },
        ),
      ),
    ).toBe('int32[2, 2] [[0, 0], [3, 0]]');
  });

  it('is 0 outside of it, whatever stood there, and its gradient too', () => {
    const bad = tensor([
      [1, Number.NaN],
      [2, Infinity],
    ]);
    expect(tril(bad, { diagonal: -1 }).toArray()).toEqual([
      [0, 0],
      [2, 0],
    ]);
    expect(grad((y: Tensor) => tril(y).log().mul(0).add(tril(y)).at(1, 0).sum())(bad).toArray()).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });
});

describe('what is refused', () => {
  it.each<[() => Tensor, string]>([
    [() => diagonal(zeros([2])), 'diagonal: x has shape [2]. Expected a matrix, or a batch of them.'],
    [() => trace(zeros([])), 'trace: x has shape []. Expected a matrix, or a batch of them.'],
    [() => triu(zeros([3])), 'triu: x has shape [3]. Expected a matrix, or a batch of them.'],
    [() => tril(zeros([2, 2]), { diagonal: 0.5 }), 'tril: diagonal is 0.5. Expected a whole number.'],
    [
      () => triu(zeros([2, 2]), { diagonal: '1' as unknown as number }),
      'triu: diagonal is "1". Expected a whole number.',
    ],
    [
      () => diag(zeros([2, 2, 2])),
      'diag: x has shape [2, 2, 2]. Expected a vector or a matrix; diagonal takes batches.',
    ],
    [
      () => undiagonal(zeros([3]), [3, 3], { diagonal: 1 }),
      'undiagonal: x has shape [3]. Expected [2], as diagonal 1 of [3, 3] has.',
    ],
    [() => undiagonal(zeros([3]), [3]), 'undiagonal: x has shape [3]. Expected a matrix, or a batch of them.'],
  ])('%#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});
