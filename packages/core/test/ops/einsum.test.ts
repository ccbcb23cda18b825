// What golden/ leaves open: agreement with a plain sum, dtypes, errors.

import { describe, expect, it } from 'vitest';
import { einsum, ones, RandomGenerator, type Shape, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

describe('einsum', () => {
  it('is the sum over all letters that the result lacks', () => {
    const random = new RandomGenerator(3);
    const [x, y, z] = [
      [2, 3, 2],
      [3, 4],
      [4, 2, 3],
    ].map((shape) => random.uniform(shape, -1, 1, 'float64'));
    const at = (t: number[][] | number[][][], ...place: number[]): number =>
      place.reduce<unknown>((level, i) => (level as unknown[])[i], t) as number;
    const [a, b, c] = [x!, y!, z!].map((t) => t.toArray() as number[][][]);
    const result = einsum('iji,jk,kil->lk', x!, y!, z!).toArray() as number[][];
    for (let l = 0; l < 3; l++) {
      for (let k = 0; k < 4; k++) {
        let sum = 0;
        for (let i = 0; i < 2; i++) {
          for (let j = 0; j < 3; j++) sum += at(a!, i, j, i) * at(b!, j, k) * at(c!, k, i, l);
        }
        expect(result[l]![k]).toBeCloseTo(sum, 14);
      }
    }
  });

  it('takes one operand more than once', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(einsum('ij,ij->', x, x).item()).toBe(30);
  });

  it('lets lengths under an ellipsis broadcast, with different numbers of axes', () => {
    expect(einsum('...i,...i->...', ones([2, 1, 3]), ones([4, 3])).shape).toEqual([2, 4]);
    expect(einsum('...,...', ones([2, 1]), ones([3])).shape).toEqual([2, 3]);
    expect(einsum('...->', ones([2, 3])).item()).toBe(6);
  });

  it('of whole numbers is float32, beside float64 that', () => {
    const whole = tensor([1, 2], { dtype: 'int32' });
    expect(String(einsum('i,i->i', whole, whole))).toBe('float32[2] [1, 4]');
    expect(String(einsum('i,i', whole, tensor([0.5, 0.1], { dtype: 'float64' })))).toBe('float64[] 0.7');
    expect(String(einsum(',i', 0.1, tensor([1], { dtype: 'float64' })))).toBe('float64[1] [0.1]');
  });

  it.each<[string, Shape[], string]>([
    [
      'ij,jk->ik',
      [
        [2, 3],
        [4, 2],
      ],
      "j is 3 in 'ij', operand 0 of shape [2, 3], and 4 in 'jk', operand 1 of shape [4, 2]. Expected equal lengths.",
    ],
    [
      'ii',
      [[2, 3]],
      "i is 2 in 'ii', operand 0 of shape [2, 3], and 3 in 'ii', operand 0 of shape [2, 3]. Expected equal lengths.",
    ],
    ['ij', [[2]], "'ij' in 'ij' names 2 axes, operand 0 has shape [2]. Expected a letter for each axis."],
    ['i', [[2, 3]], "'i' in 'i' names 1 axes, operand 0 has shape [2, 3]. Expected a letter for each axis."],
    ['ij...', [[2]], "'ij...' in 'ij...' names 2 axes, operand 0 has shape [2]. Expected a letter for each axis."],
    ['i,i', [[2]], "'i,i' has 2 terms, and there are 1 operands. Expected as many of both."],
    [
      'i->j',
      [[2]],
      "j stands in no operand: the result in 'i->j' is 'j'. Expected each letter of the result once, and in an operand.",
    ],
    [
      'i->ii',
      [[2]],
      "i stands twice: the result in 'i->ii' is 'ii'. Expected each letter of the result once, and in an operand.",
    ],
    [
      'i1',
      [[2, 2]],
      "'i1' is not understood at 'i1'. Expected letters, at most one '...' a term, ',' between terms and one '->'.",
    ],
    [
      'i->i->i',
      [[2]],
      "'i->i->i' is not understood at 'i'. Expected letters, at most one '...' a term, ',' between terms and one '->'.",
    ],
    [
      'i...j...',
      [[2, 2]],
      "'i...j...' is not understood at 'i...j...'. Expected letters, at most one '...' a term, ',' between terms and one '->'.",
    ],
    [
      '...i,...i',
      [
        [2, 3],
        [4, 3],
      ],
      'shapes [2] and [4] do not broadcast: 2 against 4 at axis -1. Expected equal lengths, or 1.',
    ],
  ])('refuses %s of %j', (subscripts, shapes, message) => {
    expect(() => einsum(subscripts, ...shapes.map((shape) => zeros(shape)))).toThrow(refusal(`einsum: ${message}`));
  });

  it('refuses operands that come first', () => {
    expect(() => einsum(zeros([2]) as unknown as string, 2)).toThrow(
      refusal("einsum: the subscripts come first, as text. Expected e.g. einsum('ij,jk->ik', x, y)."),
    );
  });

  it('refuses float32 beside float64, and names itself', () => {
    expect(() => einsum('i,i', tensor([1]), tensor([1], { dtype: 'float64' }))).toThrow(
      refusal("einsum: dtypes differ: float32 and float64. Convert one first, e.g. x.asType('float64')."),
    );
  });
});
