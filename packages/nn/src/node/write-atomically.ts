// A file that is there whole or not at all.

import { randomUUID } from 'node:crypto';
import { open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

/**
 * Writes a text beside `path`, to the disk, and then puts it in the place of whatever file is there: at any moment, also where the
 * machine stops, there is the old file or the new one. The new one has the old one's permissions. A link is followed, also to where
 * there is no file yet.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const target = await targetOf(path);
  const old = await unlessMissing(stat(target));
  const permissions = old === undefined ? undefined : old.mode & 0o777;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    // At no moment more open than the old file.
    const file = await open(temporary, 'wx', permissions);
    try {
      // The process's mask took some away. There are file systems without any.
      if (permissions !== undefined) await file.chmod(permissions).catch(() => {});
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Where a path leads, through all links; what is there need not exist. */
async function targetOf(path: string): Promise<string> {
  const found = await unlessMissing(realpath(path));
  if (found !== undefined) return found;
  const link = await readlink(path).catch(() => undefined); // no link, or nothing there
  if (link === undefined) return path;
  // Not resolve(): what `..` in a link means, the system decides.
  return targetOf(isAbsolute(link) ? link : `${await realpath(dirname(path))}/${link}`);
}

/** The result; undefined where there is no such file. */
async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** So that the new name is on the disk too. Windows has nothing like it: folders cannot be opened there. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // The file itself is written; only when its name reaches the disk is left to the system.
  }
}
