// Numbers as a row of bars. Where it is shown: node.ts.

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * One bar a number, from the least as the lowest to the greatest as the highest, unless they differ by less than `leastRange`, which
 * then is the height of the highest; a cross for what is not finite.
 */
export function sparkline(values: readonly number[], leastRange: number = 0): string {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(...finite);
  // in halves: the difference of two large numbers can be infinite
  const halfRange = Math.max(Math.max(...finite) / 2 - least / 2, leastRange / 2);
  const bar = (value: number): string => {
    if (!Number.isFinite(value)) return '×';
    // no way up or down: neither the lowest nor the highest
    if (halfRange === 0) return bars[3]!;
    return bars[Math.round(((value / 2 - least / 2) / halfRange) * (bars.length - 1))]!;
  };
  return values.map(bar).join('');
}
