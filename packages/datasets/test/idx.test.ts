// The format, against files made by hand.

import { describe, expect, it } from 'vitest';
import { type IdxType, parseIdx } from '../src/index.ts';
import { idxFile } from './support/idx-file.ts';

function refusal(message: string): object {
  return expect.objectContaining({ name: 'TapegradError', op: 'parseIdx', message: `parseIdx: ${message}` });
}

const anIdxFile =
  'Expected an IDX file, which begins with 00 00, then 08, 09, 0b, 0c, 0d or 0e, then the number of axes; ';

describe('parseIdx', () => {
  it.each<[IdxType, number, readonly number[], readonly number[]]>([
    ['uint8', 0x08, [0, 1, 255], [0, 1, 255]],
    ['int8', 0x09, [0, 127, 128, 255], [0, 127, -128, -1]],
    ['int16', 0x0b, [0x01, 0x02, 0xff, 0xfe], [258, -2]],
    ['int32', 0x0c, [0, 1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0], [65538, -1, -(2 ** 31)]],
    ['float32', 0x0d, [0x3f, 0xc0, 0, 0, 0xff, 0x80, 0, 0], [1.5, Number.NEGATIVE_INFINITY]],
    ['float64', 0x0e, [0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], [0.1]],
  ])('reads elements of %s, the highest byte first', (type, code, bytes, values) => {
    const array = parseIdx(idxFile(code, [values.length], bytes));
    expect([array.type, array.shape]).toEqual([type, [values.length]]);
    expect(array.data.constructor.name.toLowerCase()).toBe(`${type}array`);
    expect([...array.data]).toEqual(values);
  });

  it('reads any number of axes', () => {
    expect(parseIdx(idxFile(8, [], [7]))).toMatchObject({ shape: [], data: Uint8Array.of(7) });
    expect(parseIdx(idxFile(8, [2, 1, 3, 1], [1, 2, 3, 4, 5, 6]))).toMatchObject({ shape: [2, 1, 3, 1] });
    expect(parseIdx(idxFile(8, [0, 28, 28], []))).toMatchObject({ shape: [0, 28, 28], data: new Uint8Array() });
  });

  it('reads an ArrayBuffer, and a part of a larger one', () => {
    const file = idxFile(0x0b, [1], [1, 2]);
    const around = new Uint8Array(file.length + 3);
    around.set(file, 1);
    expect(parseIdx(file.buffer as ArrayBuffer).data).toEqual(Int16Array.of(258));
    expect(parseIdx(around.subarray(1, 1 + file.length)).data).toEqual(Int16Array.of(258));
  });

  it('does not copy bytes', () => {
    const file = idxFile(8, [1], [3]);
    expect(parseIdx(file).data.buffer).toBe(file.buffer);
  });

  it.each([
    [0x08, [1, 255], 'int32[2] [1, 255]'],
    [0x09, [1, 255], 'int32[2] [1, -1]'],
    [0x0b, [0, 1, 255, 255], 'int32[2] [1, -1]'],
    [0x0d, [0x3f, 0xc0, 0, 0, 0, 0, 0, 0], 'float32[2] [1.5, 0]'],
    [0x0e, [0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a, 0, 0, 0, 0, 0, 0, 0, 0], 'float64[2] [0.1, 0]'],
  ])('makes a tensor of elements of type %i', (code, bytes, text) => {
    expect(String(parseIdx(idxFile(code, [2], bytes)).toTensor())).toBe(text);
  });

  it('makes a tensor of the dtype that is wanted, and a copy', () => {
    const file = idxFile(8, [1, 2], [1, 2]);
    const x = parseIdx(file).toTensor('float32');
    file.fill(9);
    expect(String(x)).toBe('float32[1, 2] [[1, 2]]');
  });

  it.each<[string, Uint8Array, string]>([
    [
      'nothing',
      new Uint8Array(),
      `the file begins with nothing: it is empty. ${anIdxFile}load it again, or another file.`,
    ],
    [
      'three bytes',
      Uint8Array.of(0, 0, 8),
      `the file begins with 00 00 08. ${anIdxFile}load it again, or another file.`,
    ],
    [
      'an image in PNG',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d),
      `the file begins with 89 50 4e 47. ${anIdxFile}load it again, or another file.`,
    ],
    [
      'a page',
      new TextEncoder().encode('\n<!doctype html><title>Not found</title>'),
      `the file begins with 0a 3c 21 64. ${anIdxFile}it is an HTML page, perhaps what a server sends for a file that it does not have.`,
    ],
    [
      'a file that is compressed',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
      `the file begins with 1f 8b 08 00. ${anIdxFile}it is compressed by gzip, decompress it first, e.g. by DecompressionStream('gzip').`,
    ],
    [
      'an element type that there is not',
      idxFile(0x0a, [1], [1]),
      `the file begins with 00 00 0a 01. ${anIdxFile}load it again, or another file.`,
    ],
    [
      'half a header',
      idxFile(8, [1, 28, 28], []).subarray(0, 10),
      'the file has 10 bytes. Expected a header of 16 for 3 axes; it was cut off, load it again.',
    ],
    [
      'missing elements',
      idxFile(0x0b, [2, 3], [1, 2, 3]),
      'the file has 15 bytes. Expected 24, a header of 12 and int16[2, 3]; it was cut off, load it again.',
    ],
    [
      'bytes after the elements',
      idxFile(8, [2], [1, 2, 3]),
      'the file has 11 bytes. Expected 10, a header of 8 and uint8[2]; something follows its elements, load it again.',
    ],
    [
      'lengths that no file has',
      idxFile(8, [2 ** 32 - 1, 2 ** 32 - 1], []),
      'the file has 12 bytes. Expected 18446744065119617000, a header of 12 and uint8[4294967295, 4294967295]; ' +
        'it was cut off, load it again.',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes)).toThrow(refusal(message));
  });

  it('refuses what are no bytes', () => {
    expect(() => parseIdx('00' as unknown as Uint8Array)).toThrow(
      refusal('the bytes are "00". Expected a Uint8Array or an ArrayBuffer, e.g. what readFile gives.'),
    );
  });
});
