// Figures and tables as Markdown.

import { median } from '../measure/figures.mjs';

/** @param {number} value */
export function show(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows the first column is text, the others are numbers
 */
export function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0), 4));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/**
 * A row for each subject; one that was not measured has the reason in its second column.
 * @param {readonly import('../measure/subject.mjs').Runner[]} runners
 * @param {import('../measure/figures.mjs').Figures} figures
 * @param {(name: string) => readonly string[]} cells
 */
export function subjectRows(runners, figures, cells) {
  return runners.map(({ name }) => {
    const reason = figures.missing.get(name);
    const texts = cells(name);
    return [name, ...(reason === undefined ? texts : [reason, ...texts.slice(1).map(() => '–')])];
  });
}

/**
 * Which results are farthest from the median of all, in a sentence.
 * @param {string} what
 * @param {readonly import('../measure/subject.mjs').Runner[]} runners
 * @param {(name: string) => number} resultOf NaN where there is none
 */
export function agreement(what, runners, resultOf) {
  const results = runners
    .map(({ name }) => ({ name, value: resultOf(name) }))
    .filter(({ value }) => !Number.isNaN(value));
  const middle = median(results.map(({ value }) => value));
  const [farthest, next] = results
    .map(({ name, value }) => ({ name, apart: Math.abs(value / middle - 1) }))
    .toSorted((a, b) => b.apart - a.apart)
    .map(({ name, apart }) => `${name} by ${apart === 0 ? '0' : apart.toExponential(1)}`);
  return `${what}, relative to the median of ${results.length}: farthest from it is ${farthest}, then ${next}.`;
}
