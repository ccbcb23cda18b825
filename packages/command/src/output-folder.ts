// The folder in which a program leaves what it made: pictures, a trained model.

import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { TapegradError } from '@tapegrad/core';

/**
 * A folder that is made when the first file is written to it. Each file is said on the console.
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

  /** Makes the folder, with those around it. @throws TapegradError that says which folder cannot be made. */
  async make(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true });
    } catch (cause) {
      throw new TapegradError(
        'OutputFolder',
        `the folder ${this.path} cannot be made (${(cause as Error).message}). Expected one to write to; say another one.`,
        { cause },
      );
    }
  }

  /** Writes a file, over one that is there. @throws TapegradError that says which file cannot be written. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    await this.make();
    const path = this.pathOf(name);
    try {
      await writeFile(path, content);
    } catch (cause) {
      throw new TapegradError(
        'OutputFolder',
        `${path} cannot be written (${(cause as Error).message}). Expected room and permission.`,
        { cause },
      );
    }
    console.log(`Wrote ${relative(process.cwd(), path) || path}`);
  }
}
