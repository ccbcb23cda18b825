// `pnpm bench`: builds, measures every subject that runs here, prints the tables and writes docs/BENCHMARK.md.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { report } from './report.mjs';
import { figuresOf, installPeers, subjects } from './subjects.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const build = spawnSync(process.execPath, [tsc, '-b', 'packages/nn'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
if (!installPeers()) console.log('The peers from npm could not be installed: they are skipped.');

const results = subjects.flatMap((subject) => {
  const figures = figuresOf(subject);
  return figures === undefined ? [] : [{ name: subject.name, figures }];
});
const text = report(results);
console.log(`\n${text}`);
writeFileSync(join(root, 'docs', 'BENCHMARK.md'), text);
