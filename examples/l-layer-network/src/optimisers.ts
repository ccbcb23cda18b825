// The four ways to train that are compared, with their rates: see the README for how these were chosen.

import { Adam, type AnyOptimizer, SGD } from '@tapegrad/nn';
import { RootlessAdam } from './rootless-adam.ts';

/** A way to train. */
export interface Way {
  readonly name: string;
  /** Whether a step takes all rows. */
  readonly fullBatch: boolean;
  readonly learningRate: number;
  readonly optimizer: (learningRate: number) => AnyOptimizer;
}

/** All ways, in the order in which they are run. */
export const ways: readonly Way[] = [
  {
    name: 'full batch',
    fullBatch: true,
    learningRate: 0.3,
    optimizer: (learningRate) => new SGD({ learningRate }),
  },
  {
    name: 'mini-batches',
    fullBatch: false,
    learningRate: 0.5,
    optimizer: (learningRate) => new SGD({ learningRate }),
  },
  {
    name: 'Adam',
    fullBatch: false,
    learningRate: 3e-3,
    optimizer: (learningRate) => new Adam({ learningRate, epsilon: 1e-8 }),
  },
  {
    name: 'Adam, no root',
    fullBatch: false,
    learningRate: 3e-6,
    optimizer: (learningRate) => new RootlessAdam({ learningRate }),
  },
];
