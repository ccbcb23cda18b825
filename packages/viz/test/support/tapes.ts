// Tapes to draw.

import { inScope, Parameter, RandomGenerator, Tape, type Tensor } from '@tapegrad/core';

/** A network of two layers with a loss, on a tape, with or without the lines that made its nodes. */
export function network(sites = true): { tape: Tape; loss: Tensor; hidden: Tensor } {
  const random = new RandomGenerator(1);
  const x = random.normal([16, 30]);
  const layer = (name: string, inputs: Tensor, units: number): Tensor =>
    inScope(name, () => {
      const W = new Parameter(random.normal([inputs.shape[1]!, units]), `W_${name}`);
      return inputs.matmul(W).named(`Z_${name}`).sigmoid();
    });
  const tape = new Tape({ sites });
  let hidden = x;
  const loss = tape.record(() => {
    const output = inScope('model', () => {
      hidden = layer('dense_1', x, 8);
      return layer('dense_2', hidden, 1);
    });
    return output.sub(1).square().mean().named('loss');
  });
  return { tape, loss, hidden };
}
