// A server of static files, as tests need it.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server says to a request. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string;
}

export interface FileServer {
  readonly origin: string;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  close(): void;
}

/** @param answer - says what there is at a path with its query; undefined: nothing, which is answered with 404. */
export async function serve(answer: (path: string) => Answer | undefined): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url!;
    asked.push(path);
    const { status = 200, headers = {}, body = '' } = answer(path) ?? { status: 404, body: '<h1>Not found</h1>' };
    response.writeHead(status, headers);
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
