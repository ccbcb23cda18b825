import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutputFolder } from '../src/output-folder.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tapegrad-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

describe('OutputFolder', () => {
  it('is made when it is needed, and says what is written', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const folder = new OutputFolder(join(root, 'a', 'b'));
    await folder.write('c.txt', 'first');
    await folder.write('c.txt', Uint8Array.of(111, 107));
    expect(await readFile(folder.pathOf('c.txt'), 'utf8')).toBe('ok');
    const line = `Wrote ${relative(process.cwd(), folder.pathOf('c.txt'))}`;
    expect(log.mock.calls).toEqual([[line], [line]]);
  });

  it('says which folder cannot be made, and which file not be written', async () => {
    await writeFile(join(root, 'file'), '');
    const inFile = join(root, 'file', 'sub');
    await expect(new OutputFolder(inFile).write('c.txt', '')).rejects.toThrow(
      `OutputFolder: the folder ${inFile} cannot be made (ENOTDIR: not a directory, mkdir '${inFile}'). ` +
        'Expected one to write to; say another one.',
    );
    await expect(new OutputFolder(root).write('.', '')).rejects.toThrow(/ cannot be written \(EISDIR.*\)\. Expected/);
  });
});
