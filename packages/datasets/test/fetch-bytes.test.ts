// Reading bytes over the network, from a server of our own.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchBytes } from '../src/fetch-bytes.ts';
import { type FileServer, serve } from './support/file-server.ts';

let server: FileServer;

beforeAll(async () => {
  server = await serve((path) => {
    const status = Number(path.slice(1));
    return { status, body: status === 200 ? Uint8Array.of(1, 255) : 'a page' };
  });
});

afterAll(() => server.close());

it('gives what the server sends', async () => {
  expect(await fetchBytes(new URL('/200', server.origin))).toEqual(Uint8Array.of(1, 255));
});

it.each([404, 410])('gives undefined for %i', async (status) => {
  expect(await fetchBytes(new URL(`/${status}`, server.origin))).toBeUndefined();
});

it.each([
  [403, 'the server answered 403 Forbidden'],
  [500, 'the server answered 500 Internal Server Error'],
])('refuses %i', async (status, message) => {
  await expect(fetchBytes(new URL(`/${status}`, server.origin))).rejects.toThrow(message);
});
