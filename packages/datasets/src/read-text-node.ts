// How `#read-text` reads a file in Node.js. In a page: read-text-page.ts.

import { readFile } from 'node:fs/promises';

/** The text of the file at `url`, a `file:` URL. */
export function readText(url: URL): Promise<string> {
  return readFile(url, 'utf8');
}
