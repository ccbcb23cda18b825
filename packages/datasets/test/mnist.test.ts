// What is in MNIST's files, with tiny ones. The real ones: mnist-package.test.ts.

import { describe, expect, it } from 'vitest';
import { type MnistOptions, mnist } from '../src/index.ts';
import { idxFile, imageFile, labelFile, tinyMnist } from './support/idx-file.ts';

function from(files: ReadonlyMap<string, Uint8Array>): (name: string) => Uint8Array {
  return (name) => files.get(name)!;
}

function tinyWith(name: string, bytes: Uint8Array): (name: string) => Uint8Array {
  return from(tinyMnist().set(name, bytes));
}

function refusal(message: string): object {
  return expect.objectContaining({ name: 'TapegradError', op: 'mnist', message: `mnist: ${message}` });
}

describe('mnist', () => {
  it('gives both parts: pixels as they are, and classes', async () => {
    const { train, test } = await mnist({ from: from(tinyMnist()) });
    expect([train.x.shape, train.x.dtype]).toEqual([[3, 28, 28], 'float32']);
    expect([test.x.shape, test.x.dtype]).toEqual([[2, 28, 28], 'float32']);
    expect(train.x.slice(0, 2, { axis: 2 }).slice(0, 1, { axis: 1 }).toArray()).toEqual([
      [[255, 0]],
      [[255, 10]],
      [[255, 20]],
    ]);
    expect(String(train.y)).toBe('int32[3] [4, 0, 9]');
    expect(String(test.y)).toBe('int32[2] [7, 1]');
    expect(train.targetNames.join('')).toBe('0123456789');
    expect(train.description).toMatch(/^MNIST, the images to train on/);
    expect(test.description).toMatch(/^MNIST, the images to test with/);
  });

  it('reads no more than the part that is wanted', async () => {
    const asked: string[] = [];
    const { x, y } = await mnist({
      part: 'test',
      from: (name) => {
        asked.push(name);
        return tinyMnist().get(name)!;
      },
    });
    expect(asked).toEqual(['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']);
    expect([x.shape, y.toArray()]).toEqual([
      [2, 28, 28],
      [7, 1],
    ]);
  });

  it('takes the first images of each part, up to the limit', async () => {
    const { train, test } = await mnist({ from: from(tinyMnist()), limit: 2 });
    expect([train.x.shape, train.y.toArray()]).toEqual([
      [2, 28, 28],
      [4, 0],
    ]);
    expect(train.x.max([1, 2]).toArray()).toEqual([255, 255]);
    expect(test.x.shape).toEqual([2, 28, 28]);
    expect((await mnist({ from: from(tinyMnist()), part: 'test', limit: 1000 })).y.toArray()).toEqual([7, 1]);
  });

  it('holds tensors of its own: the bytes may change afterwards', async () => {
    const files = tinyMnist();
    const { x, y } = await mnist({ from: from(files), part: 'test' });
    for (const bytes of files.values()) bytes.fill(1);
    expect([x.max().item(), y.toArray()]).toEqual([255, [7, 1]]);
  });

  it.each<[string, string, Uint8Array, string]>([
    [
      'labels in place of images',
      't10k-images-idx3-ubyte',
      labelFile([1, 2]),
      't10k-images-idx3-ubyte has the magic number 2049 (labels). Expected 2051 (images); take the file that is called so.',
    ],
    [
      'images in place of labels',
      't10k-labels-idx1-ubyte',
      imageFile(2),
      't10k-labels-idx1-ubyte has the magic number 2051 (images). Expected 2049 (labels); take the file that is called so.',
    ],
    [
      'IDX files of another kind',
      't10k-labels-idx1-ubyte',
      idxFile(0x0c, [1, 1], [0, 0, 0, 1]),
      't10k-labels-idx1-ubyte has the magic number 3074 (int32 in 2 axes). Expected 2049 (labels); take the file that is called so.',
    ],
    [
      'images of another size',
      't10k-images-idx3-ubyte',
      imageFile(2, 8),
      't10k-images-idx3-ubyte holds images of 8 × 8 pixels. Expected 28 × 28; read others by parseIdx.',
    ],
    [
      'images that were cut off',
      't10k-images-idx3-ubyte',
      imageFile(2).subarray(0, 1000),
      't10k-images-idx3-ubyte has 1000 bytes. Expected 1584, a header of 16 and uint8[2, 28, 28]; it was cut off, load it again.',
    ],
    [
      'labels with something after them',
      't10k-labels-idx1-ubyte',
      idxFile(8, [2], [7, 1, 0]),
      't10k-labels-idx1-ubyte has 11 bytes. Expected 10, a header of 8 and uint8[2]; something follows its elements, load it again.',
    ],
    [
      'a label above 9',
      't10k-labels-idx1-ubyte',
      labelFile([7, 10]),
      'label 1 in t10k-labels-idx1-ubyte is 10. Expected 0 to 9; the file is damaged, or of another data set.',
    ],
    [
      'fewer labels than images',
      't10k-labels-idx1-ubyte',
      labelFile([7]),
      't10k-images-idx3-ubyte holds 2 images, t10k-labels-idx1-ubyte 1 labels. Expected as many of both; take both files from one place.',
    ],
    [
      'a page in place of a file',
      't10k-labels-idx1-ubyte',
      new TextEncoder().encode('<html>404</html>'),
      't10k-labels-idx1-ubyte begins with 3c 68 74 6d. Expected an IDX file, which begins with 00 00, then 08, 09, 0b, 0c, 0d or 0e, ' +
        'then the number of axes; it is an HTML page, perhaps what a server sends for a file that it does not have.',
    ],
  ])('refuses %s', async (_, name, bytes, message) => {
    await expect(mnist({ from: tinyWith(name, bytes), part: 'test' })).rejects.toThrow(refusal(message));
    await expect(mnist({ from: tinyWith(name, bytes) })).rejects.toThrow(refusal(message));
  });

  it('finds a wrong label also behind the limit', async () => {
    const source = tinyWith('t10k-labels-idx1-ubyte', labelFile([7, 10]));
    await expect(mnist({ from: source, part: 'test', limit: 1 })).rejects.toThrow('label 1 in');
  });

  it.each<[object, string]>([
    [{ limit: 0 }, 'limit is 0. Expected a whole number from 1 on.'],
    [{ limit: 1.5 }, 'limit is 1.5. Expected a whole number from 1 on.'],
    [{ limit: '100' }, 'limit is "100". Expected a whole number from 1 on.'],
    [{ part: 'validation' }, 'part is "validation". Expected "train" or "test"; leave it out for both.'],
    [{ path: 'mnist' }, 'no option path. Did you mean part? Known: from, limit, part.'],
    [{ from: 5 }, 'from is 5. Expected a folder, a URL, or a function (name) => bytes.'],
    [{ from: 'http://' }, 'from is "http://", which is no URL. Expected a folder or its URL.'],
  ])('refuses the options %j', async (options, message) => {
    await expect(mnist(options as MnistOptions)).rejects.toThrow(refusal(message));
  });
});
