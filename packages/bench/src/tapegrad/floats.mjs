// Tensors of the data that all subjects share.

import { fromData } from '@tapegrad/core';
import { readFloats } from '../data.mjs';

/** @param {import('../data.mjs').Floats} floats */
export function floats({ data, shape }) {
  return fromData(data, shape, 'float32');
}

/**
 * @param {string} name
 * @param {string} array
 */
export function load(name, array) {
  return floats(readFloats(name, array));
}
