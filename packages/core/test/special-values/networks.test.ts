// Where the ops of neural networks are easily wrong: ties, saturated logits, NaN, nothing to pool or normalise.

import { describe, expect, it } from 'vitest';
import {
  averagePool1d,
  batchNorm,
  conv1d,
  dropout,
  embedding,
  grad,
  huber,
  layerNorm,
  maxPool1d,
  type NestedArray,
  rmsNorm,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '../../src/index.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

interface Row {
  readonly call: string;
  readonly f: (x: Tensor) => Tensor;
  readonly at: readonly unknown[];
  readonly value: NestedArray;
  /** Of the sum of the value. */
  readonly gradient: NestedArray;
  readonly because: string;
}

/** A sequence of one channel, as a batch of one. */
const sequence = (...values: readonly number[]): number[][][] => [values.map((value) => [value])];

const labels = (...values: readonly number[]): Tensor => tensor([...values], { dtype: 'float64' });

const rows: readonly Row[] = [
  {
    call: 'maxPool1d of equals',
    f: (x) => maxPool1d(x, 4),
    at: sequence(2, 1, 2, 0),
    value: sequence(2),
    gradient: sequence(0.5, 0, 0.5, 0),
    because: 'equal largest elements share the gradient evenly',
  },
  {
    call: 'maxPool1d of equals in windows that overlap',
    f: (x) => maxPool1d(x, 2, { stride: 1 }),
    at: sequence(1, 1, 1),
    value: sequence(1, 1),
    gradient: sequence(0.5, 1, 0.5),
    because: 'each window shares its own, and shares add up',
  },
  {
    call: 'maxPool1d of 0 and -0',
    f: (x) => maxPool1d(x, 2),
    at: sequence(-0, 0),
    value: sequence(-0),
    gradient: sequence(0.5, 0.5),
    because: '0 and -0 are equal; the value is the first',
  },
  {
    call: 'maxPool1d of NaN',
    f: (x) => maxPool1d(x, 3),
    at: sequence(inf, nan, 1),
    value: sequence(nan),
    gradient: sequence(0, 1, 0),
    because: 'NaN is the largest, and gets the gradient',
  },
  {
    call: 'maxPool1d of -Infinity beside padding',
    f: (x) => maxPool1d(x, 2, { padding: [1, 0] }),
    at: sequence(-inf, -2),
    value: sequence(-inf),
    gradient: sequence(1, 0),
    because: 'padding is nothing, not a value that -Infinity could lose to or tie with',
  },
  {
    call: 'averagePool1d at the edge',
    f: (x) => averagePool1d(x, 2, { padding: [1, 0], stride: 1 }),
    at: sequence(4, 2),
    value: sequence(4, 3),
    gradient: sequence(1.5, 0.5),
    because: 'the padding is not counted: the mean of 4 alone is 4',
  },
  {
    call: 'conv1d beside NaN',
    f: (x) => conv1d(x, tensor([[[1]], [[0]]], { dtype: 'float64' })),
    at: sequence(1, nan, 3),
    value: sequence(nan, nan),
    gradient: sequence(1, 1, 0),
    because: '0 · NaN is NaN, as IEEE 754 has it: no tap is skipped',
  },
  {
    call: 'conv1d with an even kernel and padding same',
    f: (x) => conv1d(x, tensor([[[1]], [[10]]], { dtype: 'float64' }), { padding: 'same' }),
    at: sequence(1, 2),
    value: sequence(21, 2),
    gradient: sequence(1, 11),
    because: 'the odd place of padding goes to the end, as in TensorFlow',
  },
  {
    call: 'sigmoidCrossEntropy of saturated logits that are right',
    f: (x) => sigmoidCrossEntropy(x, labels(1, 0, 1, 0)),
    at: [1e4, -1e4, inf, -inf],
    value: [0, 0, 0, 0],
    gradient: [-0, 0, -0, 0],
    because: 'nothing is left to learn; ∞ − ∞ must not appear',
  },
  {
    call: 'sigmoidCrossEntropy of saturated logits that are wrong',
    f: (x) => sigmoidCrossEntropy(x, labels(0, 1)),
    at: [1e4, -1e4],
    value: [1e4, 1e4],
    gradient: [1, -1],
    because: 'the loss grows with the logit, and its slope stays 1',
  },
  {
    call: 'sigmoidCrossEntropy of logits that are nearly right',
    f: (x) => sigmoidCrossEntropy(x, labels(1, 0)),
    at: [40, -40],
    value: [Math.log1p(Math.exp(-40)), Math.log1p(Math.exp(-40))],
    gradient: [-Math.exp(-40) / (1 + Math.exp(-40)), Math.exp(-40) / (1 + Math.exp(-40))],
    because: 'σ(40) rounds to 1, yet σ(z) − 1 is −4e-18, not 0',
  },
  {
    call: 'sigmoidCrossEntropy of NaN',
    f: (x) => sigmoidCrossEntropy(x, labels(1, 0)),
    at: [nan, 0],
    value: [nan, Math.LN2],
    gradient: [nan, 0.5],
    because: 'NaN stays in its element',
  },
  {
    call: 'softmaxCrossEntropy with a class ruled out',
    f: (x) => softmaxCrossEntropy(x, labels(1, 0, 0)),
    at: [0, -inf, 0],
    value: Math.LN2,
    gradient: [-0.5, 0, 0.5],
    because: 'a label of 0 adds nothing, whatever its logarithm: 0 · −∞ must not make NaN',
  },
  {
    call: 'softmaxCrossEntropy of saturated logits',
    f: (x) => softmaxCrossEntropy(x, tensor([[1, 0], [0, 1]], { dtype: 'float64' })), // biome-ignore format: one line
    at: [
      [1e4, -1e4],
      [1e4, -1e4],
    ],
    value: [0, 2e4],
    gradient: [
      [0, 0],
      [1, -1],
    ],
    because: 'computed from logits: no logarithm of 0',
  },
  {
    call: 'sparseSoftmaxCrossEntropy of the class that is ruled out',
    f: (x) => sparseSoftmaxCrossEntropy(x, tensor(1, { dtype: 'int32' })),
    at: [0, -inf],
    value: inf,
    gradient: [1, -1],
    because: 'what was held impossible came: the loss is infinite, its slope is not',
  },
  {
    call: 'huber at errors of delta, and far beyond',
    f: (x) => huber(x, 0, { delta: 2 }),
    at: [2, -2, 1e200, -inf],
    value: [2, 2, 2e200, inf],
    gradient: [2, -2, 2, -2],
    because: 'the gradient is continuous at delta; the square of 1e200 is never taken',
  },
  {
    call: 'layerNorm of equal elements',
    f: (x) => layerNorm(x, undefined, undefined, { epsilon: 0.25 }),
    at: [0.1, 0.1, 0.1],
    value: [0, 0, 0],
    gradient: [0, 0, 0],
    because: 'the variance is exactly 0, and epsilon is what is divided by',
  },
  {
    call: 'batchNorm of one row',
    f: (x) => batchNorm(x)[0],
    at: [[3, -7]],
    value: [[0, 0]],
    gradient: [[0, 0]],
    because: 'each channel has one element, its own mean',
  },
  {
    call: 'rmsNorm of zeros',
    f: (x) => rmsNorm(x, undefined, { epsilon: 0.25 }),
    at: [0, 0],
    value: [0, 0],
    gradient: [2, 2],
    because: 'epsilon is under the root',
  },
  {
    call: 'dropout of all',
    f: (x) => dropout(x, 1),
    at: [nan, 1],
    value: [0, 0],
    gradient: [0, 0],
    because: 'what is dropped is 0, not NaN · 0, and 1 / (1 − rate) is not taken',
  },
  {
    call: 'embedding of a word that comes twice',
    f: (x) => embedding(x, tensor([1, 1], { dtype: 'int32' })),
    at: [
      [1, 2],
      [3, 4],
    ],
    value: [
      [3, 4],
      [3, 4],
    ],
    gradient: [
      [0, 0],
      [2, 2],
    ],
    because: 'its gradients add up',
  },
];

describe('special values', () => {
  it.each(rows)('$call: $because', ({ f, at, value, gradient }) => {
    const x = tensor(at as number[], { dtype: 'float64' });
    expect(f(x).toArray()).toEqual(value);
    const slopes = grad((point: Tensor) => f(point).sum())(x);
    // toEqual tells 0 from -0, which is no matter here
    expect(slopes.add(0).toArray()).toEqual(
      tensor(gradient as number[], { dtype: 'float64' })
        .add(0)
        .toArray(),
    );
  });

  it('have second derivatives where the first jump: maxPool1d of equals is linear along the gradient', () => {
    const x = tensor(sequence(1, 1), { dtype: 'float64' });
    const slope = (point: Tensor): Tensor =>
      grad((y: Tensor) => maxPool1d(y, 2).square().sum())(point)
        .square()
        .sum();
    // the gradient is (y, y) with y = (x₁ + x₂) / 2 at a tie, its squared length 2 y²
    expect(grad(slope)(x).toArray()).toEqual(sequence(2, 2));
  });
});
