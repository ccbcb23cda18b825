// What bounds a figure: the part of its work that no library could leave out, measured in the same run.

import { show, table } from './text.mjs';

/**
 * @typedef {object} Limit
 * @property {string} text
 * @property {number} measured NaN where that could not be measured
 * @property {string} unit
 */

/** @type {(text: string, measured: number, unit?: string) => Limit} */
export const limit = (text, measured, unit = '') => ({ text, measured, unit });

/** @param {readonly Limit[]} limits */
export function limitTable(limits) {
  return table(
    ['what bounds it', 'measured'],
    limits.map(({ text, measured, unit }) => [text, `${show(measured)}${unit}`]),
  );
}
