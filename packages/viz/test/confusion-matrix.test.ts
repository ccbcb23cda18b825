import { TapegradError, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../src/index.ts';

describe('confusionMatrix', () => {
  // sklearn.metrics.confusion_matrix, scikit-learn 1.2.1
  it('has the counts of scikit-learn', () => {
    const { counts, shares, accuracy, classNames } = confusionMatrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]);
    expect(counts).toEqual([
      [2, 0, 0],
      [0, 0, 1],
      [1, 0, 2],
    ]);
    expect(shares).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [1 / 3, 0, 2 / 3],
    ]);
    expect([accuracy, classNames]).toEqual([4 / 6, ['0', '1', '2']]);
  });

  it('takes tensors of any integers, and a class that does not occur', () => {
    const labels = tensor([true, false, true]);
    const { counts, shares } = confusionMatrix(labels, tensor([1, 0, 0], { dtype: 'int32' }), {
      classNames: ['a', 'b', 'c'],
    });
    expect(counts).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
    ]);
    expect(shares[2]).toEqual([0, 0, 0]);
  });

  it.each([
    [[], [], undefined, 'there are no labels. Expected at least one.'],
    [[0], [0, 1], undefined, 'there are 1 labels and 2 predictions. Expected one prediction for each label.'],
    [
      [0, 3],
      [0, 1],
      ['a', 'b'],
      'labels is 3 at position 1. Expected the index of a class from 0 to 1, one of the 2 classNames.',
    ],
    [[0, 1], [0, -1], undefined, 'predictions is -1 at position 1. Expected the index of a class, 0 or more.'],
    [
      [0, 1],
      [0.2, 0.9],
      undefined,
      'predictions is 0.2 at position 0. Expected the index of a class, 0 or more; scores become indices by argmax(-1), or by a threshold.',
    ],
    [
      [Number.NaN],
      [1],
      undefined,
      'labels is NaN at position 0. Expected the index of a class, 0 or more; scores become indices by argmax(-1), or by a threshold.',
    ],
    [[0], [0], [], 'classNames is a list of 0. Expected a list with a name for each class.'],
    [[0], [0], [''], 'classNames[0] is "". Expected a text that is not empty.'],
  ])('refuses %j and %j', (labels, predictions, classNames, message) => {
    const call = () => confusionMatrix(labels, predictions, classNames && { classNames });
    expect(call).toThrow(new TapegradError('confusionMatrix', message));
  });
});
