// What golden/networks.json leaves open of losses: dtypes, errors, and shapes that would broadcast by mistake.

import { describe, expect, it } from 'vitest';
import {
  huber,
  type NestedArray,
  oneHot,
  RandomGenerator,
  sigmoidCrossEntropy,
  smoothLabels,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const random = new RandomGenerator(7);

describe('dtypes', () => {
  const logits = tensor([[0, 0]], { dtype: 'float64' });

  it.each([
    ['labels may be whole numbers', sigmoidCrossEntropy(logits, tensor([[0, 1]], { dtype: 'int32' })), 'float64[1, 2]'],
    ['or booleans', softmaxCrossEntropy(logits, tensor([[true, false]])), 'float64[1]'],
    ['numbers of classes may be float32', sparseSoftmaxCrossEntropy(logits, tensor([1])), 'float64[1]'],
    ['logits may be whole numbers', sigmoidCrossEntropy(zeros([1], 'int32'), zeros([1], 'int32')), 'float32[1]'],
    ['whole predictions too', huber(tensor([3], { dtype: 'int32' }), 1), 'float32[1]'],
  ])('%s', (_title, loss, expected) => {
    expect(`${loss.dtype}[${loss.shape.join(', ')}]`).toBe(expected);
  });

  it('of labels do not touch the gradient', () => {
    const slopes = (labels: Tensor): NestedArray =>
      valueAndGrad((z: Tensor) => sigmoidCrossEntropy(z, labels).sum())(logits)[1].toArray();
    expect(slopes(tensor([[true, false]]))).toEqual([[-0.5, 0.5]]);
    expect(slopes(tensor([[1, 0]], { dtype: 'int32' }))).toEqual([[-0.5, 0.5]]);
  });
});

describe('in float32', () => {
  it('losses of confident rows keep their digits', () => {
    const z = tensor([[20, 0]]);
    expect(softmaxCrossEntropy(z, tensor([[1, 0]])).item()).toBe(Math.fround(Math.log1p(Math.exp(-20))));
    expect(sigmoidCrossEntropy(tensor(20), 1).item()).toBe(Math.fround(Math.log1p(Math.exp(-20))));
  });
});

describe('sparse and dense labels', () => {
  it('give the same losses and gradients', () => {
    const z = random.normal([3, 4, 5], 0, 3, 'float64');
    const numbers = tensor([[0, 3, 2, 2, 1], [1, 1, 0, 3, 3], [2, 0, 0, 1, 3]], { dtype: 'int32' }); // biome-ignore format: a table
    const dense = oneHot(numbers, 4, { dtype: 'float64' }).transpose([0, 2, 1]);
    const bySparse = valueAndGrad((x: Tensor) => sparseSoftmaxCrossEntropy(x, numbers, { axis: 1 }).sum())(z);
    const byDense = valueAndGrad((x: Tensor) => softmaxCrossEntropy(x, dense, { axis: 1 }).sum())(z);
    expect(bySparse[0].item()).toBeCloseTo(byDense[0].item(), 12);
    expect(bySparse[1].sub(byDense[1]).abs().max().item()).toBeLessThan(1e-15);
  });
});

describe('refused', () => {
  it('are shapes that would broadcast', () => {
    expect(() => sigmoidCrossEntropy(zeros([3]), zeros([3, 1]))).toThrow(
      refusal('sigmoidCrossEntropy: logits have the shape [3], labels [3, 1]. Expected equal shapes, or a scalar.'),
    );
    expect(() => huber(zeros([3, 1]), zeros([3]))).toThrow(
      refusal('huber: predictions have the shape [3, 1], targets [3]. Expected equal shapes, or a scalar.'),
    );
    expect(() => softmaxCrossEntropy(zeros([3, 2]), zeros([2]))).toThrow(
      refusal(
        'softmaxCrossEntropy: logits have the shape [3, 2], labels [2]. Expected equal shapes; labels that are the ' +
          'numbers of classes go to sparseSoftmaxCrossEntropy.',
      ),
    );
    expect(() => sparseSoftmaxCrossEntropy(zeros([3, 2]), zeros([3, 2]))).toThrow(
      refusal(
        'sparseSoftmaxCrossEntropy: labels have the shape [3, 2]. Expected [3], that of the logits [3, 2] without ' +
          'axis 1; a distribution over the classes goes to softmaxCrossEntropy.',
      ),
    );
  });

  it.each([[2], [-1], [0.5], [Number.NaN]])('is the label %d among two classes', (label) => {
    expect(() => sparseSoftmaxCrossEntropy(zeros([2, 2]), tensor([0, label]))).toThrow(
      refusal(`sparseSoftmaxCrossEntropy: label 1 is ${label}. Expected a whole number from 0 to 1.`),
    );
  });

  it('are deltas and shares out of range', () => {
    expect(() => huber(1, 2, { delta: 0 })).toThrow(refusal('huber: delta is 0. Expected a number above 0.'));
    expect(() => smoothLabels(zeros([2]), 1.5)).toThrow(
      refusal('smoothLabels: smoothing is 1.5. Expected a number from 0 to 1.'),
    );
    expect(() => smoothLabels(zeros([]), 0.5)).toThrow(
      refusal('smoothLabels: axis -1 does not exist in a tensor of rank 0. A scalar has no axes.'),
    );
  });
});
