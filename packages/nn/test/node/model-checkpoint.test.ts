// Weights of epochs in files.

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dense, exportWeights, Sequential, SGD } from '../../src/index.ts';
import { ModelCheckpoint } from '../../src/node.ts';
import { mistake } from '../support/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapegrad-nn-'));
});
afterEach(() => rm(folder, { recursive: true }));

function made(): { model: Sequential; optimizer: SGD } {
  const model = new Sequential([new Dense(1, { inputShape: [1] })], { seed: 1 });
  const optimizer = new SGD({ learningRate: 0.1 });
  model.compile({ optimizer, loss: 'mse' });
  return { model, optimizer };
}

describe('ModelCheckpoint', () => {
  test('writes each epoch under its number, and what a log came to', async () => {
    const { model } = made();
    const callbacks = [new ModelCheckpoint(join(folder, '{epoch}-{loss}.json'))];
    const { history } = await model.fit([1, 2], [3, 5], { epochs: 3, initialEpoch: 1, callbacks, verbose: 0 });
    const names = [2, 3].map((epoch, i) => `${epoch}-${history.loss![i]!.toFixed(4)}.json`);
    expect((await readdir(folder)).sort()).toEqual(names);
    expect(JSON.parse(await readFile(join(folder, names[1]!), 'utf8'))).toEqual(exportWeights(model));
  });

  test('writes the best one alone', async () => {
    const { model, optimizer } = made();
    const path = join(folder, 'best.json');
    let best: unknown;
    const worsen = {
      onEpochEnd: (epoch: number) => {
        if (epoch === 2) [best, optimizer.learningRate] = [exportWeights(model), 3];
      },
    };
    const callbacks = [new ModelCheckpoint(path, { monitor: 'val_loss', saveBestOnly: true }), worsen];
    await model.fit([1, -1], [2, -2], { epochs: 6, callbacks, verbose: 0, validationData: [[2], [4]] });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(best);
  });

  test('writes the best one at last where it could not be written before', async () => {
    const { model, optimizer } = made();
    optimizer.learningRate = 0; // the first loss is the best, and stays
    const path = join(folder, 'later', 'best.json');
    const callbacks = [new ModelCheckpoint(path, { monitor: 'loss', saveBestOnly: true })];
    await expect(model.fit([1], [1], { callbacks, verbose: 0 })).rejects.toThrow('ENOENT');
    await mkdir(join(folder, 'later'));
    await model.fit([1], [1], { callbacks, verbose: 0 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(exportWeights(model));
  });

  test('knows the best one of an earlier training', async () => {
    const { model, optimizer } = made();
    const path = join(folder, 'best.json');
    const callbacks = [new ModelCheckpoint(path, { monitor: 'loss', saveBestOnly: true })];
    await model.fit([1, -1], [2, -2], { epochs: 5, callbacks, verbose: 0 });
    const best = await readFile(path, 'utf8');
    optimizer.learningRate = 5;
    await model.fit([1, -1], [20, -20], { epochs: 2, callbacks, verbose: 0 });
    expect(await readFile(path, 'utf8')).toBe(best);
  });

  test('says what it does not know', async () => {
    expect(() => new ModelCheckpoint('')).toThrow(
      mistake('ModelCheckpoint: path is "". Expected the path of a file, e.g. \'model.json\'.'),
    );
    expect(() => new ModelCheckpoint('a', { saveBestOnly: 1 as never })).toThrow(
      mistake('ModelCheckpoint: saveBestOnly is 1. Expected true or false.'),
    );
    const { model } = made();
    const callbacks = [new ModelCheckpoint(join(folder, '{val_loss}.json'))];
    await expect(model.fit([1], [1], { callbacks, verbose: 0 })).rejects.toThrow(
      mistake('fit: ModelCheckpoint: the path has {val_loss}, which is none of epoch, loss.'),
    );
  });
});
