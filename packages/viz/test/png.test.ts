import { tensor } from '@tapegrad/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { confusionMatrixPlot, curves, imageGrid } from '../src/index.ts';
import { toPng } from '../src/png.ts';

const svg = curves([{ name: 'loss', y: [3, 2, 1] }], {
  x: { label: 'epoch' },
  y: { label: 'loss' },
  width: 300,
  height: 200,
});

/** Red, green, blue and opacity of the pixel at x and y. */
const pixel = (png: Uint8Array, x: number, y: number) => {
  const { width, channels, data } = decode(png);
  return Array.from(data.slice((y * width + x) * channels, (y * width + x + 1) * channels));
};

describe('toPng', () => {
  it('has the size of the picture, times the scale', () => {
    const sizes = [toPng(svg), toPng(svg, { scale: 1 }), toPng(svg, { scale: 0.5 })].map((png) => {
      const { width, height } = decode(png);
      return [width, height];
    });
    expect(sizes).toEqual([
      [600, 400],
      [300, 200],
      [150, 100],
    ]);
  });

  it('is light, or dark', () => {
    expect(pixel(toPng(svg), 2, 2)).toEqual([255, 255, 255, 255]);
    expect(pixel(toPng(svg, { theme: 'dark' }), 2, 2)).toEqual([20, 23, 28, 255]);
  });

  it('is transparent where the picture has no background, unless it is given one', () => {
    const bare = curves([{ name: 'a', y: [1, 2] }], { x: { label: 'x' }, y: { label: 'y' }, background: false });
    expect(pixel(toPng(bare), 2, 2)[3]).toBe(0);
    expect(pixel(toPng(bare, { background: '#ff0000' }), 2, 2)).toEqual([255, 0, 0, 255]);
  });

  it('draws text with a font of its own', () => {
    // The middle of the single cell: without a font, all of it has the colour of the cell.
    const png = decode(toPng(confusionMatrixPlot([0, 0], [0, 0]), { scale: 1 }));
    const colors = new Set<string>();
    for (let y = 20; y < 90; y++) {
      for (let x = 60; x < 130; x++) {
        const at = (y * png.width + x) * png.channels;
        colors.add(png.data.slice(at, at + 3).join());
      }
    }
    expect(colors.size).toBeGreaterThan(20);
  });

  it('keeps the pixels of images sharp', () => {
    const png = decode(toPng(imageGrid(tensor([[0, 1]]), { scale: 40, background: false }), { scale: 1 }));
    const middle = 12 + 20;
    const row = Array.from({ length: png.width }, (_, x) => png.data[(middle * png.width + x) * png.channels]!);
    const inside = row.slice(18, png.width - 18);
    expect(new Set(inside)).toEqual(new Set([0, 255]));
  });

  it.each([
    ['<p>', {}, 'toPng: the picture is "<p>". Expected the text of an SVG, as curves() and its like return it.'],
    [svg, { scale: 0 }, 'toPng: scale is 0. Expected a finite number of at least 0.1.'],
    [svg, { theme: 'auto' }, 'toPng: theme is "auto". Expected "light" or "dark".'],
    [svg, { size: 3 }, 'toPng: the options has no option size. Known: scale, theme, background, systemFonts.'],
  ])('refuses case %#', (picture, options, message) => {
    expect(() => toPng(picture, options as object)).toThrow(message);
  });

  it('says what resvg says of an SVG that is broken', () => {
    expect(() => toPng('<svg><g></svg>')).toThrow(
      /^toPng: the picture cannot be drawn: .+\. Expected an SVG, and a CSS colour as background\.$/,
    );
  });
});
