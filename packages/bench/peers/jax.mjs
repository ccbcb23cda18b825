// jax-js on its wasm backend as a subject, with jit around all that is measured, as its users do. An array is spent by its use: `.ref`
// keeps it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { chain as chainSizes, oneHot, readBatches, readFloats, readWeights, trainings } from '../src/data.mjs';
import { serve } from '../src/measure/serve.mjs';
import { generator } from '../src/numbers.mjs';

await init('wasm');
defaultDevice('wasm');
const array = ({ data, shape }) => np.array(data).reshape(shape);

function logitsOf(weights, x) {
  let value = x;
  for (let i = 0; i < weights.length; i += 2) {
    const z = np.matmul(value, weights[i]).add(weights[i + 1]);
    value = i < weights.length - 2 ? nn.relu(z) : z;
  }
  return value;
}

const losses = {
  classes: (logits, y, rows) => np.sum(nn.logSoftmax(logits).mul(y)).mul(-1 / rows),
  binary: (logits, y) => np.mean(nn.softplus(logits.ref).sub(logits.mul(y))),
};

function newStep({ network, optimizer }, given) {
  const rate = trainings[network].learningRate[optimizer];
  const lossOf = losses[trainings[network].loss];
  let weights = given.flatMap((w) => [array(w), np.zeros([w.shape[1]])]);
  const gradientOf = (weights, x, y) => {
    const rows = x.shape[0];
    return valueAndGrad((weights, x, y) => lossOf(logitsOf(weights, x), y, rows))(
      weights.map((w) => w.ref),
      x,
      y,
    );
  };
  if (optimizer === 'sgd') {
    const update = jit((weights, x, y) => {
      const [loss, gradients] = gradientOf(weights, x, y);
      return [loss, weights.map((w, i) => w.sub(gradients[i].mul(rate)))];
    });
    return (x, y) => {
      let loss;
      [loss, weights] = update(weights, x.ref, y.ref);
      return loss.dataSync()[0];
    };
  }
  let m = weights.map((w) => np.zeros(w.shape));
  let v = weights.map((w) => np.zeros(w.shape));
  let time = 0;
  const update = jit((weights, m, v, x, y, scales) => {
    const [loss, gradients] = gradientOf(weights, x, y);
    const [scaleM, scaleV] = [scales.ref.slice(0), scales.slice(1)];
    const newM = m.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1)));
    const newV = v.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
    const newWeights = weights.map((w, i) => {
      const denominator = np.sqrt(newV[i].ref.mul(scaleV.ref)).add(1e-8);
      return w.sub(newM[i].ref.mul(scaleM.ref).mul(rate).div(denominator));
    });
    scaleM.dispose();
    scaleV.dispose();
    return [loss, newWeights, newM, newV];
  });
  return (x, y) => {
    time++;
    const scales = np.array(new Float32Array([1 / (1 - 0.9 ** time), 1 / (1 - 0.999 ** time)]));
    let loss;
    [loss, weights, m, v] = update(weights, m, v, x.ref, y.ref, scales);
    return loss.dataSync()[0];
  };
}

function train(training) {
  const { network, unit } = training;
  const batches = readBatches(network)
    .slice(0, unit === 'step' ? 1 : undefined)
    .map(({ x, y }) => ({ x: array(x), y: array(network === 'w2' ? oneHot(y) : y) }));
  const given = readWeights(network);
  let step;
  let latest = Number.NaN;
  return {
    run: () => {
      step ??= newStep(training, given);
      for (const { x, y } of batches) latest = step(x, y);
    },
    result: () => latest,
  };
}

function gradientOf(f, ...operands) {
  const both = jit(valueAndGrad(f));
  let sum = Number.NaN;
  return {
    run: async () => {
      const [value, gradient] = both(...operands.map((x) => x.ref));
      [sum] = value.dataSync();
      (await blockUntilReady(gradient)).dispose();
    },
    result: () => sum,
  };
}

/** The gradient alone: with the value beside it, the time to compile doubles with each step of the chain (more than a minute for 20). */
function chain() {
  const operands = ['x', 'a', 'b'].map((name) => array(readFloats('chain', name)));
  const sum = (x, a, b) => {
    let value = x;
    for (let i = 0; i < chainSizes.repeats; i++) value = np.tanh(value.mul(a.ref).add(b.ref));
    a.dispose();
    b.dispose();
    return np.sum(value);
  };
  const gradient = jit(grad(sum));
  const run = (f) => f(...operands.map((x) => x.ref)).dataSync();
  return { run: () => run(gradient), result: () => run(sum)[0] };
}

const activations = () =>
  gradientOf((x) => np.sum(nn.sigmoid(x.ref).mul(x.ref).add(np.tanh(x))), array(readFloats('activations', 'x')));

function product(size) {
  const draw = generator(5);
  const [x, y] = [draw(size * size), draw(size * size)].map((data) => array({ data, shape: [size, size] }));
  return {
    run: async () => (await blockUntilReady(np.matmul(x.ref, y.ref))).dispose(),
    result: () =>
      np
        .matmul(x.ref, y.ref)
        .dataSync()
        .subarray(0, size)
        .reduce((sum, value) => sum + value, 0),
  };
}

const manifest = fileURLToPath(import.meta.resolve('@jax-js/jax')).replace(/dist\/index\.js$/, 'package.json');
await serve(JSON.parse(readFileSync(manifest, 'utf8')).version, { train, chain, activations, product });
