import { describe, expect, it } from 'vitest';
import { Bytes } from '../../src/assembler/encoding.ts';

const bytesOf = (write: (to: Bytes) => Bytes): number[] => [...write(new Bytes()).toUint8Array()];

describe('Bytes', () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('writes the unsigned %i', (value, expected) => {
    expect(bytesOf((to) => to.unsigned(value))).toEqual(expected);
  });

  it.each([
    [0n, [0]],
    [63n, [0x3f]],
    [64n, [0xc0, 0x00]],
    [-1n, [0x7f]],
    [-64n, [0x40]],
    [-65n, [0xbf, 0x7f]],
    [-123456n, [0xc0, 0xbb, 0x78]],
    [-(2n ** 63n), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
  ])('writes the signed %i', (value, expected) => {
    expect(bytesOf((to) => to.signed(value))).toEqual(expected);
  });

  it.each([0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)])(
    'writes %i as an integer of 32 bits as it does signed',
    (value) => {
      expect(bytesOf((to) => to.integer(value))).toEqual(bytesOf((to) => to.signed(BigInt(value))));
    },
  );

  it('writes names in UTF-8, after their length in bytes', () => {
    expect(bytesOf((to) => to.name('a×'))).toEqual([3, 0x61, 0xc3, 0x97]);
  });

  it('writes no section for an empty list', () => {
    expect(bytesOf((to) => to.section(1, [], () => {}))).toEqual([]);
    expect(bytesOf((to) => to.section(1, [9], (item, inner) => inner.byte(item)))).toEqual([1, 2, 1, 9]);
  });
});
