// A drawing as MNIST's makers prepared theirs: scaled to a box of 20 × 20 pixels, its centre of mass put into the middle of 28 × 28.
// Strokes are scaled, not pixels, so they are as thick as in MNIST however large the drawing is.

import type { Point, Stroke } from './strokes.ts';

/** Pixels along a side of the image. */
export const side = 28;

/** Pixels along the longer side of a drawing, with the thickness of the pen. */
const box = 20;

/** The pen in pixels of the image: strokes traced in MNIST's images then have as much ink as the images themselves. */
const penWidth = 2.6;

/** A drawing smaller than this part of the pad is not made as large as others: a dot stays a dot. */
const smallest = 0.08;

/** Points nearer to the last one than this, in pixels, say nothing new. */
const nearest = 0.3;

/** A coordinate of the middle. Pixel i covers the coordinates from i to i + 1; MNIST's centres of mass are in the middle of pixel 14. */
const middle = 14.5;

/**
 * The image that the network sees: 784 numbers, row by row, from 0 (paper) to 1 (ink). All 0 where nothing was drawn.
 */
export function mnistImage(strokes: readonly Stroke[]): Float32Array<ArrayBuffer> {
  const points = strokes.flat();
  if (points.length === 0) return new Float32Array(side * side);
  const [left, right] = bounds(points.map(({ x }) => x));
  const [top, bottom] = bounds(points.map(({ y }) => y));
  const scale = (box - penWidth) / Math.max(right - left, bottom - top, smallest);
  const placed = strokes.map((stroke) =>
    thinned(
      stroke.map(({ x, y }) => ({
        x: middle + scale * (x - (left + right) / 2),
        y: middle + scale * (y - (top + bottom) / 2),
      })),
    ),
  );
  const centre = centreOfMass(drawn(placed));
  const [dx, dy] = [middle - centre.x, middle - centre.y];
  return drawn(placed.map((stroke) => stroke.map(({ x, y }) => ({ x: x + dx, y: y + dy }))));
}

/** Where the ink of an image is on average, in pixels from its left and upper edge; the middle where there is none. */
export function centreOfMass(image: ArrayLike<number>): Point {
  let [mass, x, y] = [0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    mass += image[i]!;
    x += image[i]! * ((i % side) + 0.5);
    y += image[i]! * (Math.floor(i / side) + 0.5);
  }
  return mass === 0 ? { x: middle, y: middle } : { x: x / mass, y: y / mass };
}

function bounds(values: readonly number[]): readonly [least: number, most: number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);
}

/** The stroke without points that are nearly where the last one is. */
function thinned(stroke: Stroke): Stroke {
  const kept: Point[] = [];
  stroke.forEach((point, i) => {
    const last = kept.at(-1);
    const far = last === undefined || Math.hypot(point.x - last.x, point.y - last.y) >= nearest;
    if (far || i === stroke.length - 1) kept.push(point);
  });
  return kept;
}

/** Lines with round ends, in pixels, as an image. */
function drawn(strokes: readonly Stroke[]): Float32Array<ArrayBuffer> {
  const image = new Float32Array(side * side);
  for (const stroke of strokes) {
    stroke.forEach((to, i) => {
      drawLine(image, stroke[Math.max(0, i - 1)]!, to);
    });
  }
  return image;
}

/** A line; each pixel is as dark as the pen covers it at its middle, over an edge that is one pixel wide. */
function drawLine(image: Float32Array, from: Point, to: Point): void {
  const reach = penWidth / 2 + 0.5;
  const rows = span(from.y, to.y, reach);
  const columns = span(from.x, to.x, reach);
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const distance = distanceToLine({ x: column + 0.5, y: row + 0.5 }, from, to);
      const ink = Math.min(1, Math.max(0, reach - distance));
      const at = row * side + column;
      image[at] = Math.max(image[at]!, ink);
    }
  }
}

/** The first and behind the last pixel that a line from `a` to `b` can reach. */
function span(a: number, b: number, reach: number): readonly [start: number, stop: number] {
  return [Math.max(0, Math.floor(Math.min(a, b) - reach)), Math.min(side, Math.ceil(Math.max(a, b) + reach))];
}

function distanceToLine({ x, y }: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}
