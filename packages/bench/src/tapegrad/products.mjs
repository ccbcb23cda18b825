// Square products of matrices.

import { fromData, Parameter, zeros } from '@tapegrad/core';
import { gemmModule, gemmScratchBytes, instantiate, newMemory, supportsRelaxedSimd } from '@tapegrad/wasm';
import { generator } from '../numbers.mjs';
import { eager, inMode } from './mode.mjs';

/** @param {number} size */
function operands(size) {
  const draw = generator(5);
  return [draw(size * size), draw(size * size)];
}

/**
 * Eager: a new tensor. Compiled: of parameters, into a parameter, which stay in the program's memory as they do in training.
 * @param {number} size
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function product(size) {
  const [x, y] = operands(size).map((data, i) => new Parameter(fromData(data, [size, size], 'float32'), `x${i}`));
  if (x === undefined || y === undefined) throw new Error('internal: a product has two operands.');
  if (eager) return { run: () => x.matmul(y), result: () => x.matmul(y).slice(0, 1).sum().item() };
  const out = new Parameter(zeros([size, size]), 'out');
  const run = inMode(() => {
    out.assign(x.matmul(y));
    return {};
  });
  return { run: () => run(), result: () => out.slice(0, 1).sum().item() };
}

/**
 * The kernel that programs and eager products use, alone.
 * @param {number} size
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function kernelProduct(size) {
  const bytes = size * size * 4;
  const memory = newMemory(Math.ceil((gemmScratchBytes + 3 * bytes) / 65536));
  const module = gemmModule({ type: 'f32', relaxed: supportsRelaxedSimd() });
  const { gemm } = /** @type {{ gemm: (...operands: number[]) => void }} */ (
    instantiate(module, { env: { memory } }).exports
  );
  const [x, y, out] = [gemmScratchBytes, gemmScratchBytes + bytes, gemmScratchBytes + 2 * bytes];
  operands(size).forEach((data, i) => {
    new Float32Array(memory.buffer, i === 0 ? x : y, size * size).set(data);
  });
  const row = size * 4;
  return {
    run: () => gemm(size, size, size, x, row, 4, y, row, 4, out, row, 0, 0),
    result: () => new Float32Array(memory.buffer, out, size).reduce((sum, value) => sum + value, 0),
  };
}
