// The network: any list of layer sizes.

import { type AnyOptimizer, Dense, type Initializer, Sequential } from '@tapegrad/nn';

/** He's initialisation as the write-up has it: N(0, 1) · √(2 / fan_in). That of nn, as of Keras, is cut off at two deviations. */
const he: Initializer = (shape, random, dtype) => random.normal(shape, 0, Math.sqrt(2 / shape[0]!), dtype);

/** Dense layers of these sizes, the inputs first: ReLU in the hidden ones, softmax at the end. */
export function createNetwork(sizes: readonly number[], optimizer: AnyOptimizer, seed: number): Sequential {
  const [inputs, ...units] = sizes;
  const layers = units.map(
    (count, i) =>
      new Dense(count, {
        activation: i === units.length - 1 ? 'softmax' : 'relu',
        kernelInitializer: he,
        ...(i === 0 && { inputShape: [inputs!] }),
      }),
  );
  const model = new Sequential(layers, { seed });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
