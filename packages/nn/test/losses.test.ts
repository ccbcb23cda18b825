// Losses: gradients, saturated outputs, labels. Their values against PyTorch: golden/.

import { compile } from '@tapegrad/compiler';
import { grad, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  activations,
  binaryCrossentropy,
  categoricalCrossentropy,
  type Loss,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from '../src/index.ts';
import { mistake } from './support/errors.ts';
import { double, largestDifference, numericGradient } from './support/tensors.ts';

const logits = double([
  [0.4, -1.1, 2],
  [-0.3, 0.7, 0.1],
]);
const probabilities = double([
  [0.2, 0.5, 0.3],
  [0.9, 0.06, 0.04],
]);
const oneHot = double([
  [0, 1, 0],
  [0.5, 0, 0.5],
]);

const rows: readonly (readonly [string, Loss, Tensor])[] = [
  ['binaryCrossentropy', binaryCrossentropy, oneHot],
  ['categoricalCrossentropy', categoricalCrossentropy, oneHot],
  ['sparseCategoricalCrossentropy', sparseCategoricalCrossentropy, double([1, 2])],
  ['meanSquaredError', meanSquaredError, oneHot],
];

describe('gradients agree with central differences', () => {
  test.each(rows)('%s, of predictions', (_name, loss, y) => {
    const f = (p: Tensor) => loss(y, p);
    expect(largestDifference(grad(f)(probabilities).toData(), numericGradient(f, probabilities))).toBeLessThan(1e-8);
  });

  test.each(rows)('%s, of logits through the activation', (_name, loss, y) => {
    const activation = loss === binaryCrossentropy ? activations.sigmoid : activations.softmax;
    const f = (z: Tensor) => loss(y, activation(z));
    expect(largestDifference(grad(f)(logits).toData(), numericGradient(f, logits))).toBeLessThan(1e-8);
  });

  test.each(rows.slice(0, 3))('%s, fromLogits', (_name, loss, y) => {
    const f = (z: Tensor) => loss(y, z, { fromLogits: true });
    expect(largestDifference(grad(f)(logits).toData(), numericGradient(f, logits))).toBeLessThan(1e-8);
    expect(loss.with({ fromLogits: true })(y, logits).item()).toBe(f(logits).item());
  });
});

describe('saturated outputs', () => {
  test('binary crossentropy is finite at logits of ±10⁴, and so is its gradient', () => {
    const z = tensor([[1e4], [-1e4], [1e4], [-1e4]]);
    const y = tensor([[1], [0], [0], [1]]);
    const f = (x: Tensor) => binaryCrossentropy(y, activations.sigmoid(x));
    expect(f(z).item()).toBe(5000);
    expect(grad(f)(z).toArray()).toEqual([[0], [0], [0.25], [-0.25]]);
  });

  test('categorical crossentropies are finite at logits of ±10⁴, and so are their gradients', () => {
    const z = tensor([
      [1e4, -1e4],
      [1e4, -1e4],
    ]);
    const f = (x: Tensor) =>
      categoricalCrossentropy(
        tensor([
          [1, 0],
          [0, 1],
        ]),
        activations.softmax(x),
      );
    const g = (x: Tensor) => sparseCategoricalCrossentropy(tensor([0, 1]), activations.softmax(x));
    for (const loss of [f, g]) {
      expect(loss(z).item()).toBe(10000);
      expect(grad(loss)(z).toArray()).toEqual([
        [0, 0],
        [0.5, -0.5],
      ]);
    }
  });

  test('probabilities of exactly 0 and 1 are clipped to 1e-7, as in Keras', () => {
    const loss = binaryCrossentropy(double([[1], [0]]), double([[0], [0]])).item();
    expect(loss).toBeCloseTo((-Math.log(1e-7) - Math.log(1 - 1e-7)) / 2, 10);
    expect(sparseCategoricalCrossentropy(double([1]), double([[1, 0]])).item()).toBeCloseTo(-Math.log(1e-7), 10);
  });
});

describe('labels', () => {
  test('of shape [rows] are taken for [rows, 1]', () => {
    const p = tensor([[0.2], [0.7], [0.9]]);
    expect(binaryCrossentropy(tensor([0, 1, 1]), p).item()).toBe(binaryCrossentropy(tensor([[0], [1], [1]]), p).item());
    expect(sparseCategoricalCrossentropy(tensor([[1], [2]]), probabilities).item()).toBe(
      sparseCategoricalCrossentropy(tensor([1, 2]), probabilities).item(),
    );
  });

  test('may be bool or int32', () => {
    const p = tensor([[0.2], [0.7]]);
    expect(binaryCrossentropy(tensor([[false], [true]]), p).item()).toBe(
      binaryCrossentropy(tensor([[0], [1]]), p).item(),
    );
  });

  test('of another shape are refused, not broadcast', () => {
    expect(() => meanSquaredError(tensor([1, 2, 3]), tensor([[1, 2, 3]]))).toThrow(
      'meanSquaredError: labels of shape [3] do not fit predictions of shape [1, 3]. Expected labels of shape [1, 3].',
    );
  });

  const pair = double([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);

  test.each<[string, Loss, Tensor, string]>([
    [
      'a class that there is not',
      sparseCategoricalCrossentropy,
      double([1, 5]),
      'the labels have 5 at [1]. Expected whole numbers from 0 to 1, the classes of the output.',
    ],
    [
      'a class below 0, in labels [rows, 1]',
      sparseCategoricalCrossentropy,
      double([[-1], [0]]),
      'the labels have -1 at [0]. Expected whole numbers from 0 to 1, the classes of the output.',
    ],
    [
      'half a class',
      sparseCategoricalCrossentropy,
      double([1, 0.5]),
      'the labels have 0.5 at [1]. Expected whole numbers from 0 to 1, the classes of the output.',
    ],
  ])('are refused by a call of the loss where they are %s', (_what, loss, y, message) => {
    expect(() => loss(y, pair)).toThrow(mistake(`${loss.entry.name}: ${message}`));
    expect(() => grad((p: Tensor) => loss(y, p, { fromLogits: true }))(pair)).toThrow(
      mistake(`${loss.entry.name}: ${message}`),
    );
  });

  test('of a call may have weights: rows with another sum, numbers out of [0, 1]', () => {
    const weights = double([[2], [0.5]]);
    const weighted = double([
      [0, 1, 0],
      [1, 0, 0],
    ]).mul(weights);
    const expected = -(2 * Math.log(0.5) + 0.5 * Math.log(0.9)) / 2;
    expect(categoricalCrossentropy(weighted, probabilities).item()).toBeCloseTo(expected, 12);
    expect(grad((p: Tensor) => categoricalCrossentropy(weighted, p))(probabilities).toArray()).not.toContain(
      Number.NaN,
    );
    // −(2 ln p − ln(1 − p)) for the label 2
    expect(binaryCrossentropy(double([[2]]), double([[0.25]])).item()).toBeCloseTo(
      Math.log(0.75) - 2 * Math.log(0.25),
      12,
    );
  });

  test('have no values yet while a loss is compiled', () => {
    const compiled = compile((y: Tensor, p: Tensor) => sparseCategoricalCrossentropy(y, p));
    expect(compiled(double([1, 0]), pair).item()).toBeCloseTo(Math.log(2), 12);
  });
});

test('the crossentropies divide probabilities by their sum, as Keras does', () => {
  const doubled = probabilities.mul(2);
  expect(categoricalCrossentropy(oneHot, doubled).item()).toBeCloseTo(
    categoricalCrossentropy(oneHot, probabilities).item(),
    12,
  );
});

test('a loss on a sigmoid output uses its logits, not the clipped output', () => {
  const out = activations.sigmoid(double([[-40]]));
  expect(binaryCrossentropy(double([[1]]), out).item()).toBeCloseTo(40, 10);
  expect(binaryCrossentropy(double([[1]]), out.mul(1)).item()).toBeCloseTo(-Math.log(1e-7), 10);
});

test('options that there are not are refused, not ignored', () => {
  const [y, p] = [double([1]), double([0.5])];
  const message = 'binaryCrossentropy: no option from_logits. Did you mean fromLogits? Known: fromLogits.';
  expect(() => binaryCrossentropy.with({ from_logits: true } as object)).toThrow(message);
  expect(() => binaryCrossentropy(y, p, { from_logits: true } as object)).toThrow(message);
  expect(() => binaryCrossentropy.with({ fromLogits: 1 } as object)).toThrow(
    'binaryCrossentropy: fromLogits is 1. Expected true or false.',
  );
});

test('what is no tensor is refused', () => {
  const p = double([0.5]);
  expect(() => binaryCrossentropy([1] as unknown as Tensor, p)).toThrow(
    'binaryCrossentropy: labels are [1]. Expected a tensor, e.g. tensor([[1, 2]]).',
  );
  expect(() => meanSquaredError(p, [1] as unknown as Tensor)).toThrow(
    'meanSquaredError: predictions are [1]. Expected a tensor, e.g. tensor([[1, 2]]).',
  );
});
