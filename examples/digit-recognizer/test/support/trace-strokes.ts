// Pen strokes out of a picture: a digit's pixels are thinned to lines of one pixel (T. Y. Zhang and C. Y. Suen, A fast parallel algorithm
// for thinning digital patterns, CACM 27(3), 1984), and the lines are followed.

import type { Point, Stroke } from '../../page/strokes.ts';

const side = 28;
/** Each pixel becomes so many in a row, so that thinning keeps the form. */
const detail = 3;
const size = side * detail;
/** Of the points of a line, one of so many is kept, and the last one. */
const stride = 3;
/** Shorter pieces, in pixels of the thinned picture, are spurs of thinning where there are others. */
const shortest = 5;

/** The strokes of an image of 28 × 28 values from 0 to 255, on a pad from 0 to 1. */
export function traceStrokes(image: ArrayLike<number>): readonly Stroke[] {
  const lines = follow(thin(enlarge(image)));
  const long = lines.filter(({ length }) => length >= shortest);
  return (long.length > 0 ? long : lines).map((line) =>
    smooth(line)
      .filter((_, i) => i % stride === 0 || i === line.length - 1)
      .map(({ x, y }) => ({ x: x / size, y: y / size })),
  );
}

type Bitmap = Uint8Array;

/** The image in `detail` times as many pixels, by bilinear interpolation, black or white. */
function enlarge(image: ArrayLike<number>): Bitmap {
  const value = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= side || column >= side ? 0 : image[row * side + column]!;
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [(Math.floor(i / size) + 0.5) / detail - 0.5, ((i % size) + 0.5) / detail - 0.5];
    const [row, column] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [y - row, x - column];
    const above = value(row, column) * (1 - right) + value(row, column + 1) * right;
    const below = value(row + 1, column) * (1 - right) + value(row + 1, column + 1) * right;
    return above * (1 - down) + below * down >= 110 ? 1 : 0;
  });
}

/** The eight neighbours, clockwise from above. */
const around = [-size, -size + 1, 1, size + 1, size, size - 1, -1, -size - 1] as const;

function neighbours(bitmap: Bitmap, at: number): readonly number[] {
  return around.map((step) => bitmap[at + step] ?? 0);
}

/** How often white turns to black on the way around a pixel. */
function crossings(ring: readonly number[]): number {
  return ring.filter((value, i) => value === 0 && ring[(i + 1) % 8] === 1).length;
}

function thin(bitmap: Bitmap): Bitmap {
  const out = bitmap.slice();
  for (let changed = true; changed; ) {
    changed = false;
    for (const first of [true, false]) {
      const gone: number[] = [];
      out.forEach((value, at) => {
        if (value === 0) return;
        const ring = neighbours(out, at);
        const black = ring.reduce((sum, each) => sum + each, 0);
        if (black < 2 || black > 6 || crossings(ring) !== 1) return;
        const [up, , right, , down, , left] = ring as [number, number, number, number, number, number, number];
        const edge = first
          ? up * right * down === 0 && right * down * left === 0
          : up * right * left === 0 && up * down * left === 0;
        if (edge) gone.push(at);
      });
      for (const at of gone) out[at] = 0;
      changed ||= gone.length > 0;
    }
  }
  return out;
}

/** The thin lines as lists of points: from ends first, then what is left of loops. At a fork a line goes on as straight as it can. */
function follow(bitmap: Bitmap): Point[][] {
  const left = new Set<number>();
  bitmap.forEach((value, at) => {
    if (value === 1) left.add(at);
  });
  const free = (at: number): number[] => around.map((step) => at + step).filter((next) => left.has(next));
  const point = (at: number): Point => ({ x: (at % size) + 0.5, y: Math.floor(at / size) + 0.5 });
  const all = [...left];
  const black = new Set(all);
  const lines: Point[][] = [];
  while (left.size > 0) {
    const start = all.find((at) => left.has(at) && free(at).length === 1) ?? all.find((at) => left.has(at))!;
    const path = [start];
    left.delete(start);
    for (let at = start; ; ) {
      const next = straightest(path, free(at));
      if (next === undefined) break;
      left.delete(next);
      path.push(next);
      at = next;
    }
    // A line that ends beside ink that was drawn before meets it.
    const line = path.map(point);
    for (const [end, inner] of [
      [path[0]!, path[1]],
      [path.at(-1)!, path.at(-2)],
    ] as const) {
      const met = around.map((step) => end + step).find((at) => black.has(at) && at !== inner && !left.has(at));
      if (met === undefined) continue;
      if (end === path[0]) line.unshift(point(met));
      else line.push(point(met));
    }
    lines.push(line);
  }
  return lines;
}

function straightest(path: readonly number[], candidates: readonly number[]): number | undefined {
  const [at, before] = [path.at(-1)!, path.at(-6) ?? path[0]!];
  const towards = (to: number, from: number): Point => ({
    x: (to % size) - (from % size),
    y: Math.floor(to / size) - Math.floor(from / size),
  });
  const way = towards(at, before);
  const turn = (next: number): number => {
    const step = towards(next, at);
    return (step.x * way.x + step.y * way.y) / (Math.hypot(step.x, step.y) || 1);
  };
  return [...candidates].sort((a, b) => turn(b) - turn(a))[0];
}

/** Means over five points, so that lines do not go in steps; ends stay. */
function smooth(line: readonly Point[]): Point[] {
  return line.map((point, i) => {
    const reach = Math.min(2, i, line.length - 1 - i);
    const near = line.slice(i - reach, i + reach + 1);
    if (near.length === 1) return point;
    return {
      x: near.reduce((sum, { x }) => sum + x, 0) / near.length,
      y: near.reduce((sum, { y }) => sum + y, 0) / near.length,
    };
  });
}
