import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportWeights, parseWeights } from '@tapegrad/nn';
import { saveWeights } from '@tapegrad/nn/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDigits } from '../src/data.ts';
import { compileNetwork, createNetwork, defaults } from '../src/network.ts';
import { asInPage, loadNetwork, pageModel, rounded } from '../src/weights.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('loadNetwork', () => {
  it('brings back what was saved, to the last bit', async () => {
    const model = createNetwork(5);
    const path = join(folder, 'model.json');
    await saveWeights(model, path);
    expect(exportWeights(await loadNetwork(path))).toEqual(exportWeights(model));
  });

  it.each([
    [
      'sizes that differ',
      { sizes: [2, 1], weights: [[[1, 2]]], biases: [[0]] },
      'sizes are [2, 1], those of the model sequential [784, 80, 80, 10]. Expected the same.',
    ],
    ['a matrix that is missing', { sizes: [784, 80, 80, 10], weights: [], biases: [] }, 'weights is a list of 0.'],
  ])('refuses %s', async (_name, content, message) => {
    const path = join(folder, 'bad.json');
    await writeFile(path, JSON.stringify(content));
    await expect(loadNetwork(path)).rejects.toThrow(message);
  });
});

describe('the page’s weights', () => {
  it('have two decimals', () => {
    const weights = { sizes: [2, 1], weights: [[[0.125, -0.004]]], biases: [[-1.9999]] };
    expect(rounded(weights, 2)).toEqual({ sizes: [2, 1], weights: [[[0.13, 0]]], biases: [[-2]] });
  });

  it('are those of the network that is measured', () => {
    const model = createNetwork(5);
    const inPage = parseWeights(pageModel(model));
    expect(rounded(exportWeights(asInPage(model)), 2)).toEqual(inPage);
  });

  it('as they are committed, recognise what the README says', { timeout: 60_000 }, async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const model = await loadNetwork(new URL('../page/public/model.json', import.meta.url).pathname);
    compileNetwork(model, { ...defaults, decay: 0 });
    const { validation, test } = await loadDigits();
    for (const [name, { x, y }] of [
      ['validation', validation],
      ['test', test],
    ] as const) {
      const { accuracy } = await model.evaluate(x, y, { batchSize: 100 });
      expect(accuracy).toBeGreaterThanOrEqual(0.97);
      // One digit may fall to the other side where products round otherwise.
      const said = Number(new RegExp(`page's file .*?([\\d.]+) % ${name}`).exec(readme)?.[1]);
      expect(Math.abs(100 * accuracy! - said)).toBeLessThan(0.03);
    }
  });
});
