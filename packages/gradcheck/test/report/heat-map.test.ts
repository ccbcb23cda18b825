// Arrays as pictures, and the file format of the pictures.

import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { heatMap, scaleOf } from '../../src/report/heat-map.ts';
import { pngUri } from '../../src/report/indexed-png.ts';

/** The chunks of a PNG by their types; checks their sums. */
function chunksOf(uri: string): Map<string, Buffer> {
  const bytes = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.subarray(0, 4).toString(), body.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

test.each([
  [1, 1],
  [3, 2],
  [300, 301], // more than one stored block
])('writes a PNG of %i × %i that zlib reads', (height, width) => {
  const pixels = Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => (i * 7 + j) % 3));
  const chunks = chunksOf(
    pngUri(pixels, [
      [255, 0, 0, 255],
      [0, 255, 0, 128],
      [0, 0, 255, 0],
    ]),
  );
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR')!;
  expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([width, height]);
  expect([...header.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
  expect([...chunks.get('PLTE')!]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255]);
  expect([...chunks.get('tRNS')!]).toEqual([255, 128, 0]);
  expect([...inflateSync(chunks.get('IDAT')!)]).toEqual(pixels.flatMap((row) => [0, ...row]));
});

function pixelsOf(figure: string): number[] {
  const uri = figure.match(/href="([^"]*)"/)![1]!;
  return [...inflateSync(chunksOf(uri).get('IDAT')!)];
}

test('places numbers on a scale that is symmetric about 0', () => {
  const figure = heatMap('x', { rows: [[-2, 0, 1, null]], complete: true }, 2, 'h');
  expect(pixelsOf(figure)).toEqual([0, 0, 100, 150, 100]);
  expect(figure).toContain('<span>-2</span><span>0</span><span>2</span>');
});

test('writes the numbers into a small map, and hatches what is not finite', () => {
  const figure = heatMap('x', { rows: [[0.123456, null, null]], complete: true }, 1, 'h');
  expect(figure).toContain('>0.1235</text>');
  expect(figure).toContain('>—</text>');
  expect(figure).toContain('<path fill="url(#h)" d="M1 0h2v1h-2z"');
  expect(figure).toContain('hatched: not finite');
});

test('says what is shown of a large array, and that all is 0 or nothing', () => {
  const rows = Array.from({ length: 64 }, () => Array.from({ length: 64 }, () => 0));
  const figure = heatMap('difference', { rows, complete: false }, 0, 'h');
  expect(figure).toContain('<figcaption>difference, the first 64 × 64</figcaption>');
  expect(figure).toContain('all 0');
  expect(figure).not.toContain('<text');
  expect(figure).not.toContain('pattern');
  expect(heatMap('x', { rows: [], complete: true }, 0, 'h')).toContain('x: no elements');
  expect(heatMap('x', { rows: [[], []], complete: true }, 0, 'h')).toContain('x: no elements');
});

test('takes the largest absolute value as scale', () => {
  expect(scaleOf({ rows: [[1, -3, null]], complete: true }, null, { rows: [[2]], complete: true })).toBe(3);
  expect(scaleOf(null)).toBe(0);
});
