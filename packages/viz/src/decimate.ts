// Lines of very many points: of those that fall into the same column of pixels only the ones that can be seen.

/** A point in pixels; y is NaN where the line has a gap. */
export type Point = readonly [x: number, y: number];

/**
 * The first, lowest, highest and last point of each column of pixels, and the gaps: what is left draws the same line. This is M4
 * of Jugel, Jerzak, Hackenbroich and Markl, PVLDB 7(10), 2014. Where x does not rise, all points are kept.
 */
export function decimate(points: readonly Point[], width: number): readonly Point[] {
  if (points.length <= 4 * width || points.some(([x], i) => i > 0 && x < points[i - 1]![0])) return points;
  const kept: Point[] = [];
  for (let start = 0; start < points.length; ) {
    const column = Math.floor(points[start]![0]);
    const gap = Number.isNaN(points[start]![1]);
    let end = start;
    let [low, high] = [start, start];
    while (end < points.length && Math.floor(points[end]![0]) === column && Number.isNaN(points[end]![1]) === gap) {
      if (points[end]![1] < points[low]![1]) low = end;
      if (points[end]![1] > points[high]![1]) high = end;
      end++;
    }
    const seen = gap ? [start] : [...new Set([start, low, high, end - 1])].sort((a, b) => a - b);
    for (const at of seen) kept.push(points[at]!);
    start = end;
  }
  return kept;
}
