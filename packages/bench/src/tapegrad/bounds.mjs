// Parts of workloads that bound what any library could reach: the products of a training alone, copies, bare loops.

import { gemmModule, gemmScratchBytes, instantiate, newMemory, supportsRelaxedSimd } from '@tapegrad/wasm';
import { chain, productsOfEpoch, readFloats } from '../data.mjs';

/**
 * All products of an epoch by the kernel that programs use, one after another, on numbers that are there.
 * @param {import('../data.mjs').Network} network
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function products(network) {
  const all = productsOfEpoch(network);
  const most = (/** @type {(of: typeof all[number]) => number} */ size) => Math.max(...all.map(size));
  const [x, y] = [gemmScratchBytes, gemmScratchBytes + 4 * most(({ m, k }) => m * k)];
  const out = y + 4 * most(({ k, n }) => k * n);
  const memory = newMemory(Math.ceil((out + 4 * most(({ m, n }) => m * n)) / 65536));
  new Float32Array(memory.buffer).fill(0.5, x / 4, out / 4);
  const module = gemmModule({ type: 'f32', relaxed: supportsRelaxedSimd() });
  const { gemm } = /** @type {{ gemm: (...operands: number[]) => void }} */ (
    instantiate(module, { env: { memory } }).exports
  );
  return {
    run: () => {
      for (const { m, n, k, turned } of all) {
        const [xRow, xColumn] = turned === 'x' ? [4, 4 * m] : [4 * k, 4];
        const [yRow, yColumn] = turned === 'y' ? [4, 4 * k] : [4 * n, 4];
        gemm(m, n, k, x, xRow, xColumn, y, yRow, yColumn, out, 4 * n, 0, 0);
      }
    },
  };
}

/**
 * A million numbers into WebAssembly memory, and as many out of it into a new array.
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function copies() {
  const { data } = readFloats('activations', 'x');
  const { buffer } = newMemory(Math.ceil((2 * data.byteLength) / 65536));
  const [to, from] = [0, data.byteLength].map((at) => new Float32Array(buffer, at, data.length));
  if (to === undefined || from === undefined) throw new Error('internal: there are two places.');
  return {
    run: () => {
      to.set(data);
      return new Float32Array(from);
    },
  };
}

/**
 * The arithmetic of the chain and of its gradient in loops written by hand, with a new array for each result and nothing else.
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function bareChain() {
  const [x, a, b] = ['x', 'a', 'b'].map((array) => readFloats('chain', array).data);
  if (x === undefined || a === undefined || b === undefined) throw new Error('internal: the chain has three arrays.');
  let sum = Number.NaN;
  return {
    run: () => {
      const outputs = [];
      let value = x;
      for (let i = 0; i < chain.repeats; i++) {
        value = tanh(added(multiplied(value, a), b));
        outputs.push(value);
      }
      sum = value.reduce((total, element) => total + element, 0);
      /** @type {Float32Array} */
      let gradient = new Float32Array(chain.size).fill(1);
      for (let output = outputs.pop(); output !== undefined; output = outputs.pop()) {
        gradient = multiplied(throughTanh(gradient, output), a);
      }
      return gradient;
    },
    result: () => sum,
  };
}

/** @typedef {(x: Float32Array, y: Float32Array) => Float32Array} Loop */

/** @type {Loop} */
function multiplied(x, y) {
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(x[i]) * Number(y[i]);
  return out;
}

/** @type {Loop} */
function added(x, y) {
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(x[i]) + Number(y[i]);
  return out;
}

/** @type {(x: Float32Array) => Float32Array} */
function tanh(x) {
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(Number(x[i]));
  return out;
}

/** @type {Loop} */
function throughTanh(g, output) {
  const out = new Float32Array(g.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(g[i]) * (1 - Number(output[i]) ** 2);
  return out;
}
