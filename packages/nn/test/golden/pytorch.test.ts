// Against numbers of PyTorch, which make-golden.py wrote.

import { readFileSync } from 'node:fs';
import { grad, Parameter, type Tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  type AnyOptimizer,
  activations,
  binaryCrossentropy,
  categoricalCrossentropy,
  Dense,
  meanSquaredError,
  Sequential,
  SGD,
  sparseCategoricalCrossentropy,
} from '../../src/index.ts';
import { double, largestDifference } from '../support/tensors.ts';

interface Golden {
  readonly losses: readonly {
    readonly loss: string;
    readonly y: number[] | number[][];
    readonly logits: number[][];
    readonly value: number;
    readonly gradient: number[][];
  }[];
  readonly start: number[];
  readonly gradients: number[][];
  readonly optimizers: readonly {
    readonly optimizer: string;
    readonly options: object;
    readonly values: number[][];
  }[];
  readonly trainings: readonly {
    readonly optimizer: string;
    readonly options: object;
    readonly x: number[][];
    readonly y: number[][];
    readonly before: (number[] | number[][])[];
    readonly losses: number[];
    readonly after: (number[] | number[][])[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL('./pytorch.json', import.meta.url), 'utf8')) as Golden;

const losses = { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy, meanSquaredError };

/** What of an output each loss sees the logits of. */
const outputs = {
  binaryCrossentropy: activations.sigmoid,
  categoricalCrossentropy: activations.softmax,
  sparseCategoricalCrossentropy: activations.softmax,
  meanSquaredError: activations.linear,
};

function optimizer(name: string, options: object): AnyOptimizer {
  return name === 'adam' ? new Adam(options) : new SGD(options);
}

function flat(values: unknown): number[] {
  return [values].flat(Number.POSITIVE_INFINITY) as number[];
}

describe('losses and their gradients', () => {
  test.each(golden.losses)('$loss', (row) => {
    const name = row.loss as keyof typeof losses;
    const y = double(row.y);
    const f = (z: Tensor) => losses[name](y, outputs[name](z));
    const z = double(row.logits);
    expect(f(z).item()).toBeCloseTo(row.value, 13);
    expect(largestDifference(grad(f)(z).toData(), flat(row.gradient))).toBeLessThan(1e-14);
  });
});

describe('five steps', () => {
  test.each(golden.optimizers)('$optimizer $options', ({ optimizer: name, options, values }) => {
    const w = new Parameter(double(golden.start), 'w');
    const stepper = optimizer(name, options);
    golden.gradients.forEach((gradient, i) => {
      stepper.step([double(gradient)], [w]);
      expect(largestDifference(w.toData(), values[i]!)).toBeLessThan(1e-13);
    });
  });
});

describe('twenty steps of a small network', () => {
  test.each(golden.trainings)('$optimizer', async ({ optimizer: name, options, x, y, before, losses, after }) => {
    const model = new Sequential(
      [
        new Dense(5, { activation: 'relu', inputShape: [3] }),
        new Dense(4, { activation: 'tanh' }),
        new Dense(1, { activation: 'sigmoid' }),
      ],
      { dtype: 'float64' },
    );
    model.weights.forEach((weight, i) => {
      weight.assign(double(before[i]!));
    });
    model.compile({ optimizer: optimizer(name, options), loss: 'binaryCrossentropy' });
    const { history } = await model.fit(x, y, { epochs: 20, shuffle: false, verbose: 0 });
    expect(largestDifference(history.loss!, losses)).toBeLessThan(1e-12);
    model.weights.forEach((weight, i) => {
      expect(largestDifference(weight.toData(), flat(after[i]))).toBeLessThan(1e-11);
    });
  });
});
