// The colours of every picture, each for a light and for a dark page. It draws nothing.

/** One colour on light pages and on dark ones, as `#rrggbb`. */
export interface Paint {
  readonly light: string;
  readonly dark: string;
}

const paint = (light: string, dark: string): Paint => ({ light, dark });

export const background: Paint = paint('#ffffff', '#14171c');
/** Text. */
export const ink: Paint = paint('#1f2328', '#e6edf3');
/** Text of less weight: ticks, captions. */
export const muted: Paint = paint('#57606a', '#a3adb8');
/** Text on a cell of the stronger half of {@link sequential}. */
export const inkOnStrong: Paint = paint('#fcfcfc', '#0d1014');
export const axis: Paint = paint('#8c959f', '#6e7681');
export const grid: Paint = paint('#e4e7eb', '#2b313a');

/**
 * Colours of lines: the hues of Okabe and Ito, Color Universal Design (2008), with lightness and saturation moved so that each has a
 * contrast of 3 : 1 with the page, and no two are alike to a protanope, deuteranope or tritanope. The test computes both.
 */
export const seriesPaints: readonly Paint[] = [
  paint('#1a97e6', '#2c9fcf'),
  paint('#ca4100', '#e56f25'),
  paint('#098258', '#67d5b5'),
  paint('#b65ea1', '#9e5a82'),
  paint('#ab923a', '#cfc040'),
  paint('#515761', '#e0e6ee'),
];

/** How many steps {@link sequential} has. */
export const sequentialSteps = 21;

/** Shares from 0 to 1 in one hue, from the page's own colour to a strong blue. */
const sequentialPaints: readonly Paint[] = Array.from({ length: sequentialSteps }, (_, i) => {
  // Step 0 lies a little off the background, whose colour stands for another pair.
  const share = 0.02 + (0.98 * i) / (sequentialSteps - 1);
  return paint(mix('#ffffff', '#08306b', share), mix('#14171c', '#6cb6ff', share));
});

/** The colour of a share from 0 to 1. */
export function sequential(share: number): Paint {
  return sequentialPaints[Math.round(share * (sequentialSteps - 1))]!;
}

/** What is readable on {@link sequential} of the same share: at 0.6 both kinds of text have a contrast of about 4 : 1. */
export function inkOn(share: number): Paint {
  return share < 0.6 ? ink : inkOnStrong;
}

/** Kinds of nodes of a tape. */
export type NodeKind = 'source' | 'constant' | 'named' | 'target' | 'plain' | 'group';

/** What fills the nodes of a tape, and their outlines. */
export const nodePaints: Readonly<Record<NodeKind, { readonly fill: Paint; readonly stroke: Paint }>> = {
  source: { fill: paint('#d9ecf8', '#123a54'), stroke: paint('#0071b1', '#57b4e9') },
  constant: { fill: paint('#f3f4f6', '#22272e'), stroke: paint('#8b949e', '#6f7782') },
  named: { fill: paint('#dcf2ea', '#12402f'), stroke: paint('#009270', '#20b58f') },
  target: { fill: paint('#fde5d3', '#54290a'), stroke: paint('#d45d00', '#e8833b') },
  plain: { fill: paint('#fefefe', '#171b21'), stroke: paint('#8d969f', '#6f7681') },
  group: { fill: paint('#eef0f3', '#1d2229'), stroke: paint('#56606a', '#a2adb8') },
};

/** The frame of a layer around its nodes. */
export const clusterPaint: { readonly fill: Paint; readonly stroke: Paint } = {
  fill: paint('#f8f9fb', '#191d23'),
  stroke: paint('#d0d7de', '#3a424d'),
};

/** Every colour; no two have the same light one, so that a light colour says which pair is meant. */
export const allPaints: readonly Paint[] = [
  ...[background, ink, muted, inkOnStrong, axis, grid],
  ...seriesPaints,
  ...sequentialPaints,
  ...[...Object.values(nodePaints), clusterPaint].flatMap(({ fill, stroke }) => [fill, stroke]),
];

function mix(from: string, to: string, share: number): string {
  const channel = (color: string, at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}
