// Targets, and whether they are met.

import { show, table } from './text.mjs';

/**
 * @typedef {object} Target
 * @property {string} text
 * @property {number} measured NaN where that could not be measured
 * @property {number} bound
 * @property {'most' | 'least'} kind
 * @property {string} unit
 */

/** @type {(text: string, measured: number, bound: number, unit?: string) => Target} */
export const atMost = (text, measured, bound, unit = '') => ({ text, measured, bound, kind: 'most', unit });

/** @type {(text: string, measured: number, bound: number, unit?: string) => Target} */
export const atLeast = (text, measured, bound, unit = '') => ({ text, measured, bound, kind: 'least', unit });

/** @param {Target} target */
function verdict({ measured, bound, kind }) {
  if (Number.isNaN(measured)) return 'not measured';
  return (kind === 'most' ? measured <= bound : measured >= bound) ? 'met' : 'missed';
}

/** @param {readonly Target[]} targets */
export function targetTable(targets) {
  const rows = targets.map((target) => {
    const { text, measured, bound, kind, unit } = target;
    return [text, `${kind === 'most' ? '≤' : '≥'} ${bound}${unit}`, `${show(measured)}${unit}`, verdict(target)];
  });
  return table(['target', 'bound', 'measured', ''], rows);
}
