// Which rows belong to which class.

import { tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { classesOf } from '../src/classes.ts';

describe('classesOf', () => {
  const expected = [
    { label: 2, rows: [0, 2] },
    { label: 0, rows: [1] },
  ];

  it('lists classes by first occurrence, with their rows in order', () => {
    expect(classesOf('op', 'y', tensor([2, 0, 2]))).toEqual(expected);
    expect(classesOf('op', 'y', tensor([[2], [0], [2]], { dtype: 'int32' }))).toEqual(expected);
  });

  it('refuses labels that are not one a row', () => {
    expect(() => classesOf('op', 'y', zeros([4, 3]))).toThrow(
      'op: y has shape [4, 3]. Expected one label a row, [rows] or [rows, 1]; for one-hot rows pass y.argmax(1).',
    );
    expect(() => classesOf('op', 'y', zeros([]))).toThrow('op: y has shape []. Expected one label a row');
  });

  it('refuses NaN, which is no class, and no labels', () => {
    expect(() => classesOf('op', 'y', tensor([0, Number.NaN]))).toThrow(
      'op: y is NaN in row 1. Expected a class; leave the row out.',
    );
    expect(() => classesOf('op', 'y', zeros([0]))).toThrow('op: y has shape [0]: no labels. Expected at least one.');
  });
});
