// Powers and roots, element by element. An op is one entry.

import { TapegradError } from '../errors.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { arithmeticResult, floatResult } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { isAbstract } from '../tracing.ts';
import { type Binary, binary, type Unary, unary } from './builders.ts';
import { where } from './choice.ts';

export const square: Unary = unary({
  name: 'square',
  doc: 'The second power.',
  tex: 'x^2',
  notation: { plain: 'x²' },
  kernel: elementwise('square', ['x'], 'x*x'),
  dtype: arithmeticResult,
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.mul(2)),
});

export const sqrt: Unary = unary({
  name: 'sqrt',
  doc: 'The square root; NaN for negative numbers. Its gradient at 0 is infinite.',
  tex: '\\sqrt{x}',
  kernel: elementwise('sqrt', ['x'], 'Math.sqrt(x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.div(out.mul(2)),
  range: [0.2, 3],
});

export const rsqrt: Unary = unary({
  name: 'rsqrt',
  doc: 'One divided by the square root: infinite at 0, NaN for negative numbers.',
  tex: '\\frac{1}{\\sqrt{x}}',
  kernel: elementwise('rsqrt', ['x'], '1/Math.sqrt(x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out.square().mul(out).mul(-0.5)),
  range: [0.5, 3],
});

export const cbrt: Unary = unary({
  name: 'cbrt',
  doc: 'The cube root, negative for negative numbers. Its gradient at 0 is infinite.',
  tex: '\\sqrt[3]{x}',
  kernel: elementwise('cbrt', ['x'], 'Math.cbrt(x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.div(out.square().mul(3)),
  range: [0.5, 3],
});

// not Math.pow alone: it gives NaN for (±1)^±∞ and 1^NaN, where IEEE 754 and NumPy have 1
const realPower = elementwise('pow', ['x', 'y'], '(x===1||(x===-1&&(y===Infinity||y===-Infinity)))?1:Math.pow(x,y)');

// A power that is no whole number is refused: stored as one, 2⁻¹ would be 0.
const wholePower = elementwise('pow', ['x', 'y'], (x, y) => {
  if (y! >= 0) return x! ** y!;
  throw new TapegradError(
    'pow',
    `an exponent is ${y}, and x is of whole numbers. Expected exponents >= 0; for fractions use x.asType('float32').`,
  );
});

export const pow: Binary = binary({
  name: 'pow',
  doc: 'The power. Whole numbers have no power by a negative whole number: it is refused, as in NumPy. x⁰ is 1 with gradient 0, also at x = 0; by the exponent, the gradient of 0^y is 0 for y ≥ 0. A negative base has no gradient by the exponent: NaN.',
  tex: 'x^y',
  notation: { plain: 'x^y' },
  kernel: realPower,
  wholeKernel: wholePower,
  saves: ['x', 'y', 'out'],
  vjp: {
    x: (g, { x, y }) => {
      if (y.size === 1 && !isAbstract(y.array) && y.item() !== 0) return g.mul(y.mul(x.pow(y.sub(1))));
      // y·x^(y−1), where y = 0 must not ask for 0·0^(−1). Elsewhere it may: by y, the derivative of 0·x^(−1) is 1/x.
      const pole = y.equal(0).logicalAnd(x.reciprocal().isFinite().logicalNot());
      return g.mul(y.mul(x.pow(where(pole, 1, y.sub(1)))));
    },
    y: (g, { x, y, out }) => {
      // out·ln x, where ln 0 = −∞ must not meet 0^y = 0
      const vanishes = x.equal(0).logicalAnd(y.greaterEqual(0));
      return g.mul(out.mul(where(vanishes, 1, x).asType(g.dtype).log()));
    },
  },
  ranges: { x: [0.3, 2] },
});

export const hypot: Binary = binary({
  name: 'hypot',
  doc: 'The length of the vector (x, y), whose square may overflow. Its gradient at the origin is 0; by an infinite operand it is the sign.',
  tex: '\\sqrt{x^2 + y^2}',
  kernel: elementwise('hypot', ['x', 'y'], 'Math.hypot(x,y)'),
  dtype: floatResult,
  saves: ['x', 'y', 'out'],
  vjp: {
    x: (g, { x, out }) => g.mul(cosine(x, out)),
    y: (g, { y, out }) => g.mul(cosine(y, out)),
  },
});

/** One side of a right triangle divided by the longest, where neither 0/0 nor ∞/∞ must be asked for. */
function cosine(side: Tensor, longest: Tensor): Tensor {
  const undefinedRatio = longest.equal(0).logicalOr(side.abs().equal(Number.POSITIVE_INFINITY));
  return where(undefinedRatio, side.sign(), where(undefinedRatio, 0, side).div(where(undefinedRatio, 1, longest)));
}
