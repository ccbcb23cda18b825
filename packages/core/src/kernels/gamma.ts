// The logarithm of the gamma function and its derivatives, number by number.

import { polynomial } from './erf.ts';

/**
 * Rational minimax approximations of ln Γ: W. J. Cody and K. E. Hillstrom, "Chebyshev approximations for the natural logarithm
 * of the gamma function", Mathematics of Computation 21 (1967), pp. 198-203. Coefficients from the highest power down.
 */
const aroundOne = {
  over: [
    4.945235359296727, 201.8112620856775, 2290.8383738313464, 11319.672059033808, 28557.246356716354,
    38484.962284437934, 26377.487876241954, 7225.813979700288,
  ],
  under: [
    1, 67.48212550303778, 1113.3323938571993, 7738.757056935398, 27639.870744033407, 54993.102062261576,
    61611.22180066002, 36351.2759150194, 8785.536302431014,
  ],
};
const aroundTwo = {
  over: [
    4.974607845568932, 542.4138599891071, 15506.93864978365, 184793.29044456326, 1088204.7694688288, 3338152.96798703,
    5106661.678927353, 3074109.0548505397,
  ],
  under: [
    1, 183.03283993705926, 7765.049321445006, 133190.38279660742, 1136705.8213219696, 5267964.117437947,
    13467014.543111017, 17827365.303532742, 9533095.591844354,
  ],
};
const aroundFour = {
  over: [
    14745.0216605994, 2426813.3694867045, 121475557.40450932, 2663432449.6309767, 29403789566.34554, 170266573776.5399,
    492612579337.7431, 560625185622.3951,
  ],
  under: [
    -1, 2690.5301758708993, 639388.5654300093, 41355999.30241388, 1120872109.616148, 14886137286.788137,
    101680358627.24382, 341747634550.73773, 446315818741.9713,
  ],
};
const [slopeAtOne, slopeAtTwo, valueAtFour] = [-0.5772156649015329, 0.42278433509846713, 1.791759469228055];

/**
 * Rational minimax approximations of ψ: W. J. Cody, A. J. Strecok and H. C. Thacher, "Chebyshev approximations for the psi
 * function", Mathematics of Computation 27 (1973), pp. 123-127. Coefficients from the highest power down.
 */
const aroundRoot = {
  over: [
    0.004510468124576293, 5.493285583300039, 376.4669317592928, 7952.5490849152, 71451.59581895193, 306559.76301987364,
    636069.9778896446, 580413.1278353757, 165856.95029761022,
  ],
  under: [
    1, 96.14165477422236, 2628.771579058119, 29862.497022250278, 162065.66091533672, 434878.8071276833,
    542563.8453726999, 242421.85002017985, 6.415522378357623e-8,
  ],
};
const beyondThree = {
  over: [
    -2.7103228277757836, -15.16627177689612, -19.78455414871922, -8.810095882831222, -1.4479614616899843,
    -0.07368960033239455, -6.513538773271817e-21,
  ],
  under: [
    1, 44.992760373789366, 202.40955312679932, 247.3697900331529, 107.42543875702277, 17.46396506067857,
    0.8842752039887348,
  ],
};
/** The root of ψ above 0, in two parts: x loses no digits where it is near. */
const [root, rootRest] = [1.4616321449683622, 9.549995429965697e-17];

/** The Bernoulli numbers B₂ to B₂₄: coefficients of the asymptotic series. */
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
  -236364091 / 2730,
];

/** ln |Γ(x)|; ∞ at 0, -1, -2, … */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (Math.abs(x) < 1e-17) return -Math.log(Math.abs(x));
  if (x < 0) {
    // Γ(x)·Γ(1−x) = π / sin πx, with Γ(1−x) = −x·Γ(−x); ∞ where the sine is 0
    const sine = Math.abs(Math.sin(Math.PI * pastNearestInteger(x)));
    return Math.log(Math.PI / (sine * -x)) - lgamma(-x);
  }
  // below 0.68 by Γ(x) = Γ(x+1) / x
  if (x <= 0.5) return -Math.log(x) + expansion(x, slopeAtOne, aroundOne);
  if (x < 0.6796875) return -Math.log(x) + expansion(x - 1, slopeAtTwo, aroundTwo);
  if (x <= 1.5) return expansion(x - 1, slopeAtOne, aroundOne);
  if (x <= 4) return expansion(x - 2, slopeAtTwo, aroundTwo);
  if (x <= 12) return valueAtFour + (x - 4) * ratio(aroundFour, x - 4);
  // Stirling's series
  let rest = 0;
  for (let k = 8; k >= 1; k--) rest = rest / (x * x) + bernoulli[k - 1]! / (2 * k * (2 * k - 1));
  return x * (Math.log(x) - 1) - 0.5 * Math.log(x) + 0.5 * Math.log(2 * Math.PI) + rest / x;
}

/** ln Γ at a distance from one of its roots. */
function expansion(distance: number, slope: number, curve: typeof aroundOne): number {
  return distance * (slope + distance * ratio(curve, distance));
}

/** The quotient of two polynomials at x. */
function ratio({ over, under }: typeof aroundOne, x: number): number {
  return polynomial(over, x) / polynomial(under, x);
}

/** What is left of x beside the integer nearest to it, exactly: sin πx loses no digits by it. */
function pastNearestInteger(x: number): number {
  return x - Math.round(x);
}

/** cot πx, exact to the last digits also near its roots. */
function cotangentOfPiTimes(x: number): number {
  const past = pastNearestInteger(x);
  if (Math.abs(past) < 0.25) return 1 / Math.tan(Math.PI * past);
  return Math.sign(past) * Math.tan(Math.PI * (0.5 - Math.abs(past)));
}

/** ψ(x), the derivative of ln Γ: -∞ at 0, ∞ at -0, NaN at -1, -2, … where it jumps from -∞ to ∞. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) {
    return Number.isInteger(x) ? Number.NaN : digamma(1 - x) - Math.PI * cotangentOfPiTimes(x);
  }
  if (x < 0.5) return digamma(x + 1) - 1 / x;
  if (x <= 3) return (x - root - rootRest) * ratio(aroundRoot, x);
  return Math.log(x) - 0.5 / x + ratio(beyondThree, 1 / (x * x));
}

/** The n-th derivative of {@link digamma}. At a pole ∞ where both sides agree, otherwise as digamma. */
export function polygamma(x: number, n: number): number {
  if (n === 0 || Number.isNaN(x)) return digamma(x);
  const odd = n % 2 === 1;
  if (x > 0) return (odd ? 1 : -1) * factorial(n) * hurwitzZeta(n + 1, x);
  if (Number.isInteger(x)) return odd ? Number.POSITIVE_INFINITY : x === 0 ? -1 / x : Number.NaN;
  // ψₙ(x) = (−1)ⁿ·ψₙ(1−x) − π·dⁿ/dxⁿ cot πx
  const reflected = (odd ? -1 : 1) * polygamma(1 - x, n);
  return reflected - Math.PI ** (n + 1) * cotangentDerivative(n, cotangentOfPiTimes(x));
}

/** The n-th derivative of the cotangent as a polynomial in its value c: each is −(1 + c²) times the derivative of the last. */
function cotangentDerivative(n: number, c: number): number {
  let coefficients = [0, 1]; // from the lowest power up
  for (let order = 0; order < n; order++) {
    const next = Array<number>(coefficients.length + 1).fill(0);
    for (let power = 1; power < coefficients.length; power++) {
      next[power - 1]! -= power * coefficients[power]!;
      next[power + 1]! -= power * coefficients[power]!;
    }
    coefficients = next;
  }
  return polynomial(coefficients.reverse(), c);
}

/**
 * Σ (x + k)^(−s) over k ≥ 0, for x > 0 and s > 1, by the Euler-Maclaurin formula: Abramowitz and Stegun, "Handbook of
 * Mathematical Functions", 23.1.30. The smallest terms are added first.
 */
function hurwitzZeta(s: number, x: number): number {
  const steps = Math.max(0, Math.ceil(s + 15 - x));
  const y = x + steps;
  let factor = s / (2 * y); // s(s+1)…(s+2k−2) / ((2k)!·y^(2k−1))
  let rest = 0;
  for (let k = 1; k <= bernoulli.length; k++) {
    rest += bernoulli[k - 1]! * factor;
    factor *= ((s + 2 * k - 1) * (s + 2 * k)) / ((2 * k + 1) * (2 * k + 2) * y * y);
  }
  let total = y ** -s * (0.5 + rest) + y ** (1 - s) / (s - 1);
  for (let k = steps - 1; k >= 0; k--) total += (x + k) ** -s;
  return total;
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}
