// Numbers as a row of bars. Where it is shown: node.ts.

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One bar a number, from the least as the lowest to the greatest as the highest; a cross for what is not finite. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const bar = (value: number): string => {
    if (!Number.isFinite(value)) return '×';
    // no way up or down: neither the lowest nor the highest
    if (most === least) return bars[3]!;
    // in halves: the difference of two large numbers can be infinite
    const height = (value / 2 - least / 2) / (most / 2 - least / 2);
    return bars[Math.round(height * (bars.length - 1))]!;
  };
  return values.map(bar).join('');
}
