// The report: the machine, and a section for each workload.

import { cpus, loadavg } from 'node:os';
import { limitTable } from './limit.mjs';
import { targetTable } from './target.mjs';
import { show } from './text.mjs';

/**
 * What a workload hands in.
 * @typedef {object} Section
 * @property {string} title
 * @property {string} about
 * @property {readonly string[]} parts tables and sentences, Markdown
 * @property {readonly import('./target.mjs').Target[]} targets
 * @property {readonly import('./limit.mjs').Limit[]} [limits]
 * @property {readonly import('../measure/figures.mjs').Figures[]} figures
 */

// Of the minute before the run: what is above 0 is other programs, which take time from everybody here.
const loadBefore = loadavg()[0] ?? 0;

/** @param {Section} section */
export function sectionText({ title, about, parts, targets, limits = [], figures }) {
  const judged = targets.length === 0 ? [] : [targetTable(targets)];
  const bounds = limits.length === 0 ? [] : [limitTable(limits)];
  const disturbed = disturbance(figures);
  return [`## ${title}`, about, ...parts, ...judged, ...bounds, ...(disturbed === undefined ? [] : [disturbed])].join(
    '\n\n',
  );
}

/**
 * A warning where subjects did not have a processor to themselves.
 * @param {Section['figures']} figures
 */
function disturbance(figures) {
  const shares = figures.flatMap((each) => each.shares);
  const low = shares.filter((share) => share < 0.9);
  if (low.length === 0) return undefined;
  return `**Noisy**: other programs kept ${low.length} of ${shares.length} measurements waiting. They had between ${show(Math.min(...low))} and ${show(Math.max(...low))} of a processor.`;
}

/**
 * @param {readonly Section[]} sections
 * @param {{ rounds: number }} settings
 */
export function report(sections, { rounds }) {
  /** @type {Map<string, string>} */
  const versions = new Map(sections.flatMap(({ figures }) => figures.flatMap((each) => [...each.versions])));
  const processors = cpus();
  return `# Benchmark

Written by \`pnpm bench\` (packages/bench). Float32, one thread unless said; every library in a process of its own, all on the same data and initial
weights. The rounds go from one library to the next and round again: figures are medians of ${rounds} rounds after a warm-up, ratios are medians of the
rounds' ratios. tapegrad has relaxed SIMD (products and sums in one rounding) switched on unless a row says plain.

- ${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${process.platform} ${process.arch}; before the run ${loadBefore.toFixed(1)} other programs were busy.
- Node.js ${process.version}
${[...versions].map(([name, version]) => `- ${name}: ${version}`).join('\n')}

${sections.map(sectionText).join('\n\n')}
`;
}
