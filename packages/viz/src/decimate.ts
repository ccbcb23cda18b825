// Lines of very many points: of those that fall into the same column of pixels only the ones that can be seen.

/** A point in pixels; y is NaN where the line has a gap, and x too where the gap has no place. */
export type Point = readonly [x: number, y: number];

/**
 * The first, lowest, highest and last point of each column of pixels, and of each gap its first point: what is left draws the same
 * line. This is M4 of Jugel, Jerzak, Hackenbroich and Markl, PVLDB 7(10), 2014. Where x falls from one point to the next, all points
 * are kept.
 */
export function decimate(points: readonly Point[], width: number): readonly Point[] {
  if (points.length <= 4 * width || points.some(([x], i) => i > 0 && x < points[i - 1]![0])) return points;
  const kept: Point[] = [];
  for (let start = 0; start < points.length; ) {
    const column = columnOf(points[start]!);
    let end = start;
    let [low, high] = [start, start];
    // not ===: NaN is no column that equals itself
    while (end < points.length && Object.is(columnOf(points[end]!), column)) {
      if (points[end]![1] < points[low]![1]) low = end;
      if (points[end]![1] > points[high]![1]) high = end;
      end++;
    }
    const seen = Number.isNaN(column) ? [start] : [...new Set([start, low, high, end - 1])].sort((a, b) => a - b);
    for (const at of seen) kept.push(points[at]!);
    start = end;
  }
  return kept;
}

/** The column of pixels in which a point lies; NaN in a gap. */
function columnOf([x, y]: Point): number {
  return Number.isNaN(y) ? Number.NaN : Math.floor(x);
}
