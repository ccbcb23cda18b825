// A small picture as a data URI: a PNG with a palette, stored without compression, as 4096 rectangles of SVG take twenty times as much.
// W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5 and 11; RFC 1950 and 1951 for the stored stream.

/** A colour: red, green, blue and opacity, 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** The picture of `pixels[row][column]`, each a position in the palette of at most 256 colours, as `data:image/png;base64,…`. */
export function pngUri(pixels: readonly (readonly number[])[], palette: readonly Rgba[]): string {
  const [height, width] = [pixels.length, pixels[0]?.length ?? 0];
  const bytes = [
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', [...word(width), ...word(height), 8, 3, 0, 0, 0]),
    ...chunk(
      'PLTE',
      palette.flatMap((color) => color.slice(0, 3)),
    ),
    ...chunk(
      'tRNS',
      palette.map(([, , , alpha]) => alpha),
    ),
    ...chunk('IDAT', stored(pixels.flatMap((row) => [0, ...row]))),
    ...chunk('IEND', []),
  ];
  return `data:image/png;base64,${btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''))}`;
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...[...type].map((letter) => letter.charCodeAt(0)), ...data];
  return [...word(data.length), ...body, ...word(crc32(body))];
}

/** A zlib stream of stored blocks, each of at most 65535 bytes. */
function stored(data: readonly number[]): number[] {
  const blocks: number[] = [0x78, 0x01];
  let at = 0;
  do {
    const length = Math.min(65535, data.length - at);
    const isLast = at + length === data.length;
    blocks.push(isLast ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255);
    for (let i = at; i < at + length; i++) blocks.push(data[i]!);
    at += length;
  } while (at < data.length);
  return [...blocks, ...word(adler32(data))];
}

function crc32(data: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function adler32(data: readonly number[]): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
