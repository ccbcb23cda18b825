// Timing: medians of rounds, after a warm-up. What a subject is, is at the end.

import { chain, products, rounds, training } from './workloads.mjs';

/**
 * Milliseconds of one run: the median of rounds, each of so many runs.
 * @param {() => unknown} run
 * @param {number} runs
 */
async function milliseconds(run, runs) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < runs; i++) await run();
    times.push((performance.now() - start) / runs);
  }
  return /** @type {number} */ (times.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}

/**
 * Runs until a round takes long enough to be timed, then times it.
 * @param {() => unknown} run
 */
async function warmMilliseconds(run) {
  const start = performance.now();
  let runs = 0;
  while (runs === 0 || (runs < 3 && performance.now() - start < 2000) || performance.now() - start < 500) {
    await run();
    runs++;
  }
  return milliseconds(run, Math.max(1, Math.round((runs * 100) / (performance.now() - start))));
}

/**
 * What one library does; each part may be missing.
 * @typedef {object} Subject
 * @property {string} version
 * @property {() => unknown} [chain] runs the chain forward and backward once
 * @property {() => unknown} [step] one training step
 * @property {() => number | Promise<number>} [loss] of the latest step
 * @property {(m: number, k: number, n: number) => () => unknown} [product] makes a product of this size
 */

/**
 * What a process prints of its subject.
 * @typedef {object} Figures
 * @property {string} version
 * @property {number} [chain] µs an op
 * @property {number} [step] ms
 * @property {number} [loss]
 * @property {{ [size: string]: number }} products GFLOP/s
 */

/**
 * Measures a subject and prints its figures, as the last line of the process.
 * @param {Subject} subject
 */
export async function measure(subject) {
  /** @type {Figures} */
  const figures = { version: subject.version, products: {} };
  if (subject.chain) figures.chain = ((await warmMilliseconds(subject.chain)) * 1000) / chain.ops;
  if (subject.step) {
    for (let i = 0; i < training.warmUp; i++) await subject.step();
    figures.step = await milliseconds(subject.step, training.stepsPerRound);
    figures.loss = await subject.loss?.();
  }
  for (const [m, k, n] of subject.product ? products : []) {
    const time = await warmMilliseconds(/** @type {Required<Subject>} */ (subject).product(m, k, n));
    figures.products[`${m} × ${k} × ${n}`] = (2 * m * k * n) / time / 1e6;
  }
  console.log(JSON.stringify(figures));
}
