// TensorFlow.js on the backend that the argument names, cpu or wasm, as a subject. Its users free memory by tidy.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { chain as chainSizes, oneHot, readBatches, readFloats, readWeights, trainings } from '../src/data.mjs';
import { serve } from '../src/measure/serve.mjs';
import { generator } from '../src/numbers.mjs';

const entry = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'));
setWasmPaths(`${dirname(entry)}/`);
await tf.setBackend(process.argv[2]);
await tf.ready();

const tensor = ({ data, shape }) => tf.tensor(data, shape);

function newStep({ network, optimizer: name }, given) {
  const layers = given.map((w) => ({
    w: tf.variable(tensor(w)),
    b: tf.variable(tf.zeros([w.shape[1]])),
  }));
  const rate = trainings[network].learningRate[name];
  const optimizer = name === 'sgd' ? tf.train.sgd(rate) : tf.train.adam(rate, 0.9, 0.999, 1e-8);
  const { softmaxCrossEntropy, sigmoidCrossEntropy } = tf.losses;
  const lossOf = trainings[network].loss === 'classes' ? softmaxCrossEntropy : sigmoidCrossEntropy;
  return (x, y) => {
    const loss = optimizer.minimize(() => {
      let value = x;
      layers.forEach((layer, i) => {
        const z = tf.add(tf.matMul(value, layer.w), layer.b);
        value = i < layers.length - 1 ? tf.relu(z) : z;
      });
      return lossOf(y, value);
    }, true);
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
}

function train(training) {
  const { network, unit } = training;
  const batches = readBatches(network)
    .slice(0, unit === 'step' ? 1 : undefined)
    .map(({ x, y }) => ({ x: tensor(x), y: tensor(network === 'w2' ? oneHot(y) : y) }));
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

function gradientOf(f, x) {
  const both = tf.valueAndGrad(f);
  let sum = Number.NaN;
  return {
    run: () =>
      tf
        .tidy(() => {
          const { value, grad } = both(x);
          [sum] = value.dataSync();
          return grad;
        })
        .dispose(),
    result: () => sum,
  };
}

function chain() {
  const [x, a, b] = ['x', 'a', 'b'].map((array) => tensor(readFloats('chain', array)));
  return gradientOf((x) => {
    let value = x;
    for (let i = 0; i < chainSizes.repeats; i++) value = tf.tanh(tf.add(tf.mul(value, a), b));
    return tf.sum(value);
  }, x);
}

const activations = () =>
  gradientOf((x) => tf.sum(tf.add(tf.mul(tf.sigmoid(x), x), tf.tanh(x))), tensor(readFloats('activations', 'x')));

function product(size) {
  const draw = generator(5);
  const [x, y] = [draw(size * size), draw(size * size)].map((data) => tf.tensor2d(data, [size, size]));
  return {
    run: () => tf.matMul(x, y).dispose(),
    result: () => tf.tidy(() => tf.sum(tf.slice(tf.matMul(x, y), 0, 1)).dataSync()[0]),
  };
}

await serve(tf.version.tfjs, { train, chain, activations, product });
