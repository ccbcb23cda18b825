// The network of this example.

import type { RandomGenerator } from '@tapegrad/core';
import { DenseLayer, Relu, Softmax, Stack } from './layers.ts';

/** 784 → 128 → 64 → 10: 109,386 parameters. */
export function createNetwork(random: RandomGenerator): Stack {
  return new Stack([
    new DenseLayer(784, 128, 1, random),
    new Relu(),
    new DenseLayer(128, 64, 2, random),
    new Relu(),
    new DenseLayer(64, 10, 3, random),
    new Softmax(),
  ]);
}
