// The same in growing sizes: a tape's depth; a network's width and its batch.

import { fromData, Parameter, Tape, zeros } from '@tapegrad/core';
import { SGD } from '@tapegrad/nn';
import { generator } from '../numbers.mjs';
import { inMode } from './mode.mjs';
import { forward } from './training.mjs';

/**
 * A chain of so many nodes on one number, forward and backward.
 * @param {number} nodes
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function depth(nodes) {
  const x = fromData(Float32Array.of(0.5), [1], 'float32');
  return {
    run: () => {
      const tape = new Tape();
      tape.watch({ x });
      const end = tape.record(() => {
        let value = x;
        for (let i = 1; i < nodes; i++) value = value.sin();
        return value.sum();
      });
      tape.gradient(end, { x });
    },
  };
}

/**
 * A step of SGD of width–width–width, the mean square as loss.
 * @param {{ width: number, batch: number }} sizes
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function network({ width, batch }) {
  const draw = generator(6);
  const limit = Math.sqrt(6 / width);
  const parameters = [0, 1].flatMap((i) => [
    new Parameter(fromData(draw(width * width, 2 * limit, -limit), [width, width], 'float32'), `w${i}`),
    new Parameter(zeros([width]), `b${i}`),
  ]);
  const optimizer = new SGD({ learningRate: 1e-3 });
  const x = fromData(draw(batch * width), [batch, width], 'float32');
  const step = inMode((/** @type {import('@tapegrad/core').Tensor} */ x) => {
    const tape = new Tape();
    const loss = tape.record(() => forward(x, parameters).square().mean());
    optimizer.step(tape.gradient(loss, parameters), parameters);
    return loss;
  });
  return { run: () => step(x) };
}
