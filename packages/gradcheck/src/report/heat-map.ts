// An array as a picture: blue below zero, orange above, as strong as it is large, hatched where it is not finite.

import type { ElementSample } from '../audit/audit-report.ts';
import { html } from './html-page.ts';
import { pngUri, type Rgba } from './indexed-png.ts';
import { showNumber } from './numbers.ts';

const steps = 100; // on either side of zero
const below: readonly [number, number, number] = [47, 125, 225];
const above: readonly [number, number, number] = [224, 98, 32];
const strongest = 230; // of 255, so that numbers stay readable on it

/** Zero is transparent: white on a light page, dark on a dark one. */
const palette: readonly Rgba[] = Array.from({ length: 2 * steps + 1 }, (_, i) => {
  const [red, green, blue] = i < steps ? below : above;
  return [red, green, blue, Math.round((Math.abs(i - steps) / steps) * strongest)];
});

/** The largest absolute value of samples, for a scale that they share; 0 where all are 0 or not finite. */
export function scaleOf(...samples: readonly (ElementSample | null)[]): number {
  const values = samples.flatMap((sample) => sample?.rows.flat() ?? []);
  return values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
}

/** How large a map is drawn, in pixels of the page. */
const room = { width: 300, height: 300, least: 4, most: 28 };
const numbered = { columns: 6, rows: 10, width: 62, height: 24 };

/**
 * A figure with the elements of a sample and the scale below, symmetric about 0; the numbers stand in it where it is small.
 *
 * @param id - of the pattern for what is not finite: one of its own for each map of a page.
 */
export function heatMap(caption: string, sample: ElementSample, scale: number, id: string): string {
  const rows = sample.rows.length;
  const columns = Math.max(0, ...sample.rows.map((row) => row.length));
  const part = sample.complete ? '' : `, the first ${rows} × ${columns}`;
  if (rows === 0 || columns === 0) {
    return `<figure><figcaption>${html(caption)}: no elements</figcaption></figure>`;
  }
  const isNumbered = columns <= numbered.columns && rows <= numbered.rows;
  const [width, height] = isNumbered
    ? [numbered.width, numbered.height]
    : [cellSize(room.width / columns), cellSize(room.height / rows)];
  const size = { width: Math.round(columns * width), height: Math.round(rows * height) };
  const image = pngUri(
    sample.rows.map((row) => row.map((value) => positionOf(value, scale))),
    palette,
  );
  const holes = nonFinite(sample);
  const [across, down] = [size.width / columns, size.height / rows];
  const hatch =
    holes === ''
      ? ''
      : `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="scale(${round(1 / across)} ${round(1 / down)})"><path class="hatch" d="M-1 7L7-1M-1 1L1-1M5 7L7 5"/></pattern><path fill="url(#${id})" d="${holes}" transform="scale(${round(across)} ${round(down)})"/>`;
  const numbers = isNumbered
    ? sample.rows.flatMap((row, i) =>
        row.map((value, j) => `<text x="${(j + 0.5) * width}" y="${(i + 0.5) * height}">${showNumber(value)}</text>`),
      )
    : [];
  return `<figure style="--map: ${size.width + 2}px"><figcaption>${html(caption)}${part}</figcaption><svg class="map" role="img" aria-label="${html(caption)}, ${rows} × ${columns}" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}"><image width="${size.width}" height="${size.height}" preserveAspectRatio="none" href="${image}"/>${hatch}${numbers.join('')}</svg>${legend(scale, holes !== '')}</figure>`;
}

function cellSize(size: number): number {
  return Math.max(room.least, Math.min(room.most, size));
}

/** The colours from −scale to scale, with their numbers. */
function legend(scale: number, holed: boolean): string {
  const hatched = holed ? '<div class="note">hatched: not finite</div>' : '';
  if (scale === 0) return `<div class="note">${holed ? '0 where finite' : 'all 0'}</div>${hatched}`;
  const end = (color: readonly number[]): string => `rgb(${color.join(' ')} / ${Math.round((strongest / 255) * 100)}%)`;
  const none = (color: readonly number[]): string => `rgb(${color.join(' ')} / 0%)`;
  const bar = `linear-gradient(to right, ${end(below)}, ${none(below)} 50%, ${none(above)} 50%, ${end(above)})`;
  return `<div class="scale"><i style="background: ${bar}"></i><span>${showNumber(-scale)}</span><span>0</span><span>${showNumber(scale)}</span></div>${hatched}`;
}

function positionOf(value: number | null, scale: number): number {
  return value === null || scale === 0 ? steps : steps + Math.round((value / scale) * steps);
}

/** The cells that are not finite as one path, in units of a cell; runs along a row are one piece. */
function nonFinite({ rows }: ElementSample): string {
  let path = '';
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < row.length; j++) {
      if (row[j] !== null) continue;
      const from = j;
      while (j + 1 < row.length && row[j + 1] === null) j++;
      path += `M${from} ${i}h${j + 1 - from}v1h${from - j - 1}z`;
    }
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10000) / 10000;
}
