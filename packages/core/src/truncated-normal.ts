// Draws from the standard normal distribution between two bounds, however far out they lie. The stream is in random.ts.

/**
 * A standard normal number in [low, high]. Proposals are drawn from what fits the bounds best, and some of them rejected, so
 * that those kept are distributed exactly: normal ones where the bounds hold much of the mass, exponential ones in a tail,
 * uniform ones between bounds that are close.
 *
 * Source: C. P. Robert, Simulation of truncated normal variables, Statistics and Computing 5 (1995), arXiv:0907.4010,
 * propositions 2.3 and 2.6.
 *
 * @param uniform - draws from [0, 1)
 * @param normal - draws from the standard normal distribution
 */
export function drawTruncated(low: number, high: number, uniform: () => number, normal: () => number): number {
  if (low === high) return low;
  if (high <= 0) return -drawTruncated(-high, -low, uniform, normal);
  if (low > 0) return drawFromTail(low, high, uniform);
  // Normal numbers are kept with probability p = Φ(high) − Φ(low), uniform ones with p·√2π / (high − low).
  if (high - low > Math.sqrt(2 * Math.PI)) return firstOf(normal, (z) => z >= low && z <= high);
  return drawUniformly(low, high, 0, uniform);
}

/** Between 0 < low < high. */
function drawFromTail(low: number, high: number, uniform: () => number): number {
  const root = Math.sqrt(low * low + 4);
  const rate = (low + root) / 2; // what accepts most: Robert's α*
  const widest = low + (2 / (low + root)) * Math.exp((low * low - low * root) / 4 + 0.5);
  if (high <= widest) return drawUniformly(low, high, low, uniform);
  return firstOf(
    () => low - Math.log(1 - uniform()) / rate,
    (z) => z <= high && uniform() <= Math.exp(-((z - rate) ** 2) / 2),
  );
}

/** Uniform numbers, kept by the density relative to that at `mode`, where it is highest between the bounds. */
function drawUniformly(low: number, high: number, mode: number, uniform: () => number): number {
  return firstOf(
    () => low + (high - low) * uniform(),
    (z) => uniform() <= Math.exp((mode * mode - z * z) / 2),
  );
}

function firstOf(draw: () => number, accepts: (z: number) => boolean): number {
  for (;;) {
    const z = draw();
    if (accepts(z)) return z;
  }
}
