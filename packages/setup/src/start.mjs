// `npm start`: installs what is missing, builds the example and what it needs, runs it with the arguments given.

import { install } from './install.mjs';
import { fail, phase, run } from './phase.mjs';
import { tools } from './tools.mjs';

const example = 'examples/breast-cancer';

/** @param {string[]} args passed through to the example */
export function main(args) {
  install();
  phase('Build');
  run(tools.tsc, ['-b', example]) || fail();
  phase('Example: breast cancer');
  run(`${example}/dist/main.js`, args) || fail();
}
