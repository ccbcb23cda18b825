// Reading a file in a page: fetch is the same in Node.js, where the server is one of our own.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readText } from '../src/read-text-page.ts';

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/there.csv' ? 200 : 404);
    response.end('8 × 8');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

it('gives what the server sends', async () => {
  expect(await readText(new URL('/there.csv', origin))).toBe('8 × 8');
});

it('refuses an answer that is an error', async () => {
  await expect(readText(new URL('/gone.csv', origin))).rejects.toThrow('the server answered 404 Not Found');
});
