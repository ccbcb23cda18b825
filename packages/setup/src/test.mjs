// `npm test`: installs what is missing, then checks types, checks lint and format, and runs the tests.

import { install } from './install.mjs';
import { fail, phase, run } from './phase.mjs';
import { tools } from './tools.mjs';

/** @param {string[]} args passed through to vitest */
export function main(args) {
  install();
  phase('Types');
  run(tools.tsc, ['-b']) || fail();
  phase('Lint and format');
  run(tools.biome, ['check', '--error-on-warnings']) || fail();
  phase('Tests');
  run(tools.vitest, ['run', ...args]) || fail();
}
