// Who is measured, each in a process of its own; peers that are not there are skipped with a line that says so.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chain, products, rounds, training } from './workloads.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const relaxed = ['--experimental-wasm-relaxed-simd'];

/** The flag is known to the engines that have relaxed SIMD behind it; later ones have it on. */
const relaxedFlag = spawnSync(process.execPath, [...relaxed, '-e', '']).status === 0 ? relaxed : [];

/** @typedef {{ name: string, command: string, args: readonly string[] }} Runner */

/** @type {(name: string, file: string, args?: readonly string[], flags?: readonly string[]) => Runner} */
const script = (name, file, args = [], flags = []) => ({
  name,
  command: process.execPath,
  args: [...flags, join(folder, file), ...args],
});

const sizes = JSON.stringify({ chain, training, products, rounds });
/** @type {(name: string, subject: string) => Runner} */
const python = (name, subject) => ({
  name,
  command: existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3',
  args: [join(folder, 'peers/pytorch.py'), subject, sizes],
});

/** @type {readonly Runner[]} */
export const subjects = [
  script('tapegrad', 'src/tapegrad.mjs'),
  script('tapegrad, relaxed SIMD', 'src/tapegrad.mjs', [], relaxedFlag),
  script('tapegrad, no WebAssembly', 'src/tapegrad.mjs', ['--no-wasm']),
  script('its kernel alone', 'src/kernel.mjs'),
  script('its kernel alone, relaxed SIMD', 'src/kernel.mjs', [], relaxedFlag),
  script('TensorFlow.js, cpu', 'peers/tfjs.mjs', ['cpu']),
  script('TensorFlow.js, wasm', 'peers/tfjs.mjs', ['wasm']),
  // its compiler recurses along the chain, past the usual stack
  script('jax-js', 'peers/jax.mjs', [], ['--stack-size=6000']),
  python('PyTorch', 'torch'),
  python('NumPy', 'numpy'),
];

/** Installs the peers into their own folder, unless they are there. @returns {boolean} whether they are there now */
export function installPeers() {
  const peers = join(folder, 'peers');
  if (existsSync(join(peers, 'node_modules'))) return true;
  console.log('Installing TensorFlow.js and jax-js into packages/bench/peers (310 MB) …');
  // On Windows npm is a script, which only a shell can start.
  const shell = process.platform === 'win32';
  const args = ['install', '--workspaces=false', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  return spawnSync('npm', args, { cwd: peers, stdio: ['ignore', 'inherit', 'inherit'], shell }).status === 0;
}

/**
 * The figures of a subject, or undefined (and a line that says why) where it does not run here.
 * @param {Runner} runner
 * @returns {import('./measure.mjs').Figures | undefined}
 */
export function figuresOf({ name, command, args }) {
  process.stdout.write(`${name} … `);
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', cwd: folder });
  if (status === 0) {
    console.log('done');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  }
  const reason = error?.message ?? stderr.split('\n').find((line) => line.includes('Error')) ?? `exit status ${status}`;
  console.log(`skipped: ${reason.trim()}`);
  return undefined;
}
