// How `#files` finds and reads files in Node.js. In a page: files-page.ts.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchBytes } from './fetch-bytes.ts';

/** Whether there are npm packages whose files can be read. */
export const hasPackages: boolean = true;

/** The URL of the folder of an npm package, with a slash at its end; undefined where it is not installed. Its code does not run. */
export function packageFolder(name: string): URL | undefined {
  try {
    return new URL('./', pathToFileURL(createRequire(import.meta.url).resolve(`${name}/package.json`)));
  } catch (cause) {
    if (codeOf(cause) === 'MODULE_NOT_FOUND') return undefined;
    throw cause;
  }
}

/** The URL that is meant by a text: a URL as it is, else a path, from the working directory on. */
export function urlOf(text: string): URL {
  // Two letters or more: C: is a drive.
  return /^[a-z][a-z0-9+.-]+:/i.test(text) ? new URL(text) : pathToFileURL(resolve(text));
}

/** The bytes of the file at `url`; undefined where there is none. */
export async function readBytes(url: URL): Promise<Uint8Array | undefined> {
  if (url.protocol !== 'file:') return fetchBytes(url);
  try {
    return await readFile(url);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return undefined;
    throw cause;
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code);
}
