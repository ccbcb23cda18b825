// What all functions refuse alike: what is no tensor, and options that there are not.

import { type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { StandardScaler, stratifiedKFold, takeRows, trainTestSplit } from '../src/index.ts';

const x = zeros([4, 2]);
const y = tensor([0, 1, 0, 1]);
const list = [[1], [2]] as unknown as Tensor;
const expected = 'Expected a tensor; make one by';

describe('what is no tensor is refused', () => {
  it.each([
    [() => trainTestSplit(list, y), `trainTestSplit: x is an instance of Array. ${expected} tensor(x).`],
    [() => trainTestSplit(x, undefined as unknown as Tensor), `trainTestSplit: y is undefined. ${expected} tensor(y).`],
    [() => stratifiedKFold(list), `stratifiedKFold: y is an instance of Array. ${expected} tensor(y).`],
    [() => new StandardScaler().fit(list), `StandardScaler.fit: x is an instance of Array. ${expected} tensor(x).`],
    [
      () => new StandardScaler().fit(x).transform(null as unknown as Tensor),
      `StandardScaler.transform: x is null. ${expected} tensor(x).`,
    ],
    [() => takeRows(list, [0]), `takeRows: x is an instance of Array. ${expected} tensor(x).`],
  ])('%s', (call, message) => {
    expect(call).toThrow(expect.objectContaining({ name: 'TapegradError', message }));
  });
});

describe('options are refused, not ignored', () => {
  const splitOptions = 'Known: testSize, shuffle, stratify, seed.';

  it.each([
    [{ test_size: 0.2 }, `no option test_size. Did you mean testSize? ${splitOptions}`],
    [{ randomState: 1 }, `no option randomState. ${splitOptions}`],
    [{ shuffle: 'no' }, 'shuffle is "no". Expected true or false.'],
    [{ stratify: [0, 1, 0, 1] }, 'stratify is an instance of Array. Expected true, false, or a tensor of labels.'],
    [{ testSize: '0.2' }, 'testSize is "0.2". Expected a fraction between 0 and 1, or a whole number of rows.'],
    [{ seed: 1.5 }, 'the seed is 1.5. Expected a whole number.'],
    [0.2, 'the options are 0.2. Expected an object of options.'],
    [null, 'the options are null. Expected an object of options.'],
  ])('trainTestSplit with %j', (options, message) => {
    const given = options as unknown as object;
    expect(() => trainTestSplit(x, y, given)).toThrow(
      expect.objectContaining({ name: 'TapegradError', message: `trainTestSplit: ${message}` }),
    );
  });

  it.each([
    [{ nSplits: 2 }, 'no option nSplits. Known: folds, shuffle, seed.'],
    [{ folds: '2' }, 'folds is "2". Expected a whole number from 2 on.'],
    [{ folds: 2, shuffle: 0 }, 'shuffle is 0. Expected true or false.'],
    [{ folds: 2, seed: 'a' }, 'the seed is a. Expected a whole number.'],
    [5, 'the options are 5. Expected an object of options.'],
  ])('stratifiedKFold with %j', (options, message) => {
    const given = options as unknown as object;
    expect(() => stratifiedKFold(y, given)).toThrow(
      expect.objectContaining({ name: 'TapegradError', message: `stratifiedKFold: ${message}` }),
    );
  });
});
