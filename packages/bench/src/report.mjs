// The tables, as Markdown.

import { cpus, loadavg } from 'node:os';
import { products, rounds, training } from './workloads.mjs';

/** @typedef {{ readonly name: string, readonly figures: import('./measure.mjs').Figures }} Result */

// Of the minute before the run: what is above 0 is other programs, which take time from everybody here.
const loadBefore = loadavg()[0] ?? 0;

/**
 * @param {readonly Result[]} results
 * @returns {string}
 */
export function report(results) {
  const steps = training.warmUp + rounds * training.stepsPerRound;
  const eager = results.filter(({ figures }) => figures.chain !== undefined);
  const sizes = products.map(([m, k, n]) => `${m} × ${k} × ${n}`);
  return `# Benchmark

Written by \`pnpm bench\` (packages/bench): every library in a process of its own, one after the other, float32, one thread; medians of ${rounds}
rounds after a warm-up. Node.js ${process.version}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}; before the run ${loadBefore.toFixed(1)} other programs
were busy on its ${cpus().length} cores.

${results.map(({ name, figures }) => `- ${name}: ${figures.version}`).join('\n')}

## Small ops and a training step

Chain: tanh(x · a + b) on 16 elements, repeated to 999 ops, forward and gradient by x. Step: forward, backward and Adam of ${training.layers.join('–')}
with relu and softmax cross-entropy, batch ${training.batch}. The same numbers and initial weights everywhere: the losses after ${steps} steps show that all did
the same work. jax-js compiles both (jit); the others are eager.

${table(
  ['', 'chain, µs an op', 'step, ms', `loss after ${steps} steps`],
  eager.map(({ name, figures }) => [
    name,
    show(figures.chain),
    show(figures.step),
    (figures.loss ?? Number.NaN).toExponential(4),
  ]),
)}

## Products of matrices

GFLOP/s, m × k times k × n. tapegrad copies operands into WebAssembly and the result back; "its kernel alone" works on numbers that are there.

${table(
  ['', ...sizes],
  results.map(({ name, figures }) => [name, ...sizes.map((size) => show(figures.products[size]))]),
)}
`;
}

/** @param {number | undefined} value */
function show(value) {
  if (value === undefined) return '–';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0), 4));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
