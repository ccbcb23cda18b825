// Figures and tables as Markdown.

/** @param {number} value */
export function show(value) {
  if (!Number.isFinite(value)) return '–';
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
 * How far the results of the subjects are apart, relative to their median, in a sentence.
 * @param {string} what
 * @param {readonly number[]} results NaN where there is none
 */
export function agreement(what, results) {
  const values = results.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const middle = values[Math.floor(values.length / 2)] ?? Number.NaN;
  const apart = (Number(values.at(-1)) - Number(values[0])) / Math.abs(middle);
  return `${what}: ${values.length} subjects, apart by ${apart.toExponential(1)} of it.`;
}
