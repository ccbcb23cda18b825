// tapegrad's eager mode, as a learner writes it. `--no-wasm` takes WebAssembly away, which leaves the kernels in JavaScript.

import { measure } from './measure.mjs';
import { chain, chainNumbers, generator, training, trainingNumbers } from './workloads.mjs';

if (process.argv.includes('--no-wasm')) Reflect.deleteProperty(globalThis, 'WebAssembly');
const { fromData, Parameter, Tape } = await import('@tapegrad/core');
const { Adam, sparseCategoricalCrossentropy } = await import('@tapegrad/nn');

/** @type {(data: Float32Array, shape: readonly number[]) => import('@tapegrad/core').Tensor} */
const floats = (data, shape) => fromData(data, shape, 'float32');

const numbers = chainNumbers();
const x = floats(numbers.x, [chain.size]);
const a = floats(numbers.a, [chain.size]);
const b = floats(numbers.b, [chain.size]);

function runChain() {
  const tape = new Tape();
  tape.watch({ x });
  const sum = tape.record(() => {
    let value = x;
    for (let i = 0; i < chain.repeats; i++) value = value.mul(a).add(b).tanh();
    return value.sum();
  });
  return tape.gradient(sum, { x }).x;
}

const given = trainingNumbers();
const layers = given.weights.map(({ inputs, outputs, numbers }, i) => ({
  w: new Parameter(floats(numbers, [inputs, outputs]), `w${i}`),
  b: new Parameter(floats(new Float32Array(outputs), [outputs]), `b${i}`),
}));
const parameters = layers.flatMap((layer) => [layer.w, layer.b]);
const images = floats(given.x, [training.batch, 784]);
const labels = fromData(given.labels, [training.batch], 'int32');
const optimizer = new Adam({ learningRate: training.learningRate, epsilon: 1e-8 });
const crossEntropy = sparseCategoricalCrossentropy.with({ fromLogits: true });
let latest = Number.NaN;

function step() {
  const tape = new Tape();
  const loss = tape.record(() => {
    let value = images;
    layers.forEach((layer, i) => {
      const z = value.matmul(layer.w).add(layer.b);
      value = i < layers.length - 1 ? z.relu() : z;
    });
    return crossEntropy(labels, value);
  });
  optimizer.step(tape.gradient(loss, parameters), parameters);
  latest = loss.item();
}

const draw = generator(3);
await measure({
  version: 'eager',
  chain: runChain,
  step,
  loss: () => latest,
  product: (m, k, n) => {
    const [x, y] = [floats(draw(m * k), [m, k]), floats(draw(k * n), [k, n])];
    return () => x.matmul(y);
  },
});
