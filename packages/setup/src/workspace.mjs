// Where the workspace is and what its manifests say.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the workspace. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The folders of all packages and examples, relative to the root and with forward slashes.
 * @returns {string[]}
 */
export function packageFolders() {
  return ['packages', 'examples'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${group}/${entry.name}`)
      .sort(),
  );
}

/**
 * The package.json of a folder.
 * @param {string} folder relative to the root
 * @returns {Record<string, unknown>}
 */
export function manifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
