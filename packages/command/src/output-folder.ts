// The folder in which a program leaves what it made: pictures, a trained model.

import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { TapegradError } from '@tapegrad/core';

/**
 * A folder that is made when the first file is written to it, or by `make`, before long work. Files are said on the console.
 *
 * ```ts
 * import { OutputFolder } from '@tapegrad/command';
 *
 * const folder = new OutputFolder('out/sevens-vs-eights');
 * const write = () => folder.write('weights.svg', '<svg/>'); // prints: Wrote out/sevens-vs-eights/weights.svg
 * ```
 */
export class OutputFolder {
  readonly path: string;

  /** @param path - from the working directory on. */
  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Where a file of this name is. */
  pathOf(name: string): string {
    return join(this.path, name);
  }

  /**
   * Makes the folder, with those around it, and tries whether files can be written to it.
   * @throws TapegradError that says which folder cannot be made or written to.
   */
  async make(): Promise<void> {
    await this.makeAll();
    try {
      await rmdir(await mkdtemp(this.pathOf('.tapegrad-')));
    } catch (cause) {
      throw new TapegradError(
        'OutputFolder',
        `the folder ${this.path} cannot be written to (${(cause as Error).message}). Expected one that can; say another one.`,
        { cause },
      );
    }
  }

  /**
   * Writes a file, in the place of one that is there: whoever opens it finds the old one or the new one, whole.
   *
   * @param word - what is said before its path; nothing is said where it is empty.
   * @throws TapegradError that says which file cannot be written.
   */
  async write(name: string, content: string | Uint8Array, word: string = 'Wrote'): Promise<void> {
    await this.makeAll();
    const path = this.pathOf(name);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, content);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw new TapegradError(
        'OutputFolder',
        `${path} cannot be written (${(cause as Error).message}). Expected room and permission.`,
        { cause },
      );
    }
    if (word !== '') console.log(`${word} ${relative(process.cwd(), path) || path}`);
  }
  private async makeAll(): Promise<void> {
    try {
      await makeFolder(this.path);
    } catch (cause) {
      throw new TapegradError(
        'OutputFolder',
        `the folder ${this.path} cannot be made (${(cause as Error).message}). Expected one to write to; say another one.`,
        { cause },
      );
    }
  }
}

/** Folder by folder: in Node.js 20 `mkdir` with `recursive` never returns where a file system lets nobody make one, such as /proc. */
async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  const hasParent = await access(parent).then(
    () => true,
    () => false,
  );
  if (!hasParent && parent !== path) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder) throw error;
  }
}
