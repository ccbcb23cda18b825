// Values as pixels, and pixels as the address of a PNG that an SVG holds within itself.

import { interpolateRdBu } from 'd3-scale-chromatic';
import { encode } from 'fast-png';

/** How values become colours. */
export type ColorMap = 'gray' | 'diverging';

/** What the pixels of a colour map hold: one byte of gray, or three of red, green and blue. */
const channels: Readonly<Record<ColorMap, 1 | 3>> = { gray: 1, diverging: 3 };

/**
 * ColorBrewer's RdBu, blue for what lies above the middle: its ends differ in lightness from the middle and in hue from each other
 * also for people who are colour-blind (Harrower and Brewer, The Cartographic Journal 40(1), 2003).
 */
const diverging: readonly (readonly number[])[] = Array.from({ length: 255 }, (_, i) => {
  const color = interpolateRdBu(i / 254);
  return (color.match(/\d+/g) ?? []).map(Number);
});

/** Values, row by row, as a PNG in a `data:` address; `range` is what the first and last colour stand for. */
export function pngAddress(
  values: ArrayLike<number>,
  [height, width]: readonly [number, number],
  colors: ColorMap,
  [low, high]: readonly [number, number],
): string {
  // An odd number of colours, so that the middle of the range is one of them.
  const last = colors === 'gray' ? 255 : diverging.length - 1;
  const data = new Uint8Array(height * width * channels[colors]);
  for (let i = 0; i < height * width; i++) {
    const level = Math.round(last * Math.max(0, Math.min(1, (values[i]! - low) / (high - low))));
    if (colors === 'gray') data[i] = level;
    else data.set(diverging[level]!, 3 * i);
  }
  const png = encode({ width, height, data, channels: channels[colors], depth: 8 });
  let bytes = '';
  for (const byte of png) bytes += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(bytes)}`;
}
