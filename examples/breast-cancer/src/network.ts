// The network of this example. How it is trained: fixed-split.ts and honest-protocol.ts.

import { Adam, Dense, Sequential } from '@tapegrad/nn';

/** 30 → 128 → 64 → 32 → 1: 14,337 parameters, from normal draws of variance 2 / (inputs + outputs). */
export function createNetwork(seed: number, learningRate: number): Sequential {
  const kernelInitializer = 'glorotNormal';
  const model = new Sequential(
    [
      new Dense(128, { activation: 'relu', kernelInitializer, inputShape: [30] }),
      new Dense(64, { activation: 'relu', kernelInitializer }),
      new Dense(32, { activation: 'relu', kernelInitializer }),
      new Dense(1, { activation: 'sigmoid', kernelInitializer }),
    ],
    { seed },
  );
  model.compile({ optimizer: new Adam({ learningRate }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  return model;
}
