// Installs what pnpm-lock.yaml lists, unless a stamp in node_modules says that exactly this was installed already.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, phase, runProgram } from './phase.mjs';
import { manifest, packageFolders, root } from './workspace.mjs';

const stamp = join(root, 'node_modules', '.tapegrad-installed');

/** Installs if needed; ends the process if that fails. */
export function install() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  phase('Install');
  // Without the stamp, an install that is interrupted is done again.
  rmSync(stamp, { force: true });
  pnpm(['install', '--frozen-lockfile', '--prod=false']) || fail();
  writeFileSync(stamp, wanted);
}

/** Changes whenever an install would give something else. */
function fingerprint() {
  const hash = createHash('sha256');
  const manifests = ['.', ...packageFolders()].map((folder) => `${folder}/package.json`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  // The tools are native programs: the same folder may be used on several systems.
  return `${process.platform}-${process.arch} ${hash.digest('hex')}\n`;
}

/**
 * Runs the pnpm that package.json pins, through npm's `npx`, which fetches it if needed.
 * @param {string[]} args
 * @returns {boolean} whether it succeeded
 */
function pnpm(args) {
  const words = ['exec', '--yes', '--workspaces=false', '--', String(manifest('.').packageManager), ...args];
  // In production mode both clients would leave out the development tools.
  const { NODE_ENV: _, ...env } = process.env;
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) return runProgram(process.execPath, [npm, ...words], { env });
  // Not started by npm. On Windows npm is a script, which only a shell can start.
  return runProgram('npm', words, { env, shell: process.platform === 'win32' });
}
