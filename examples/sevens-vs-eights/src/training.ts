// Full-batch gradient descent, compiled, and what a network makes of digits. With an eye on each value: anomalies.ts.

import { compile } from '@tapegrad/compiler';
import { Tape, type Tensor } from '@tapegrad/core';
import type { Digits } from './data.ts';
import type { Loss } from './losses.ts';
import type { SigmoidNetwork } from './network.ts';

/** One step of gradient descent on all examples. Returns the loss before it. */
export function descend(network: SigmoidNetwork, loss: Loss, rate: number, { X, Y }: Digits, tape: Tape): Tensor {
  const value = tape.record(() => loss(network.forward(X), Y));
  const gradients = tape.gradient(value, network.weights);
  for (const [i, { W, b }] of network.weights.entries()) {
    W.assign(W.sub(gradients[i]!.W.mul(rate)));
    b.assign(b.sub(gradients[i]!.b.mul(rate)));
  }
  return value;
}

/** How a network is trained. */
export interface Training {
  readonly loss: Loss;
  readonly rate: number;
  readonly epochs: number;
}

/** Trains, and gives each 100th epoch, and the last one, with its loss. */
export function* train(
  network: SigmoidNetwork,
  digits: Digits,
  { loss, rate, epochs }: Training,
): Generator<readonly [epoch: number, loss: number], void> {
  const step = compile((given: Digits) => descend(network, loss, rate, given, new Tape()));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const value = step(digits);
    if (epoch % 100 === 0 || epoch === epochs) yield [epoch, value.item()];
  }
}

/** How sure the network is that each example is a 7: `[1, examples]`. */
export function probabilities(network: SigmoidNetwork, { X }: Digits): Tensor {
  return network.forward(X).A;
}

/** The share of examples on the right side of 1/2. */
export function accuracy(network: SigmoidNetwork, digits: Digits): number {
  return probabilities(network, digits).greater(0.5).equal(digits.Y.greater(0.5)).mean().item();
}
