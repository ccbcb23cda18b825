// `npm start`: the example of the main job.

import { main as example } from './example.mjs';

/** @param {string[]} args passed through to the example */
export function main(args) {
  example(['breast-cancer', ...args]);
}
