// A training step of a network, as a learner writes it: forward and loss on a tape, gradients, one step of the optimizer.

import { Parameter, Tape, zeros } from '@tapegrad/core';
import { Adam, binaryCrossentropy, SGD, sparseCategoricalCrossentropy } from '@tapegrad/nn';
import { readBatches, readWeights, trainings } from '../data.mjs';
import { floats } from './floats.mjs';
import { inMode } from './mode.mjs';

/** @typedef {{ network: import('../data.mjs').Network, optimizer: 'sgd' | 'adam', unit: 'epoch' | 'step' }} Training */

/**
 * Layers of x · w + b with relu in between.
 * @param {import('@tapegrad/core').Tensor} x
 * @param {readonly Parameter[]} parameters
 */
export function forward(x, parameters) {
  let value = x;
  for (let i = 0; i < parameters.length; i += 2) {
    const [w, b] = [parameters[i], parameters[i + 1]];
    if (w === undefined || b === undefined) throw new Error('internal: a layer has a weight and a bias.');
    const z = value.matmul(w).add(b);
    value = i + 2 < parameters.length ? z.relu() : z;
  }
  return value;
}

/**
 * Reads the weights; what it returns makes a step.
 * @param {Training} training
 */
export function stepOf({ network, optimizer: name }) {
  const weights = readWeights(network);
  return () => newStep(network, name, weights);
}

/**
 * @param {Training['network']} network
 * @param {Training['optimizer']} name
 * @param {readonly import('../data.mjs').Floats[]} weights
 */
function newStep(network, name, weights) {
  const { loss: kind, learningRate } = trainings[network];
  const parameters = weights.flatMap((w, i) => [
    new Parameter(floats(w), `w${i}`),
    new Parameter(zeros([w.shape[1] ?? 0]), `b${i}`),
  ]);
  const optimizer =
    name === 'sgd'
      ? new SGD({ learningRate: learningRate.sgd })
      : new Adam({ learningRate: learningRate.adam, epsilon: 1e-8 });
  const lossOf = kind === 'binary' ? binaryCrossentropy : sparseCategoricalCrossentropy;
  const logitsLoss = lossOf.with({ fromLogits: true });
  return inMode(
    (/** @type {import('@tapegrad/core').Tensor} */ x, /** @type {import('@tapegrad/core').Tensor} */ y) => {
      const tape = new Tape();
      const loss = tape.record(() => logitsLoss(y, forward(x, parameters)));
      optimizer.step(tape.gradient(loss, parameters), parameters);
      return loss;
    },
  );
}

/** @param {import('../data.mjs').Network} network */
export function tensorBatches(network) {
  return readBatches(network).map(({ x, y }) => ({
    x: floats(x),
    y: network === 'w2' ? floats(y).asType('int32') : floats(y),
  }));
}

/**
 * An epoch, or its first step alone.
 * @param {Training} training
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function train(training) {
  const all = tensorBatches(training.network);
  const make = stepOf(training);
  const batches = training.unit === 'epoch' ? all : all.slice(0, 1);
  /** @type {ReturnType<typeof newStep> | undefined} */
  let step;
  let latest = Number.NaN;
  return {
    run: () => {
      // compiling belongs to the first run
      step ??= make();
      for (const { x, y } of batches) latest = step(x, y).item();
    },
    result: () => latest,
  };
}

/**
 * What is compiled for the first step, again and again, each time with that step.
 * @param {Training} training
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function trainAnew(training) {
  const [batch] = tensorBatches(training.network);
  if (batch === undefined) throw new Error('internal: there is no batch.');
  const make = stepOf(training);
  return { run: () => make()(batch.x, batch.y).item() };
}
