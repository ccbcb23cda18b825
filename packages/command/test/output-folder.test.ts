import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
    await folder.write('c.txt', Uint8Array.of(111, 107), 'Open');
    await folder.write('d.txt', 'unsaid', '');
    expect(await readFile(folder.pathOf('c.txt'), 'utf8')).toBe('ok');
    const path = relative(process.cwd(), folder.pathOf('c.txt'));
    expect(log.mock.calls).toEqual([[`Wrote ${path}`], [`Open ${path}`]]);
  });

  it('puts a new file in the place of the old one, which whoever reads it goes on with', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const folder = new OutputFolder(root);
    await folder.write('c.txt', 'first');
    const reader = await open(folder.pathOf('c.txt'));
    try {
      await folder.write('c.txt', 'second');
      expect([await reader.readFile('utf8'), await readFile(folder.pathOf('c.txt'), 'utf8')]).toEqual([
        'first',
        'second',
      ]);
    } finally {
      await reader.close();
    }
    expect(await readdir(root)).toEqual(['c.txt']);
  });

  it('leaves nothing beside what cannot be written', async () => {
    await mkdir(join(root, 'taken'));
    await expect(new OutputFolder(root).write('taken', '')).rejects.toThrow(/taken cannot be written \(EISDIR/);
    expect(await readdir(root)).toEqual(['taken']);
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

  it.runIf(process.platform === 'linux')('gives up where nobody can make a folder, or write to it', async () => {
    await expect(new OutputFolder('/proc/x/y').make()).rejects.toThrow(
      "OutputFolder: the folder /proc/x/y cannot be made (ENOENT: no such file or directory, mkdir '/proc/x'). " +
        'Expected one to write to; say another one.',
    );
    await expect(new OutputFolder('/proc').make()).rejects.toThrow(
      /^OutputFolder: the folder \/proc cannot be written to \(E.*\)\. Expected one that can; say another one\.$/,
    );
  });

  it('can be made before it is needed, and leaves nothing of the trial', async () => {
    const folder = new OutputFolder(join(root, 'a', 'b'));
    await folder.make();
    await folder.make();
    expect(await readdir(folder.path)).toEqual([]);
  });
});
