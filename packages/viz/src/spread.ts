// Labels beside lines, moved apart where they would overlap.

/**
 * Positions at least `gap` apart between `low` and `high`, as near as possible to the wanted ones in the sense of least squares,
 * in the same order. By isotonic regression (pool adjacent violators) of what is left of each after its share of gaps.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]!);
  const blocks: { sum: number; count: number }[] = [];
  order.forEach((at, rank) => {
    let block = { sum: wanted[at]! - rank * gap, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const top = high - (wanted.length - 1) * gap;
  const means = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  const positions: number[] = [];
  order.forEach((at, rank) => {
    positions[at] = Math.max(low, Math.min(top, means[rank]!)) + rank * gap;
  });
  return positions;
}
