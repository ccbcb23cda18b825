import { describe, expect, it } from 'vitest';
import {
  allPaints,
  background,
  ink,
  inkOn,
  muted,
  nodePaints,
  type Paint,
  sequential,
  seriesPaints,
} from '../src/paint.ts';

type Color = readonly number[];

/** Linear light. */
const linear = (color: string): Color =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });

/** The contrast of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((color) => {
    const [red, green, blue] = linear(color);
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05;
  });
  return Math.max(x! / y!, y! / x!);
}

/** Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, table 1: full dichromacy, on linear light. */
const views: Readonly<Record<string, Color>> = {
  trichromatic: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanope: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranope: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanope: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** Oklab, in hundredths. */
function perceived(color: string, view: Color): Color {
  const light = linear(color);
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, view[row]! * light[0]! + view[row + 1]! * light[1]! + view[row + 2]! * light[2]!)),
  ) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    100 * (0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s),
    100 * (1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s),
    100 * (0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s),
  ];
}

function difference(a: string, b: string, view: Color): number {
  const [x, y] = [perceived(a, view), perceived(b, view)];
  return Math.hypot(...x.map((value, i) => value - y[i]!));
}

const themes = ['light', 'dark'] as const satisfies readonly (keyof Paint)[];

describe.each(themes)('the %s colours', (theme) => {
  it('of lines stand out from the page by 3 : 1', () => {
    for (const paint of seriesPaints) expect(contrast(paint[theme], background[theme])).toBeGreaterThan(3);
  });

  it.each(Object.entries(views))('of lines are told apart by a %s', (_name, view) => {
    seriesPaints.forEach((a, i) => {
      for (const b of seriesPaints.slice(0, i)) expect(difference(a[theme], b[theme], view)).toBeGreaterThan(8.5);
    });
  });

  it('of texts have a contrast of 4.5 : 1, also on nodes', () => {
    const grounds = [background, ...Object.values(nodePaints).map(({ fill }) => fill)];
    for (const text of [ink, muted]) {
      for (const ground of grounds) expect(contrast(text[theme], ground[theme])).toBeGreaterThan(4.5);
    }
  });

  it('of cells grow in contrast with the page, and leave their text readable', () => {
    const shares = Array.from({ length: 21 }, (_, i) => i / 20);
    const steps = shares.map((share) => contrast(sequential(share)[theme], background[theme]));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    for (const share of shares) expect(contrast(inkOn(share)[theme], sequential(share)[theme])).toBeGreaterThan(3.7);
  });
});

it('no two colours have the same light one, which says what the dark one is', () => {
  expect(new Set(allPaints.map(({ light }) => light)).size).toBe(allPaints.length);
  for (const { light, dark } of allPaints) expect(light + dark).toMatch(/^(#[0-9a-f]{6}){2}$/);
});
