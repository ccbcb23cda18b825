// jax-js on its wasm backend, with jit around the chain and the step, as its users do. An array is spent by its use: `.ref` keeps it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { measure } from '../src/measure.mjs';
import { chain, chainNumbers, generator, oneHot, training, trainingNumbers } from '../src/workloads.mjs';

await init('wasm');
defaultDevice('wasm');
const array = (numbers, shape) => np.array(numbers).reshape(shape);
const manifest = fileURLToPath(import.meta.resolve('@jax-js/jax')).replace(/dist\/index\.js$/, 'package.json');

const numbers = chainNumbers();
const [x, a, b] = [numbers.x, numbers.a, numbers.b].map((data) => array(data, [chain.size]));
const chainGradient = jit(
  grad((x, a, b) => {
    let value = x;
    for (let i = 0; i < chain.repeats; i++) value = np.tanh(value.mul(a.ref).add(b.ref));
    a.dispose();
    b.dispose();
    return np.sum(value);
  }),
);

const given = trainingNumbers();
let weights = given.weights.flatMap(({ inputs, outputs, numbers }) => [
  array(numbers, [inputs, outputs]),
  np.zeros([outputs]),
]);
let m = weights.map((w) => np.zeros(w.shape));
let v = weights.map((w) => np.zeros(w.shape));
const images = array(given.x, [training.batch, 784]);
const labels = array(oneHot(given.labels), [training.batch, 10]);

function lossOf(weights, x, y) {
  let value = x;
  for (let i = 0; i < weights.length; i += 2) {
    const z = np.matmul(value, weights[i]).add(weights[i + 1]);
    value = i < weights.length - 2 ? nn.relu(z) : z;
  }
  return np.sum(nn.logSoftmax(value).mul(y)).mul(-1 / training.batch);
}

const update = jit((weights, m, v, x, y, scales) => {
  const [loss, gradients] = valueAndGrad(lossOf)(
    weights.map((w) => w.ref),
    x,
    y,
  );
  const [scaleM, scaleV] = [scales.ref.slice(0), scales.slice(1)];
  const newM = m.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1)));
  const newV = v.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
  const newWeights = weights.map((w, i) => {
    const denominator = np.sqrt(newV[i].ref.mul(scaleV.ref)).add(1e-8);
    return w.sub(newM[i].ref.mul(scaleM.ref).mul(training.learningRate).div(denominator));
  });
  scaleM.dispose();
  scaleV.dispose();
  return [loss, newWeights, newM, newV];
});
let time = 0;
let latest = Number.NaN;

const draw = generator(3);
await measure({
  version: `${JSON.parse(readFileSync(manifest, 'utf8')).version}, jit, wasm`,
  chain: () => chainGradient(x.ref, a.ref, b.ref).dataSync(),
  step: () => {
    time++;
    const scales = np.array(new Float32Array([1 / (1 - 0.9 ** time), 1 / (1 - 0.999 ** time)]));
    let loss;
    [loss, weights, m, v] = update(weights, m, v, images.ref, labels.ref, scales);
    latest = loss.dataSync()[0];
  },
  loss: () => latest,
  product: (m, k, n) => {
    const [x, y] = [array(draw(m * k), [m, k]), array(draw(k * n), [k, n])];
    return async () => (await blockUntilReady(np.matmul(x.ref, y.ref))).dispose();
  },
});
