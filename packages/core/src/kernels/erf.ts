// The error function and what is made of it, number by number, with small relative error also in the tails.

/**
 * Rational minimax approximations: W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of
 * Computation 23 (1969), pp. 631-637. Coefficients from the highest power down; those of a denominator begin with 1.
 */
const near = {
  over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  under: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};
const middle = {
  over: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388375, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  under: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037493,
  ],
};
const far = {
  over: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.01608378514874228,
    6.587491615298378e-4,
  ],
  under: [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
};

/** The quotient of two polynomials at x. */
function ratio({ over, under }: typeof near, x: number): number {
  return polynomial(over, x) / polynomial(under, x);
}

/** The polynomial with these coefficients, from the highest power down, at x: Horner's rule. */
export function polynomial(coefficients: readonly number[], x: number): number {
  // not for-of, which takes twice the time
  let value = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) value = value * x + coefficients[i]!;
  return value;
}

/** The error function, 2/√π · ∫₀ˣ e^(−t²) dt. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return x * ratio(near, x * x);
  if (size >= 6) return Math.sign(x);
  return x < 0 ? upperTail(size) - 1 : 1 - upperTail(size);
}

/** 1 − erf x, which keeps its digits where erf is near 1. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - x * ratio(near, x * x);
  return x < 0 ? 2 - upperTail(-x) : upperTail(x);
}

/** erfc x for x > 0.46875. */
function upperTail(x: number): number {
  return exponentialOfSquare(x, 1) * scaledTail(x);
}

/** e^(x²) · erfc x for x > 0.46875. */
function scaledTail(x: number): number {
  if (x <= 4) return ratio(middle, x);
  const inverse = 1 / (x * x);
  // √(1/π) is the limit of x·e^(x²)·erfc x
  return (0.5641895835477563 - inverse * ratio(far, inverse)) / x;
}

/**
 * The normal distribution function times x. In the lower tail the exponential is of x itself: by erfc(−x/√2) the rounding of
 * that quotient would be multiplied by x².
 */
export function gelu(x: number): number {
  if (x >= -0.67) return 0.5 * x * erfc(-x * Math.SQRT1_2);
  if (x <= -40) return -0;
  return 0.5 * x * exponentialOfSquare(-x, 2) * scaledTail(-x * Math.SQRT1_2);
}

/** The same three functions as expressions of x, for a compiler: all branches are computed, of numbers that none of them overflows. */
export const expressions: {
  readonly [name in 'erf' | 'erfc' | 'gelu']: { readonly expression: string; readonly parts: Record<string, string> };
} = {
  erf: { expression: 'size<=0.46875?x*near:x<0?tail-1:1-tail', parts: partsOf(1) },
  erfc: { expression: 'size<=0.46875?1-x*near:x<0?2-tail:tail', parts: partsOf(1) },
  gelu: {
    expression: 'size<=0.66?0.5*x*(1+scaled*near):x<=-40?-0:x<0?0.5*x*tail:0.5*x*(2-tail)',
    parts: { ...partsOf(2), scaled: `x*${Math.SQRT1_2}` },
  },
};

/** The pieces of erfc(x / √divisor): `near` times the argument is erf of small ones, `tail` is erfc of the size of large ones. */
function partsOf(divisor: 1 | 2): Record<string, string> {
  const argument = divisor === 1 ? 'size' : `(size*${Math.SQRT1_2})`;
  return {
    size: 'Math.min(Math.abs(x),40)',
    argument,
    square: 'argument*argument',
    near: quotientText(near, 'square'),
    cut: 'Math.trunc(size*16)/16',
    power: `Math.exp(-cut*cut/${divisor})*Math.exp(-(size-cut)*(size+cut)/${divisor})`,
    inverse: '1/square',
    beyond: `(0.5641895835477563-inverse*${quotientText(far, 'inverse')})/argument`,
    tail: `power*(argument<=4?${quotientText(middle, 'argument')}:beyond)`,
  };
}

function quotientText({ over, under }: typeof near, x: string): string {
  const polynomialText = (coefficients: readonly number[]): string =>
    coefficients.slice(1).reduce((text, coefficient) => `(${text}*${x}+${coefficient})`, `${coefficients[0]}`);
  return `${polynomialText(over)}/${polynomialText(under)}`;
}

/** e^(−x²/divisor) for x ≥ 0: the square of x cut to sixteenths is exact, so that a large exponent loses no digits. */
function exponentialOfSquare(x: number, divisor: 1 | 2): number {
  if (x >= 40) return 0;
  const cut = Math.trunc(x * 16) / 16;
  return Math.exp((-cut * cut) / divisor) * Math.exp((-(x - cut) * (x + cut)) / divisor);
}
