// Type-checks a folder of generated modules with one call of tsc.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { tools } from '../tools.mjs';
import { root } from '../workspace.mjs';

const options = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    types: ['node'],
    rootDir: root,
    composite: false,
    tsBuildInfoFile: null,
    isolatedDeclarations: false,
    declarationMap: false,
    noEmit: true,
    // Documentation names values that it does not go on to use.
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  // The second pattern: what the sources declare about packages that have no types.
  include: ['**/*.ts', join(root, 'packages/*/src/**/*.d.ts')],
};

/**
 * The errors of all modules below a folder.
 * @returns the messages by file, relative to the folder; under '' those that belong to no module in it.
 */
export function typeCheck(folder: string): Map<string, string[]> {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options, null, 2));
  const tsc = spawnSync(process.execPath, [join(root, tools.tsc), '-p', folder, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  const errors = new Map<string, string[]>();
  let file = '';
  for (const line of `${tsc.stdout}${tsc.stderr}`.split('\n')) {
    if (line.trim() === '') continue;
    const [, path, at, message] = /^(\S.*)\((\d+),\d+\): (error .*)$/.exec(line) ?? [];
    // An indented line goes on with the message before it.
    if (path !== undefined) file = inside(folder, path);
    else if (!line.startsWith(' ')) file = '';
    const text = path !== undefined && file !== '' ? `line ${at}: ${message}` : line;
    errors.set(file, [...(errors.get(file) ?? []), text]);
  }
  if (tsc.status !== 0 && errors.size === 0)
    errors.set('', [`tsc failed with exit code ${tsc.status} and no message.`]);
  return errors;
}

/** A path relative to the folder, with forward slashes; '' if it lies outside. */
function inside(folder: string, path: string): string {
  const inner = relative(folder, resolve(root, path));
  return inner.startsWith('..') ? '' : inner.split(sep).join('/');
}
