// Activation functions made of pieces, element by element: rectifiers, and straight lines in place of curves. The smooth ones are
// in activations.ts. An op is one entry.

import { TapegradError } from '../errors.ts';
import { type ElementwiseKernel, elementwise, elementwiseWith } from '../kernels/elementwise.ts';
import { arithmeticResult, defineOp, floatResult, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { numberOption } from './arguments.ts';
import { computedBy, type Unary, unary } from './builders.ts';
import { where } from './choice.ts';

export const relu: Unary = unary({
  name: 'relu',
  doc: 'The positive part. Its gradient at 0 is 0; NaN stays NaN, with gradient 1.',
  tex: '\\max(x, 0)',
  // not maximum(x, 0): that halves the gradient at 0
  kernel: elementwise('relu', ['x'], 'x<0?0:x'),
  dtype: arithmeticResult,
  saves: ['out'],
  vjp: (g, { out }) => where(out.lessEqual(0), 0, g),
});

export const relu6: Unary = unary({
  name: 'relu6',
  doc: 'The positive part, 6 at most. Its gradient at 0 and at 6 is 0; NaN stays NaN, with gradient 1.',
  tex: '\\min(\\max(x, 0), 6)',
  kernel: elementwise('relu6', ['x'], 'x<0?0:x>6?6:x'),
  dtype: arithmeticResult,
  saves: ['out'],
  vjp: (g, { out }) => where(out.lessEqual(0).logicalOr(out.greaterEqual(6)), 0, g),
  range: [-3, 9],
});

/** Whether x is on one of the flat ends of {@link hardSigmoid}, to which its corners belong. */
function outside(x: Tensor): Tensor {
  return x.abs().greaterEqual(3);
}

export const hardSigmoid: Unary = unary({
  name: 'hardSigmoid',
  doc: 'The logistic function in straight lines: 0 up to -3, 1 from 3 on. Its gradient at -3 and at 3 is 0; NaN stays NaN.',
  tex: '\\min(\\max(x + 3, 0), 6) / 6',
  kernel: elementwise('hardSigmoid', ['x'], 'x<=-3?0:x>=3?1:(x+3)/6'),
  saves: ['x'],
  vjp: (g, { x }) => where(outside(x), 0, g.div(6)),
  range: [-5, 5],
});

export const hardSwish: Unary = unary({
  name: 'hardSwish',
  doc: 'x times hardSigmoid of x: 0 up to -3, x from 3 on. Its gradient at -3 is 0 and at 3 is 1, that of the straight lines.',
  tex: 'x \\min(\\max(x + 3, 0), 6) / 6',
  kernel: elementwise('hardSwish', ['x'], 'x<=-3?0:x>=3?x:x*(x+3)/6'),
  saves: ['x'],
  vjp: (g, { x }) => {
    const curve = where(outside(x), 0, x).div(3).add(0.5);
    return where(x.lessEqual(-3), 0, where(x.greaterEqual(3), g, g.mul(curve)));
  },
  range: [-5, 5],
});

export const softsign: Unary = unary({
  name: 'softsign',
  doc: 'x over 1 + |x|: -1 and 1 at the infinities.',
  tex: '\\frac{x}{1 + |x|}',
  kernel: elementwise('softsign', ['x'], 'x-x===0?x/(1+Math.abs(x)):Math.sign(x)'),
  saves: ['x'],
  vjp: (g, { x }) => {
    const divisor = x.abs().add(1);
    return g.div(divisor).div(divisor);
  },
});

/** How steep {@link leakyRelu} is below 0. */
export interface LeakyReluOptions {
  /** Default: 0.01. */
  readonly negativeSlope?: number;
}

const bent = elementwiseWith('leakyRelu', ['x'], ['slope'], 'x>0?x:slope*x');

export const leakyRelu: Op<(x: TensorLike, options?: LeakyReluOptions) => Tensor> = defineOp({
  name: 'leakyRelu',
  doc: 'x above 0, a fraction of it below. The gradient at 0 is the negative slope.',
  tex: '\\max(x, 0) + s \\min(x, 0)',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, options?: LeakyReluOptions) => ({
    negativeSlope: numberOption('leakyRelu', options, 'negativeSlope', 0.01),
  }),
  shape: ([x]) => x!,
  dtype: floatResult('leakyRelu'),
  ...computedBy<Required<LeakyReluOptions>>(({ attrs }) => bent(attrs.negativeSlope)),
  saves: ['x'],
  vjp: { x: (g, { x }, { attrs }) => where(x.greater(0), g, g.mul(attrs.negativeSlope)) },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3] }], args: [{ negativeSlope: 0.3 }] },
    { inputs: [{ shape: [3] }], args: [{ negativeSlope: -1 }] },
    { inputs: [{ shape: [0, 2] }], args: [{}] },
  ],
});

/** How {@link elu} and {@link celu} go on below 0. */
export interface EluOptions {
  /** -alpha is the limit at -∞. Default: 1. */
  readonly alpha?: number;
}

/** A line above 0, an exponential below: slope·x, and height·(e^(x/width) − 1). */
interface Bend {
  readonly slope: number;
  readonly height: number;
  readonly width: number;
}

const bend = elementwiseWith(
  'exponentialUnit',
  ['x'],
  ['slope', 'height', 'width'],
  'x>0?slope*x:height*Math.expm1(x/width)',
);

function exponentialKernel({ slope, height, width }: Bend): ElementwiseKernel {
  return bend(slope, height, width);
}

/** The derivative of a bend; at 0 that of the exponential. */
function bendSlope(x: Tensor, { slope, height, width }: Bend): Tensor {
  const above = x.greater(0);
  // e^x of a large x would be infinite, also where it is not chosen
  return where(
    above,
    slope,
    where(above, 0, x)
      .div(width)
      .exp()
      .mul(height / width),
  );
}

type ExponentialUnit = Op<(x: TensorLike, options?: EluOptions) => Tensor>;

function exponentialUnit(name: string, doc: string, tex: string, bendOf: (alpha: number) => Bend): ExponentialUnit {
  return defineOp({
    name,
    doc,
    tex,
    inputs: ['x'],
    elementwise: true,
    attributes: (_shapes: Shapes, options?: EluOptions) => {
      const alpha = numberOption(name, options, 'alpha', 1);
      if (bendOf(alpha).width === 0) {
        throw new TapegradError(name, 'alpha is 0. Expected another number: x is divided by it.');
      }
      return { alpha };
    },
    shape: ([x]) => x!,
    dtype: floatResult(name),
    ...computedBy<Required<EluOptions>>(({ attrs }) => exponentialKernel(bendOf(attrs.alpha))),
    saves: ['x'],
    vjp: { x: (g, { x }, { attrs }) => g.mul(bendSlope(x, bendOf(attrs.alpha))) },
    samples: [
      { inputs: [{ shape: [] }] },
      { inputs: [{ shape: [2, 3] }], args: [{ alpha: 0.7 }] },
      { inputs: [{ shape: [3] }], args: [{ alpha: 2 }] },
      { inputs: [{ shape: [0, 2] }], args: [{}] },
    ],
  });
}

export const elu: ExponentialUnit = exponentialUnit(
  'elu',
  'The exponential linear unit: x above 0, a saturating exponential below. Its gradient at 0 is alpha.',
  '\\max(x, 0) + \\min(\\alpha (e^x - 1), 0)',
  (alpha) => ({ slope: 1, height: alpha, width: 1 }),
);

export const celu: ExponentialUnit = exponentialUnit(
  'celu',
  'The exponential linear unit without a kink: elu with x divided by alpha in the exponent.',
  '\\max(x, 0) + \\min(\\alpha (e^{x / \\alpha} - 1), 0)',
  (alpha) => ({ slope: 1, height: alpha, width: alpha }),
);

/** λ and λα of Klambauer et al., "Self-Normalizing Neural Networks", arXiv:1706.02515: they keep mean 0 and variance 1. */
const selfNormalizing: Bend = {
  slope: 1.0507009873554805,
  height: 1.0507009873554805 * 1.6732632423543772,
  width: 1,
};

export const selu: Unary = unary({
  name: 'selu',
  doc: 'The self-normalizing exponential linear unit: elu, scaled. Its gradient at 0 is that of the exponential.',
  tex: '\\lambda\\,\\operatorname{elu}_\\alpha(x)',
  kernel: exponentialKernel(selfNormalizing),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(bendSlope(x, selfNormalizing)),
});
