// The error function and the gamma function with its derivatives, element by element. An op is one entry.

import { TapegradError } from '../errors.ts';
import { elementwise, elementwiseWith } from '../kernels/elementwise.ts';
import { erfc as erfcOf, erf as erfOf, expressions } from '../kernels/erf.ts';
import { digamma as digammaOf, lgamma as lgammaOf, polygamma as polygammaOf } from '../kernels/gamma.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { describe } from './arguments.ts';
import { computedBy, type Unary, unary } from './builders.ts';

/** The derivative of erf. It is 0 beyond 30, in float64 too: cut there, x² does not overflow, and ∞ has a gradient of 0. */
function bell(x: Tensor): Tensor {
  return x
    .clip(-30, 30)
    .square()
    .neg()
    .exp()
    .mul(2 / Math.sqrt(Math.PI));
}

export const erf: Unary = unary({
  name: 'erf',
  doc: 'The error function.',
  tex: '\\frac{2}{\\sqrt{\\pi}} \\int_0^x e^{-t^2} dt',
  kernel: elementwise('erf', ['x'], erfOf, expressions.erf),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(bell(x)),
});

export const erfc: Unary = unary({
  name: 'erfc',
  doc: 'The complement of erf, 1 - erf x: it keeps its digits where erf is near 1.',
  tex: '\\frac{2}{\\sqrt{\\pi}} \\int_x^\\infty e^{-t^2} dt',
  kernel: elementwise('erfc', ['x'], erfcOf, expressions.erfc),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(bell(x)).neg(),
});

export const lgamma: Unary = unary({
  name: 'lgamma',
  doc: 'The logarithm of the absolute value of the gamma function: infinite at 0 and at negative whole numbers.',
  tex: '\\ln |\\Gamma(x)|',
  kernel: elementwise('lgamma', ['x'], lgammaOf),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.digamma()),
  range: [0.5, 4],
});

export const digamma: Unary = unary({
  name: 'digamma',
  doc: 'The derivative of lgamma: -∞ at 0, NaN at negative whole numbers, where it jumps between infinities.',
  tex: "\\psi(x) = \\frac{\\Gamma'(x)}{\\Gamma(x)}",
  kernel: elementwise('digamma', ['x'], digammaOf),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.polygamma(1)),
  range: [0.7, 4],
});

const derivative = elementwiseWith('polygamma', ['x'], ['n'], polygammaOf);

/** Factorials of larger numbers are infinite. */
const highestOrder = 170;

export const polygamma: Op<(x: TensorLike, n: number) => Tensor> = defineOp({
  name: 'polygamma',
  doc: 'The n-th derivative of digamma. At 0 and at negative whole numbers it is infinite for odd n, and for even n as digamma.',
  tex: '\\psi^{(n)}(x)',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, n: number) => {
    if (!Number.isInteger(n) || n < 0 || n > highestOrder) {
      throw new TapegradError(
        'polygamma',
        `n is ${describe(n)}. Expected a whole number from 0 to ${highestOrder}, after x.`,
      );
    }
    return { n };
  },
  shape: ([x]) => x!,
  dtype: floatResult('polygamma'),
  ...computedBy<{ readonly n: number }>(({ attrs }) => derivative(attrs.n)),
  saves: ['x'],
  vjp: { x: (g, { x }, { attrs }) => g.mul(x.polygamma(attrs.n + 1)) },
  samples: [
    { inputs: [{ shape: [], low: 0.7, high: 3 }], args: [0] },
    { inputs: [{ shape: [2, 3], low: 1, high: 3 }], args: [1] },
    { inputs: [{ shape: [3], low: -2.7, high: -2.3 }], args: [2] },
    { inputs: [{ shape: [0, 2] }], args: [1] },
  ],
});
