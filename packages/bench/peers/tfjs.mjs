// TensorFlow.js on the backend that the argument names: cpu or wasm. Its users free memory by tidy.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { measure } from '../src/measure.mjs';
import { chain, chainNumbers, generator, oneHot, training, trainingNumbers } from '../src/workloads.mjs';

const entry = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'));
setWasmPaths(`${dirname(entry)}/`);
await tf.setBackend(process.argv[2]);
await tf.ready();

const numbers = chainNumbers();
const [x, a, b] = [numbers.x, numbers.a, numbers.b].map((data) => tf.tensor1d(data));
const chainGradient = tf.grad((x) => {
  let value = x;
  for (let i = 0; i < chain.repeats; i++) value = tf.tanh(tf.add(tf.mul(value, a), b));
  return tf.sum(value);
});

const given = trainingNumbers();
const layers = given.weights.map(({ inputs, outputs, numbers }) => ({
  w: tf.variable(tf.tensor2d(numbers, [inputs, outputs])),
  b: tf.variable(tf.zeros([outputs])),
}));
const images = tf.tensor2d(given.x, [training.batch, 784]);
const labels = tf.tensor2d(oneHot(given.labels), [training.batch, 10]);
const optimizer = tf.train.adam(training.learningRate, 0.9, 0.999, 1e-8);
let latest = Number.NaN;

const draw = generator(3);
await measure({
  version: `${tf.version.tfjs}, backend ${tf.getBackend()}`,
  chain: () => tf.tidy(() => chainGradient(x).dataSync()),
  step: () => {
    const loss = optimizer.minimize(() => {
      let value = images;
      layers.forEach((layer, i) => {
        const z = tf.add(tf.matMul(value, layer.w), layer.b);
        value = i < layers.length - 1 ? tf.relu(z) : z;
      });
      return tf.losses.softmaxCrossEntropy(labels, value);
    }, true);
    latest = loss.dataSync()[0];
    loss.dispose();
  },
  loss: () => latest,
  product: (m, k, n) => {
    const [x, y] = [tf.tensor2d(draw(m * k), [m, k]), tf.tensor2d(draw(k * n), [k, n])];
    return () => tf.matMul(x, y).dispose();
  },
});
