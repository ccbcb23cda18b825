// How `#files` finds and reads files in a page. In Node.js: files-node.ts.

import { fetchBytes } from './fetch-bytes.ts';

/** Whether there are npm packages whose files can be read. */
export const hasPackages: boolean = false;

/** In a page no package can be looked for. */
export function packageFolder(_name: string): URL | undefined {
  return undefined;
}

/** The URL that is meant by a text: relative to the page, or in a worker to its script. */
export function urlOf(text: string): URL {
  const { document, location } = globalThis as Page;
  return new URL(text, document?.baseURI ?? location?.href);
}

interface Page {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** The bytes of the file at `url`; undefined where there is none. */
export function readBytes(url: URL): Promise<Uint8Array | undefined> {
  return fetchBytes(url);
}
