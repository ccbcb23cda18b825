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

/** With one digit more than in the tables, so that what just misses does not read like what it missed. @param {number} value */
function exact(value) {
  return value >= 0.1 && value < 100 ? value.toPrecision(3) : show(value);
}

/** @param {readonly Target[]} targets */
export function targetTable(targets) {
  const rows = targets.map((target) => {
    const { text, measured, bound, kind, unit } = target;
    return [
      text,
      `${kind === 'most' ? '≤' : '≥'} ${bound < 1e-3 ? bound.toExponential() : bound}${unit}`,
      `${exact(measured)}${unit}`,
      verdict(target),
    ];
  });
  return table(['target', 'bound', 'measured', ''], rows);
}
