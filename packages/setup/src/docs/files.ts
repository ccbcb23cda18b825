// Which files of the workspace hold documentation, and where the modules made from their blocks go.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { manifest, packageFolders, root } from '../workspace.mjs';
import { type Block, findBlocks } from './blocks.ts';
import { exportedNames } from './exported-names.ts';
import { type ExportedName, moduleText } from './module.ts';

/**
 * The folder of the generated modules; git ignores it. It lies in this package so that they can import the others, and not
 * below its dist, which vitest leaves out of stack traces.
 */
export const generated: string = join(root, 'packages/setup/.docs');

/** All ```ts blocks of the documentation. */
export function allBlocks(): Block[] {
  const folders = packageFolders();
  const files = [
    'README.md',
    ...filesBelow('docs', '.md'),
    ...folders.map((folder) => `${folder}/README.md`).filter((file) => existsSync(join(root, file))),
    ...folders
      .filter((folder) => folder.startsWith('packages/'))
      .flatMap((folder) => filesBelow(`${folder}/src`, '.ts')),
  ];
  return files.flatMap((file) => findBlocks(file, readFileSync(join(root, file), 'utf8')));
}

/** The name of a block's module, relative to the folder of the generated modules. */
export function moduleFile(block: Block): string {
  return `${block.file.replace(/\.ts$/, '')}/line-${block.line}.ts`;
}

/** Writes the modules of all blocks, and nothing else is left in their folder. */
export function writeModules(blocks: readonly Block[]): void {
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated, { recursive: true });
  const names = publicNames();
  for (const block of blocks) {
    const path = join(generated, moduleFile(block));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, moduleText(block, names));
  }
}

/** What the published packages export. Where two export the same name, the first in alphabetical order is taken. */
function publicNames(): ExportedName[] {
  const published = packageFolders().filter((folder) => manifest(folder).private !== true);
  const names = published.flatMap((folder) =>
    exportedNames(String(manifest(folder).name), readFileSync(join(root, folder, 'src/index.ts'), 'utf8')),
  );
  return [...new Map(names.reverse().map((entry) => [entry.name, entry])).values()];
}

function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file.split(sep).join('/')}`)
    .sort();
}
