// Weights in files: there and back, whole or not at all.

import { chmod, lstat, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dense, exportWeights, Sequential } from '../../src/index.ts';
import { loadWeights, saveWeights } from '../../src/node.ts';
import { mistake } from '../support/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapegrad-nn-'));
});
afterEach(() => rm(folder, { recursive: true }));

const made = (seed: number, units = 3): Sequential =>
  new Sequential([new Dense(units, { activation: 'relu', inputShape: [2] }), new Dense(1)], { seed });

describe('saveWeights and loadWeights', () => {
  test('keep every bit, as JSON of { sizes, weights, biases }', async () => {
    const [model, other, path] = [made(1), made(2), join(folder, 'model.json')];
    await saveWeights(model, path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(exportWeights(model));
    await loadWeights(other, path);
    expect(other.getWeights().map((value) => value.toArray())).toEqual(
      model.getWeights().map((value) => value.toArray()),
    );
  });

  test('leave nothing beside the file, also where many write it at once', async () => {
    const [models, path] = [[1, 2, 3, 4, 5].map((seed) => made(seed)), join(folder, 'model.json')];
    await Promise.all(models.map((model) => saveWeights(model, path)));
    expect(await readdir(folder)).toEqual(['model.json']);
    const written = JSON.parse(await readFile(path, 'utf8'));
    expect(models.map(exportWeights)).toContainEqual(written);
  });

  test('replace a file by another one: who reads the old one goes on reading it', async () => {
    const path = join(folder, 'model.json');
    await saveWeights(made(1), path);
    const old = await open(path);
    await saveWeights(made(2), path);
    const read = await old.readFile('utf8').finally(() => old.close());
    expect([JSON.parse(read), JSON.parse(await readFile(path, 'utf8'))]).toEqual([made(1), made(2)].map(exportWeights));
  });

  test('write into the file that a link leads to', async () => {
    const [path, link] = [join(folder, 'model.json'), join(folder, 'latest.json')];
    await writeFile(path, 'old');
    await symlink(path, link);
    await saveWeights(made(1), link);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(path, 'utf8')).sizes).toEqual([2, 3, 1]);
  });
});

describe('saveWeights', () => {
  test('makes the file that a link leads to, through another link, where there is none yet', async () => {
    const [real, alias] = [join(folder, 'real'), join(folder, 'alias')];
    await mkdir(join(real, 'deep'), { recursive: true });
    await symlink(join(real, 'deep'), alias);
    // `..` of alias/ is real/, not the folder in which the link alias stands
    await symlink('../model.json', join(real, 'deep', 'next.json'));
    await symlink('alias/next.json', join(folder, 'latest.json'));
    await saveWeights(made(1), join(folder, 'latest.json'));
    expect((await lstat(join(folder, 'latest.json'))).isSymbolicLink()).toBe(true);
    expect((await lstat(join(real, 'deep', 'next.json'))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(join(real, 'model.json'), 'utf8')).sizes).toEqual([2, 3, 1]);
  });

  test('refuses links that lead back to themselves', async () => {
    const [one, two] = [join(folder, 'one.json'), join(folder, 'two.json')];
    await symlink(two, one);
    await symlink(one, two);
    await expect(saveWeights(made(1), one)).rejects.toThrow(
      mistake(`saveWeights: cannot write ${one} (ELOOP). Expected a path in a folder that exists.`),
    );
    expect((await readdir(folder)).sort()).toEqual(['one.json', 'two.json']);
  });

  // Windows knows no such permissions.
  test.skipIf(process.platform === 'win32').each([0o600, 0o666])(
    'keeps the permissions %o of the file',
    async (mode) => {
      const path = join(folder, 'model.json');
      await writeFile(path, 'old');
      await chmod(path, mode);
      await saveWeights(made(1), path);
      expect((await stat(path)).mode & 0o777).toBe(mode);
    },
  );
});

describe('what goes wrong', () => {
  test('leaves the file as it was: weights that are not finite', async () => {
    const [model, path] = [made(1), join(folder, 'model.json')];
    await writeFile(path, 'old');
    model.setWeights([...model.getWeights().slice(0, 3), [Number.POSITIVE_INFINITY]]);
    await expect(saveWeights(model, path)).rejects.toThrow(
      mistake(
        'exportWeights: a weight of the layer dense_1 is Infinity, which JSON cannot hold. ' +
          'Expected finite numbers: export a model that was trained to some.',
      ),
    );
    expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['old', ['model.json']]);
  });

  test('leaves nothing behind: a path that cannot be written', async () => {
    const taken = join(folder, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'inside'), '');
    const cannot = (path: string, code: string) =>
      mistake(`saveWeights: cannot write ${path} (${code}). Expected a path in a folder that exists.`);
    await expect(saveWeights(made(1), taken)).rejects.toThrow(cannot(taken, 'EISDIR'));
    const missing = join(folder, 'nowhere', 'model.json');
    await expect(saveWeights(made(1), missing)).rejects.toThrow(cannot(missing, 'ENOENT'));
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('is told with the file: what cannot be read, and what is in it', async () => {
    const [model, path] = [made(1), join(folder, 'model.json')];
    const before = model.getWeights().map((value) => value.toArray());
    await expect(loadWeights(model, path)).rejects.toThrow(
      mistake(`loadWeights: cannot read ${path} (ENOENT). Expected a file that saveWeights wrote.`),
    );
    await saveWeights(made(1, 4), path);
    await expect(loadWeights(model, path)).rejects.toThrow(
      mistake(`loadWeights: ${path}: sizes are [2, 4, 1], those of the model sequential [2, 3, 1]. Expected the same.`),
    );
    await saveWeights(made(2), path);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -10));
    await expect(loadWeights(model, path)).rejects.toThrow(
      /^loadWeights: \S+model\.json: the text of \d+ characters is no JSON: /,
    );
    expect(model.getWeights().map((value) => value.toArray())).toEqual(before);
    await expect(loadWeights(model, '')).rejects.toThrow(
      mistake('loadWeights: path is "". Expected the path of a file, e.g. \'model.json\'.'),
    );
    await expect(saveWeights(model, 3 as unknown as string)).rejects.toThrow(
      mistake("saveWeights: path is 3. Expected the path of a file, e.g. 'model.json'."),
    );
  });
});
