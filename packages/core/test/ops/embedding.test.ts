import { expect, it } from 'vitest';
import { embedding, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

it('takes lists of indices too', () => {
  const table = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(embedding(table, [[1, 0]]).toArray()).toEqual([
    [
      [3, 4],
      [1, 2],
    ],
  ]);
});

it('refuses a table that is no matrix', () => {
  expect(() => embedding(zeros([3]), [1])).toThrow(
    refusal('embedding: the table has the shape [3]. Expected [words, features].'),
  );
});
