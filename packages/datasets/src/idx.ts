// IDX, the format of MNIST's files: a magic number, the lengths of the axes, the elements; numbers with the highest byte first.
// Which files there are: mnist-files.ts.

import { type DType, showShape, TapegradError, type Tensor, tensor } from '@tapegrad/core';
import { show } from './checks.ts';

/** What the elements of an IDX file are stored as. */
export type IdxType = 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64';

/** The elements of an IDX file, by their type. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array as an IDX file holds it. Made by {@link parseIdx}. */
export class IdxArray {
  readonly type: IdxType;
  readonly shape: readonly number[];
  /** The elements in row-major order; bytes are the file's own, not a copy. */
  readonly data: IdxData;

  /** @internal */
  constructor(type: IdxType, shape: readonly number[], data: IdxData) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * The elements as a tensor, which copies them.
   *
   * ```ts
   * const { shape, dtype } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)).toTensor('float32');
   * String(shape); // → 2
   * dtype; // → float32
   * ```
   *
   * @param dtype - default: float32 and float64 as they are, int32 for the others.
   * @throws TapegradError where there is no such dtype, and for fractions as int32.
   */
  toTensor(dtype?: DType): Tensor {
    return tensor(this.data, { shape: this.shape, ...(dtype && { dtype }) });
  }
}

interface ElementType {
  readonly type: IdxType;
  readonly bytes: number;
  /** The elements from byte `start` of the view on, `size` of them. */
  read(view: DataView, start: number, size: number): IdxData;
}

const types: ReadonlyMap<number, ElementType> = new Map([
  [0x08, elementType('uint8', 1, (view, start, size) => new Uint8Array(view.buffer, view.byteOffset + start, size))],
  [0x09, elementType('int8', 1, (view, start, size) => new Int8Array(view.buffer, view.byteOffset + start, size))],
  [
    0x0b,
    elementType(
      'int16',
      2,
      each(Int16Array, (view, at) => view.getInt16(at)),
    ),
  ],
  [
    0x0c,
    elementType(
      'int32',
      4,
      each(Int32Array, (view, at) => view.getInt32(at)),
    ),
  ],
  [
    0x0d,
    elementType(
      'float32',
      4,
      each(Float32Array, (view, at) => view.getFloat32(at)),
    ),
  ],
  [
    0x0e,
    elementType(
      'float64',
      8,
      each(Float64Array, (view, at) => view.getFloat64(at)),
    ),
  ],
]);

function elementType(type: IdxType, bytes: number, read: ElementType['read']): ElementType {
  return { type, bytes, read };
}

type Multibyte = Int16Array | Int32Array | Float32Array | Float64Array;

function each<T extends Multibyte>(
  Store: { new (size: number): T; readonly BYTES_PER_ELEMENT: number },
  get: (view: DataView, at: number) => number,
): ElementType['read'] {
  return (view, start, size) => {
    const data = new Store(size);
    for (let i = 0; i < size; i++) data[i] = get(view, start + i * Store.BYTES_PER_ELEMENT);
    return data;
  };
}

/**
 * The array in the bytes of an IDX file, of any of the format's element types and any number of axes.
 *
 * Source: Y. LeCun, C. Cortes and C. Burges, The MNIST Database of Handwritten Digits, "The IDX file format".
 *
 * ```ts
 * const { type, shape, data } = parseIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 5, 6, 255));
 * type; // → uint8
 * shape; // → 1,3
 * data; // → 5,6,255
 * ```
 *
 * @throws TapegradError for bytes that are no IDX file, one that is cut off, and one that goes on after its elements.
 */
export function parseIdx(bytes: Uint8Array | ArrayBuffer): IdxArray {
  if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer)) {
    throw new TapegradError(
      'parseIdx',
      `the bytes are ${show(bytes)}. Expected a Uint8Array or an ArrayBuffer, e.g. what readFile gives.`,
    );
  }
  const whole = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const file: NamedBytes = { op: 'parseIdx', name: 'the file', bytes: whole };
  return readElements(file, readHeader(file));
}

/** The bytes of a file, and how messages call it. */
export interface NamedBytes {
  /** The function that reads it: errors begin with it. */
  readonly op: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an IDX file says of itself. */
export interface IdxHeader {
  /** The first four bytes as a number: 256 · element type + axes. MNIST's files are known by it. */
  readonly magic: number;
  readonly type: IdxType;
  readonly shape: readonly number[];
}

/** @throws TapegradError where the bytes do not begin as an IDX file does. */
export function readHeader({ op, name, bytes }: NamedBytes): IdxHeader {
  const refuse = (message: string): never => {
    throw new TapegradError(op, `${name} ${message}`);
  };
  const [first, second, code = 0, rank = 0] = bytes;
  const element = types.get(code);
  if (bytes.length < 4 || first !== 0 || second !== 0 || element === undefined) {
    const expected =
      'Expected an IDX file, which begins with 00 00, then 08, 09, 0b, 0c, 0d or 0e, then the number of axes';
    return refuse(`begins with ${showStart(bytes)}. ${expected}; ${hint(bytes)}.`);
  }
  const length = 4 + 4 * rank;
  if (bytes.length < length) {
    refuse(
      `has ${bytes.length} bytes. Expected a header of ${length} for ${rank} axes; it was cut off, load it again.`,
    );
  }
  const view = viewOf(bytes);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { magic: view.getUint32(0), type: element.type, shape };
}

/** @throws TapegradError where there are not as many bytes as the header says. */
export function readElements({ op, name, bytes }: NamedBytes, { magic, type, shape }: IdxHeader): IdxArray {
  const element = types.get(magic >> 8)!;
  const start = 4 + 4 * shape.length;
  const size = shape.reduce((product, length) => product * length, 1);
  const expected = start + size * element.bytes;
  if (bytes.length !== expected) {
    const trouble = bytes.length < expected ? 'it was cut off' : 'something follows its elements';
    throw new TapegradError(
      op,
      `${name} has ${bytes.length} bytes. Expected ${expected}, a header of ${start} and ${type}${showShape(shape)}; ` +
        `${trouble}, load it again.`,
    );
  }
  return new IdxArray(type, shape, element.read(viewOf(bytes), start, size));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether the bytes are compressed by gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Whether the bytes are a page, as servers send it for a file that they do not have. */
export function isMarkup(bytes: Uint8Array): boolean {
  return /^[\uFEFF\s]*<[!?a-z]/i.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

function showStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing: it is empty';
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function hint(bytes: Uint8Array): string {
  if (isGzip(bytes)) return "it is compressed by gzip, decompress it first, e.g. by DecompressionStream('gzip')";
  if (isMarkup(bytes)) return 'it is an HTML page, perhaps what a server sends for a file that it does not have';
  return 'load it again, or another file';
}
