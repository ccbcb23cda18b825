// Derivatives from values alone: central differences with Richardson's extrapolation, and what one-sided differences tell of kinks,
// jumps and edges. Functions of one number; no tensors.

/**
 * What the differences say of a point:
 *
 * - `smooth`: they converge to one value.
 * - `kink`: from the left and from the right they converge to different ones, as |x| does at 0.
 * - `jump`: they grow as the step shrinks, as those of floor(x) do at whole numbers.
 * - `not finite`: the function is NaN or infinite there, or on one side of it at every step that was tried.
 */
export type Smoothness = 'smooth' | 'kink' | 'jump' | 'not finite';

/** A derivative from differences. */
export interface NumericDerivative {
  /** At a kink the mean of both sides; NaN where it is not finite. */
  readonly value: number;
  /** An estimate of how far `value` may be off: truncation and rounding. Infinity where there is no value. */
  readonly error: number;
  readonly verdict: Smoothness;
  /** The one-sided derivatives, from below and from above. */
  readonly left: number;
  readonly right: number;
}

/** How differences are taken. */
export interface NumericOptions {
  /** The most evaluations, the centre not counted. A smooth point takes 4, a plain kink or jump 8. Default: 24. */
  readonly evaluations?: number;
  /** The rounding unit of the function's arithmetic. Default: that of float64, 2⁻⁵². */
  readonly epsilon?: number;
}

/**
 * The derivative of `f` at shift 0, from 4 evaluations where it is smooth. The step starts at ε^(1/5) · max(|at|, scale), the best for a
 * fourth-order difference in rounding unit ε, and goes down where the function bends, breaks or is not finite within it, or up
 * where rounding hides the difference.
 *
 * ```ts
 * const x = 2;
 * const slope = numericDerivative((shift) => (x + shift) ** 3, x);
 * Math.abs(slope.value - 12) <= 1e-9; // → true
 *
 * const kink = numericDerivative(Math.abs, 0);
 * kink.verdict; // → kink
 * [kink.left, kink.right]; // → -1,1
 * ```
 *
 * Source: C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4(2), 1982, for the
 * extrapolation with an error estimate.
 *
 * @param f - the function's value where its argument is shifted by so much.
 * @param at - the argument itself, so that steps are exact in floating point.
 * @param scale - how large such arguments typically are: the step of an argument that is 0.
 * @param center - `f(0)`, where it is known already.
 * @param enough - the absolute error that is small enough. Default: 1e-8 of the value and what rounding leaves.
 */
export function numericDerivative(
  f: (shift: number) => number,
  at: number,
  scale: number = 1,
  options: NumericOptions & { readonly center?: number; readonly enough?: number } = {},
): NumericDerivative {
  const { center = f(0), enough, ...rest } = options;
  const value = Float64Array.of(center);
  const sufficient = enough === undefined ? undefined : Float64Array.of(enough);
  return numericDerivatives((shift) => Float64Array.of(f(shift)), at, scale, value, {
    ...rest,
    enough: sufficient,
  })[0]!;
}

/**
 * {@link numericDerivative} of several functions of the same number, which are evaluated together.
 *
 * @param center - the values at shift 0.
 */
export function numericDerivatives(
  f: (shift: number) => ArrayLike<number>,
  at: number,
  scale: number,
  center: ArrayLike<number>,
  options: NumericOptions & Targets = {},
): NumericDerivative[] {
  const { evaluations = 24, epsilon = 2 ** -52 } = options;
  const size = Math.max(Math.abs(at), scale) > 0 ? Math.max(Math.abs(at), scale) : 1;
  const most = Math.max(1, Math.floor(evaluations / 4));
  const first = powerOfTwo(epsilon ** 0.2 * size);
  const tried: Samples[] = [];
  let [lowest, highest] = [first, first];
  for (let h = first; ; ) {
    tried.push({ h, plus: copy(f(h)), minus: copy(f(-h)), plusHalf: copy(f(h / 2)), minusHalf: copy(f(-h / 2)) });
    const judged = Array.from(center, (value, i) => judge(i, value, tried, epsilon, size, options));
    const wants = new Set(judged.map(({ want }) => want));
    if (tried.length >= most || (wants.size === 1 && wants.has('nothing'))) return judged.map(({ result }) => result);
    if (wants.has('smaller')) {
      // An argument that is small beside the others may be all the room there is.
      const edge = powerOfTwo(epsilon ** 0.2 * Math.abs(at));
      h = lowest = tried.length === 1 && at !== 0 && edge < lowest / shrink ? edge : lowest / shrink;
    } else if (wants.has('larger') && highest === first) {
      h = highest = first * grow;
    } else {
      return judged.map(({ result }) => result);
    }
  }
}

/** What is known of each function. */
interface Targets {
  /** The absolute error that is small enough. */
  readonly enough?: ArrayLike<number> | undefined;
  /** The value that is to be confirmed, if there is one: found within `enough`, there is no need to look closer. */
  readonly expected?: ArrayLike<number> | undefined;
  /** How far the values may be off by rounding beside that of their own last digit, as a difference of larger ones is: no break is that small. */
  readonly rounding?: ArrayLike<number> | undefined;
}

/** How much smaller and larger the next step is. Powers of two: x + h is then exact. */
const [shrink, grow] = [16, 64];

/** The functions' values at ±h and ±h/2. */
interface Samples {
  readonly h: number;
  readonly plus: ArrayLike<number>;
  readonly minus: ArrayLike<number>;
  readonly plusHalf: ArrayLike<number>;
  readonly minusHalf: ArrayLike<number>;
}

/** What one step size says. */
interface Measure {
  readonly h: number;
  readonly value: number;
  readonly error: number;
  readonly left: number;
  readonly right: number;
  /** How far the differences at h and h/2 are from those of a smooth function: of order h², but constant at a kink, like 1/h at a jump. */
  readonly roughness: number;
  /** The larger of the one-sided slopes. */
  readonly slope: number;
  /** What the rounding of the values alone makes of a difference, and what that of larger terms in them may. */
  readonly noise: number;
  readonly hidden: number;
  readonly finite: boolean;
}

interface Judged {
  readonly result: NumericDerivative;
  readonly want: 'nothing' | 'smaller' | 'larger';
}

/** Rougher than this, relative to the slope, a function is not called smooth. */
const rough = 1e-3;
/** So many times what rounding makes is more than rounding. */
const significant = 32;

function judge(
  i: number,
  center: number,
  tried: readonly Samples[],
  epsilon: number,
  size: number,
  { enough, expected, rounding }: Targets,
): Judged {
  const all = tried.map((samples) => measure(samples, i, center, epsilon, rounding?.[i] ?? 0));
  const finite = all.filter((one) => one.finite).sort((a, b) => b.h - a.h);
  const finest = all.reduce((a, b) => (b.h < a.h ? b : a));
  if (finite.length === 0 || !Number.isFinite(center)) {
    const { left, right } = finest;
    const result = { value: Number.NaN, error: Number.POSITIVE_INFINITY, verdict: 'not finite', left, right } as const;
    return { result, want: Number.isFinite(center) ? 'smaller' : 'nothing' };
  }
  // A larger step lowers the noise, but it may stride over breaks: it counts only where it confirms the smaller one.
  const start = all[0]!;
  const confirmed = finite.filter(
    ({ h, value, error }) => h <= start.h || Math.abs(value - start.value) <= start.error + error,
  );
  if (confirmed.length === 0) confirmed.push(...finite);
  // A step across a pole may find little, and so err little, but it finds a break there.
  const even = confirmed.filter(({ roughness, slope }) => roughness <= rough * slope);
  const best = (even.length > 0 ? even : confirmed).reduce((a, b) => (b.error < a.error ? b : a));
  const smooth = {
    value: best.value,
    error: best.error,
    verdict: 'smooth',
    left: best.left,
    right: best.right,
  } as const;
  // The size of the function over the size of its argument: what a derivative is large or small beside.
  const unit = (best.noise * best.h) / epsilon / size;
  const limit = enough?.[i] ?? 1e-8 * Math.abs(best.value) + 1e-10 * unit;
  // A rough value counts only where it is what was expected.
  const isCredible = !isRough(best) || Math.abs(best.value - (expected?.[i] ?? Number.NaN)) <= limit;
  const isMet = best.error <= limit || (best.slope === 0 && expected?.[i] === 0);
  if (isMet && isCredible) return { result: smooth, want: 'nothing' };

  const breaks = confirmed.filter(isRough);
  if (!isRough(best) || breaks.length === 0) {
    const isNoise = best.roughness <= 4 * best.noise;
    const finer = finest.roughness > finest.noise || !finest.finite;
    return { result: smooth, want: isNoise ? 'larger' : finer ? 'smaller' : 'nothing' };
  }
  const last = breaks.at(-1)!;
  const before = breaks.at(-2);
  const sides = {
    value: (last.left + last.right) / 2,
    error: last.error,
    left: last.left,
    right: last.right,
  } as const;
  if (before !== undefined) {
    const growth = last.roughness / before.roughness;
    if (Math.abs(growth - 1) < 1e-3) return { result: { ...sides, verdict: 'kink' }, want: 'nothing' };
    if (Math.abs((growth * last.h) / before.h - 1) < 1e-2) {
      return { result: { ...sides, verdict: 'jump' }, want: 'nothing' };
    }
  }
  const verdict = verdictOf(last, before, tried.find(({ h }) => h === last.h)!, i, center);
  return { result: verdict === 'smooth' ? smooth : { ...sides, verdict }, want: 'smaller' };
}

/** What a rough point is called for now: by how the roughness changes with the step. */
function verdictOf(
  last: Measure,
  before: Measure | undefined,
  samples: Samples,
  i: number,
  center: number,
): Smoothness {
  const bend = (plus: ArrayLike<number>, minus: ArrayLike<number>): number => plus[i]! - 2 * center + minus[i]!;
  // Per step: a smooth function's bend over h halves with h, a kink's stays, a jump's doubles.
  const halved =
    (2 * Math.abs(bend(samples.plusHalf, samples.minusHalf))) / Math.abs(bend(samples.plus, samples.minus));
  const growth =
    before === undefined ? halved : (last.roughness / before.roughness) ** (1 / Math.log2(before.h / last.h));
  // Across one halving: 2^(−1/5) and 2^(1/4).
  if (growth < 0.87) return 'smooth';
  return growth <= 1.19 ? 'kink' : 'jump';
}

function isRough({ roughness, slope, hidden }: Measure): boolean {
  return roughness > rough * slope && roughness > significant * hidden;
}

function measure(samples: Samples, i: number, center: number, epsilon: number, rounding: number): Measure {
  const { h } = samples;
  const [plus, minus] = [samples.plus[i]!, samples.minus[i]!];
  const [plusHalf, minusHalf] = [samples.plusHalf[i]!, samples.minusHalf[i]!];
  const [forward, forwardHalf] = [(plus - center) / h, (plusHalf - center) / (h / 2)];
  const [back, backHalf] = [(center - minus) / h, (center - minusHalf) / (h / 2)];
  const [wide, narrow] = [(plus - minus) / (2 * h), (plusHalf - minusHalf) / h];
  // D(h) = f′ + c·h² + O(h⁴): the extrapolation has no h² term.
  const value = narrow + (narrow - wide) / 3;
  // One-sided differences differ by f″·h + O(h³), so that this is of order h³ where f is smooth.
  const gap = Math.abs(2 * (forwardHalf - backHalf) - (forward - back));
  const slope = Math.max(Math.abs(forward), Math.abs(back), Math.abs(forwardHalf), Math.abs(backHalf));
  const correction = Math.abs(value - narrow);
  // Of order h⁴, as what the extrapolation leaves.
  const truncation = slope > 0 ? Math.min(correction, correction ** 2 / slope) : 0;
  const largest = Math.max(Math.abs(center), Math.abs(plus), Math.abs(minus));
  const noise = (epsilon * largest) / h;
  const hidden = noise + rounding / h;
  const roughness = Math.max(gap, Math.abs(narrow - wide));
  // Values well above the rounding of larger terms, whose differences agree among themselves, are not made of it.
  const isClean = roughness <= rough * slope && largest > 1e4 * rounding;
  return {
    h,
    value,
    error: gap + truncation + 2 * (isClean ? noise : hidden),
    left: 2 * backHalf - back,
    right: 2 * forwardHalf - forward,
    roughness,
    slope,
    noise,
    hidden,
    finite: [plus, minus, plusHalf, minusHalf].every(Number.isFinite),
  };
}

function powerOfTwo(size: number): number {
  return 2 ** Math.round(Math.log2(size));
}

/** The function may reuse its store. */
function copy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values);
}
