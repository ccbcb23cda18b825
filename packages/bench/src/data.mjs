// The data of the workloads, drawn once and written to files that every subject reads: the same numbers for all, in every language.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breastCancer, StandardScaler } from '@tapegrad/datasets';
import { generator } from './numbers.mjs';

/** A network and how it is trained. `loss` is of logits: of one for each row, or of one for each class. */
export const trainings = {
  w1: { layers: [30, 128, 64, 32, 1], batch: 100, loss: 'binary', learningRate: { sgd: 0.05, adam: 1e-3 } },
  w2: { layers: [784, 128, 64, 10], batch: 128, loss: 'classes', learningRate: { sgd: 0.05, adam: 1e-3 } },
};

/** Repeats of tanh(x · a + b) in the chain, each 3 ops; the sum at its end is one more. */
export const chain = { size: 16, repeats: 333, ops: 1000 };

/** @typedef {'w1' | 'w2'} Network */
/** @typedef {{ readonly shape: readonly number[], readonly data: Float32Array }} Floats */

/**
 * Floating-point operations of an epoch's products: forward, the gradient of each weight, and of each layer's input but the first.
 * @param {Network} network
 * @param {number} rows
 */
export function flopOfEpoch(network, rows) {
  const sizes = trainings[network].layers.slice(1).map((outputs, i) => Number(trainings[network].layers[i]) * outputs);
  return 2 * rows * (3 * sizes.reduce((sum, size) => sum + size) - Number(sizes[0]));
}

/**
 * An epoch's products, in the order in which a training has them: out (m × n) = x (m × k) · y (k × n), of which one may lie turned.
 * @param {Network} network
 * @returns {{ readonly m: number, readonly n: number, readonly k: number, readonly turned?: 'x' | 'y' }[]}
 */
export function productsOfEpoch(network) {
  const { layers } = trainings[network];
  const pairs = layers.slice(1).map((outputs, i) => ({ inputs: Number(layers[i]), outputs }));
  return readBatches(network).flatMap(({ rows }) => [
    ...pairs.map(({ inputs, outputs }) => ({ m: rows, n: outputs, k: inputs })),
    ...pairs.toReversed().flatMap(({ inputs, outputs }, i) => {
      const byWeights = { m: inputs, n: outputs, k: rows, turned: /** @type {const} */ ('x') };
      const byInputs = { m: rows, n: inputs, k: outputs, turned: /** @type {const} */ ('y') };
      return i === pairs.length - 1 ? [byWeights] : [byWeights, byInputs];
    }),
  ]);
}

/** @type {{ [name: string]: () => { [array: string]: Floats } | Promise<{ [array: string]: Floats }> }} */
const makers = {
  w1: async () => {
    const { x, y } = await breastCancer();
    // the first 100 rows validate, as in the breast cancer example
    const [rows, labels] = [new StandardScaler().fitTransform(x).slice(100), y.slice(100)];
    return {
      x: { shape: rows.shape, data: Float32Array.from(/** @type {number[][]} */ (rows.toArray()).flat()) },
      y: { shape: [rows.shape[0] ?? 0, 1], data: Float32Array.from(/** @type {number[]} */ (labels.toArray()).flat()) },
      ...weightsOf('w1'),
    };
  },
  w2: () => {
    const [draw, rows] = [generator(2), 12_800];
    return {
      x: { shape: [rows, 784], data: draw(rows * 784) },
      y: { shape: [rows], data: draw(rows, 10).map(Math.floor) },
      ...weightsOf('w2'),
    };
  },
  chain: () => {
    const [draw, shape] = [generator(1), [chain.size]];
    return {
      x: { shape, data: draw(chain.size, 2, -1) },
      a: { shape, data: draw(chain.size, 1, 0.5) },
      b: { shape, data: draw(chain.size, 0.2, -0.1) },
    };
  },
  activations: () => ({ x: { shape: [1_000_000], data: generator(4)(1_000_000, 8, -4) } }),
};

/**
 * Weights uniform as Kaiming He's.
 * @param {Network} network
 * @returns {{ [array: string]: Floats }}
 */
function weightsOf(network) {
  const draw = generator(3);
  const { layers } = trainings[network];
  return Object.fromEntries(
    layers.slice(1).map((outputs, i) => {
      const inputs = Number(layers[i]);
      const limit = Math.sqrt(6 / inputs);
      return [`w${i}`, { shape: [inputs, outputs], data: draw(inputs * outputs, 2 * limit, -limit) }];
    }),
  );
}

/**
 * Writes data into a new folder: a file of float32 numbers for each array, and `<name>.json` with their shapes.
 * @param {readonly string[]} names
 * @returns {Promise<{ folder: string, remove: () => void }>}
 */
export async function writeData(names) {
  const folder = mkdtempSync(join(tmpdir(), 'tapegrad-bench-'));
  for (const name of names) {
    const arrays = Object.entries((await makers[name]?.()) ?? {});
    for (const [array, { data }] of arrays) writeFileSync(join(folder, `${name}.${array}`), data);
    const shapes = Object.fromEntries(arrays.map(([array, { shape }]) => [array, shape]));
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ shapes, ...describe(name) }));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @param {string} name */
function describe(name) {
  if (name === 'w1' || name === 'w2') return trainings[name];
  return name === 'chain' ? chain : {};
}

/**
 * Reads one of the arrays that {@link writeData} wrote.
 * @param {string} name
 * @param {string} array
 * @returns {Floats}
 */
export function readFloats(name, array) {
  const { BENCH_DATA: folder = '' } = process.env;
  const bytes = readFileSync(join(folder, `${name}.${array}`));
  const shape = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')).shapes[array];
  return { shape, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
}

/**
 * The batches of an epoch, always in the same order; the last may be smaller.
 * @param {Network} network
 * @returns {readonly { readonly rows: number, readonly x: Floats, readonly y: Floats }[]}
 */
export function readBatches(network) {
  const [x, y] = [readFloats(network, 'x'), readFloats(network, 'y')];
  const total = Number(x.shape[0]);
  const { batch } = trainings[network];
  return Array.from({ length: Math.ceil(total / batch) }, (_, i) => {
    const [from, to] = [i * batch, Math.min(total, (i + 1) * batch)];
    const part = (/** @type {Floats} */ { shape, data }) => {
      const row = data.length / total;
      return { shape: [to - from, ...shape.slice(1)], data: data.slice(from * row, to * row) };
    };
    return { rows: to - from, x: part(x), y: part(y) };
  });
}

/**
 * The initial weights, a matrix a layer; biases start at 0.
 * @param {Network} network
 */
export function readWeights(network) {
  return trainings[network].layers.slice(1).map((_, i) => readFloats(network, `w${i}`));
}

/**
 * The labels as rows of 0 and 1.
 * @param {Floats} labels
 */
export function oneHot({ data }) {
  const rows = new Float32Array(data.length * 10);
  data.forEach((label, i) => {
    rows[i * 10 + label] = 1;
  });
  return { shape: [data.length, 10], data: rows };
}
