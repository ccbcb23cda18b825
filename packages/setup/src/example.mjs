// `npm run example`: lists the examples; with a name, installs what is missing, builds that example and what it needs, runs it with the
// arguments given.

import { install } from './install.mjs';
import { fail, phase, run } from './phase.mjs';
import { tools } from './tools.mjs';
import { manifest, packageFolders } from './workspace.mjs';

/** @param {string[]} args the name of an example, and what is passed through to it */
export function main([name, ...args]) {
  const examples = packageFolders().filter((folder) => folder.startsWith('examples/'));
  const folder = `examples/${name}`;
  if (name === undefined || name === '--help' || name === '-h') return list(examples);
  if (!examples.includes(folder)) {
    const names = examples.map((example) => example.slice('examples/'.length));
    console.error(`There is no example "${name}". Expected one of ${names.join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  install();
  phase('Build');
  run(tools.tsc, ['-b', folder]) || fail();
  phase(`Example: ${name}`);
  run(`${folder}/dist/main.js`, args) || fail();
}

/** @param {string[]} examples */
function list(examples) {
  const rows = examples.map((folder) => [folder.slice('examples/'.length), String(manifest(folder).description)]);
  const width = Math.max(...rows.map(([name = '']) => name.length));
  console.log('npm run example -- NAME [options]. Each has --help.\n');
  for (const [name = '', about] of rows) console.log(`  ${name.padEnd(width)}  ${about}`);
}
