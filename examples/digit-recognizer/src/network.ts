// The network, and how it is trained: the same in this program and in the page.

import { type RandomGenerator, type Shape, sub, type Tensor } from '@tapegrad/core';
import { Dense, type Initializer, type LossFunction, Sequential, SGD } from '@tapegrad/nn';

/** Pixels of an image, units of the hidden layers, digits. */
export const sizes = [784, 80, 80, 10] as const;

/** The losses by their names on the command line. */
export type LossChoice = 'cross-entropy' | 'squared-error';

/** How the network learns. */
export interface Recipe {
  readonly loss: LossChoice;
  readonly learningRate: number;
  /** λ/n, where n is the number of digits to train on: each step takes learningRate · λ/n · weight off a weight. */
  readonly decay: number;
}

/** What is done where nothing else is said. λ is for 50,000 digits. */
export const defaults = { loss: 'cross-entropy', learningRate: 0.1, l2: 50, batchSize: 25, epochs: 15 } as const;

/** N(0, 1) / √(inputs / 2): K. He et al., arXiv:1502.01852, eq. 10. */
const he: Initializer = (shape: Shape, random: RandomGenerator, dtype) =>
  random.normal(shape, 0, Math.sqrt(2 / shape[0]!), dtype);

/** 784–80–80–10: ReLU, ReLU, softmax; biases 0. */
export function createNetwork(seed: number): Sequential {
  const [pixels, ...units] = sizes;
  return new Sequential(
    units.map((size, k) => {
      const activation = k === units.length - 1 ? 'softmax' : 'relu';
      const inputs = k === 0 ? { inputShape: [pixels] } : {};
      return new Dense(size, { activation, kernelInitializer: he, ...inputs });
    }),
    { seed },
  );
}

/** Σ (ŷ − y)² of each example, averaged over the batch. The labels are digits, of which y has a 1 at its place. */
const squaredError: LossFunction = (digits: Tensor, outputs: Tensor) =>
  sub(outputs, digits.asType('int32').oneHot(sizes[3])).square().sum(-1).mean();

/**
 * Says how to train: by gradient descent, W ← W − η (Σ dW / batch) − η (λ/n) W, where the second term leaves biases alone. The labels
 * are digits, `[rows]`.
 *
 * @param jit - whether steps are compiled to WebAssembly.
 */
export function compileNetwork(model: Sequential, { loss, learningRate, decay }: Recipe, jit: boolean = true): void {
  const optimizer = new SGD({ learningRate, weightDecay: decay });
  optimizer.excludeFromWeightDecay({ names: ['bias'] });
  model.compile({
    optimizer,
    loss: loss === 'cross-entropy' ? 'sparseCategoricalCrossentropy' : squaredError,
    metrics: ['accuracy'],
    jit,
  });
}
