// Smooth activation functions of neural networks, element by element: the logistic function, and what is made of it and of the
// normal distribution. Those with kinks are in rectifiers.ts. An op is one entry.

import { TapegradError } from '../errors.ts';
import { type ElementwiseKernel, elementwise } from '../kernels/elementwise.ts';
import { gelu as exactGelu, expressions } from '../kernels/erf.ts';
import { defineOp, floatResult, type Op } from '../op.ts';
import type { Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions } from './arguments.ts';
import { sub } from './arithmetic.ts';
import { computedBy, type Unary, unary } from './builders.ts';

export const sigmoid: Unary = unary({
  name: 'sigmoid',
  doc: 'The logistic function.',
  tex: '\\sigma(x) = \\frac{1}{1 + e^{-x}}',
  // e^x below 0, e^(−x) above: neither overflows
  kernel: elementwise('sigmoid', ['x'], 'x<0?Math.exp(x)/(1+Math.exp(x)):1/(1+Math.exp(-x))', {
    expression: 'sigmoid(x)',
  }),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out).mul(sub(1, out)),
});

export const logSigmoid: Unary = unary({
  name: 'logSigmoid',
  doc: 'The logarithm of the logistic function, exact for large |x|.',
  tex: '\\ln \\sigma(x)',
  kernel: elementwise('logSigmoid', ['x'], '(x<0?x:0)-(x===x?Math.log1p(Math.exp(-Math.abs(x))):x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.neg().sigmoid()),
});

export const softplus: Unary = unary({
  name: 'softplus',
  doc: 'The smooth positive part, exact for large |x|.',
  tex: '\\ln(1 + e^x)',
  kernel: elementwise('softplus', ['x'], '(x>0?x:0)+(x===x?Math.log1p(Math.exp(-Math.abs(x))):x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sigmoid()),
});

/**
 * x, cut where float64 has no e^(−|x|) any more: there the derivatives of the functions below have reached their limits, 0 and
 * 1, and those of higher order 0. Their formulas would ask for 0·∞.
 */
function untilSaturated(x: Tensor): Tensor {
  return x.clip(-1000, 1000);
}

/** x·σ(z), and 0 where z is so small that x may be -∞. */
function gated(name: string, z: string): ElementwiseKernel {
  return elementwise(name, ['x'], 'z<-1000?-0:z<0?x*small/(1+small):x/(1+small)', {
    parts: { z, small: 'Math.exp(-Math.abs(z))' },
  });
}

export const silu: Unary = unary({
  name: 'silu',
  doc: 'x times the logistic function of x, also called swish.',
  tex: 'x\\,\\sigma(x)',
  kernel: gated('silu', 'x'),
  saves: ['x'],
  vjp: (g, { x }) => {
    const z = untilSaturated(x);
    const s = z.sigmoid();
    return g.mul(s.mul(z.mul(sub(1, s)).add(1)));
  },
});

export const mish: Unary = unary({
  name: 'mish',
  doc: 'x times the hyperbolic tangent of its softplus.',
  tex: 'x \\tanh(\\ln(1 + e^x))',
  // tanh(ln(1 + e^x)) = n / (n + 2) with n = e^x·(e^x + 2), above 0 in powers of e^(−x); not -∞·0
  kernel: elementwise('mish', ['x'], 'x<-1000?-0:x<0?x*small*(small+2)/below:x*(1+2*small)/above', {
    parts: { small: 'Math.exp(-Math.abs(x))', below: 'small*(small+2)+2', above: '1+2*small+2*small*small' },
  }),
  saves: ['x'],
  vjp: (g, { x }) => {
    const z = untilSaturated(x);
    const t = z.softplus().tanh();
    return g.mul(t.add(z.mul(z.sigmoid()).mul(sub(1, t.square()))));
  },
});

/** Which {@link gelu}. */
export interface GeluOptions {
  /** `tanh`: the formula with a hyperbolic tangent that older models were trained with. Default: `none`. */
  readonly approximate?: 'none' | 'tanh';
}

/** √(2/π), and the weight of x³: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415. */
const [tanhScale, tanhCube] = [Math.sqrt(2 / Math.PI), 0.044715];

const geluKernels = {
  none: elementwise('gelu', ['x'], exactGelu, expressions.gelu),
  // (1 + tanh u) / 2 = σ(2u)
  tanh: gated('geluTanh', `${2 * tanhScale}*(x+${tanhCube}*x*x*x)`),
};

export const gelu: Op<(x: TensorLike, options?: GeluOptions) => Tensor> = defineOp({
  name: 'gelu',
  doc: 'x times the normal distribution function of x: exact, or approximated by a hyperbolic tangent.',
  tex: 'x\\,\\Phi(x)',
  inputs: ['x'],
  elementwise: true,
  attributes: (_shapes: Shapes, options?: GeluOptions) => {
    checkOptions('gelu', options, ['approximate']);
    const approximate = options?.approximate ?? 'none';
    if (!Object.hasOwn(geluKernels, approximate)) {
      throw new TapegradError('gelu', `approximate is ${String(approximate)}. Expected none or tanh.`);
    }
    return { approximate };
  },
  shape: ([x]) => x!,
  dtype: floatResult('gelu'),
  ...computedBy<Required<GeluOptions>>(({ attrs }) => geluKernels[attrs.approximate]),
  saves: ['x'],
  vjp: {
    x: (g, { x }, { attrs }) => {
      const z = untilSaturated(x);
      if (attrs.approximate === 'none') {
        const density = z
          .square()
          .mul(-0.5)
          .exp()
          .div(Math.sqrt(2 * Math.PI));
        return g.mul(z.mul(-Math.SQRT1_2).erfc().mul(0.5).add(z.mul(density)));
      }
      const s = z
        .square()
        .mul(tanhCube)
        .add(1)
        .mul(z.mul(2 * tanhScale))
        .sigmoid();
      const slope = z
        .square()
        .mul(3 * tanhCube)
        .add(1)
        .mul(2 * tanhScale);
      return g.mul(s.mul(z.mul(sub(1, s)).mul(slope).add(1)));
    },
  },
  samples: [
    { inputs: [{ shape: [] }] },
    { inputs: [{ shape: [2, 3], low: -4, high: 4 }] },
    { inputs: [{ shape: [2, 3], low: -4, high: 4 }], args: [{ approximate: 'tanh' }] },
    { inputs: [{ shape: [0, 2] }], args: [{ approximate: 'none' }] },
  ],
});
