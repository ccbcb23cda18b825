// Who is measured: how each subject's process is started.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./measure/subject.mjs').Runner} Runner */

const folder = fileURLToPath(new URL('..', import.meta.url));

/** @type {(name: string, file: string, args?: readonly string[], flags?: readonly string[]) => Runner} */
const script = (name, file, args = [], flags = []) => ({
  name,
  command: process.execPath,
  args: [...flags, join(folder, file), ...args],
});

/** @type {(name: string, args: readonly string[], flags?: readonly string[]) => Runner} */
const ours = (name, args, flags) => script(name, 'src/tapegrad/main.mjs', args, flags);

/** @type {(name: string, library: string) => Runner} */
const python = (name, library) => ({
  name,
  command: existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3',
  args: [join(folder, 'peers/python.py'), library],
});

/** tapegrad, in each of its ways to run. */
export const tapegrad = {
  compiled: ours('tapegrad compiled', ['compiled']),
  plain: ours('tapegrad compiled, plain SIMD', ['compiled', '--plain']),
  native: ours('tapegrad compiled, native gemm', ['compiled', '--native']),
  threads: ours('tapegrad compiled, 2 threads', ['compiled', '--threads=2']),
  eager: ours('tapegrad eager', ['eager']),
  /** V8 compiles all functions when it loads them, not each when it is first called. */
  unlazy: ours('tapegrad compiled, node --no-lazy', ['compiled'], ['--no-lazy']),
  /** Its products of matrices alone, on operands that lie in WebAssembly memory. */
  kernel: ours('tapegrad, the kernel alone', ['kernel']),
  plainKernel: ours('tapegrad, the kernel alone, plain SIMD', ['kernel', '--plain']),
  /** Counts bytes, so it may collect garbage when it wants. */
  counted: ours('tapegrad compiled', ['compiled'], ['--expose-gc']),
  /** A tape of a million nodes takes more than the heap that Node.js grants by itself. */
  large: ours('tapegrad eager', ['eager'], ['--max-old-space-size=12000']),
};

export const peers = {
  pytorch: python('PyTorch', 'torch'),
  numpy: python('NumPy', 'numpy'),
  // its compiler recurses along the chain, past the usual stack
  jax: script('jax-js jit', 'peers/jax.mjs', [], ['--stack-size=6000']),
  tfjsWasm: script('tfjs-wasm', 'peers/tfjs.mjs', ['wasm']),
  tfjsCpu: script('tfjs-cpu', 'peers/tfjs.mjs', ['cpu']),
  onnx: script('onnxruntime-node', 'peers/onnx.mjs'),
};

/** Installs the peers from npm into their own folder, unless they are there. @returns {boolean} whether they are there now */
export function installPeers() {
  const at = join(folder, 'peers');
  const wanted = ['@jax-js/jax', '@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', 'onnxruntime-node'];
  if (wanted.every((name) => existsSync(join(at, 'node_modules', name)))) return true;
  console.log('Installing TensorFlow.js, jax-js and onnxruntime-node into packages/bench/peers (600 MB) …');
  // On Windows npm is a script, which only a shell can start.
  const shell = process.platform === 'win32';
  const args = ['install', '--workspaces=false', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  return spawnSync('npm', args, { cwd: at, stdio: ['ignore', 'inherit', 'inherit'], shell }).status === 0;
}
