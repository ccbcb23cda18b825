// `pnpm bench`: builds, measures, prints the tables and writes docs/BENCHMARK.md. `pnpm bench w1 w4` measures some and only prints;
// `--quick` takes fewer and shorter rounds, and only prints; `--no-build` measures what was built before.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from './command-line.mjs';
import { installPeers } from './runners.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const all = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'];
const { names, writes, builds, rounds, roundMs } = readArguments(process.argv.slice(2), all);

if (builds) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const packages = ['compiler', 'nn', 'datasets'].map((name) => `packages/${name}`);
  const build = spawnSync(process.execPath, [tsc, '-b', ...packages], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) process.exit(1);
}
if (!installPeers()) console.log('The peers from npm could not be installed: they are skipped.');

// what they import is built now
const { writeData } = await import('./data.mjs');
const { report, sectionText } = await import('./report/report.mjs');
const { workloads } = await import('./workloads/index.mjs');

const chosen = Object.entries(workloads).filter(([name]) => names.includes(name));
const { folder, remove } = await writeData([...new Set(chosen.flatMap(([, { data }]) => data))]);
const sections = [];
try {
  for (const [, workload] of chosen) {
    const section = await workload.run({ rounds, roundMs, data: folder });
    console.log(`\n${sectionText(section)}`);
    sections.push(section);
  }
} finally {
  remove();
}
const text = report(sections, { rounds });
console.log(`\n${text.slice(0, text.indexOf('\n## '))}`);
if (writes) writeFileSync(join(root, 'docs', 'BENCHMARK.md'), text);
