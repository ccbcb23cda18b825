// Circular and hyperbolic functions, element by element. An op is one entry.

import { type ElementwiseKernel, elementwise } from '../kernels/elementwise.ts';
import { floatResult } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { sub } from './arithmetic.ts';
import { type Binary, binary, type Unary, unary } from './builders.ts';
import { where } from './choice.ts';

/** JavaScript's own function of one number. */
function native(name: string): ElementwiseKernel {
  return elementwise(name, ['x'], `Math.${name}(x)`);
}

export const sin: Unary = unary({
  name: 'sin',
  doc: 'The sine of an angle in radians.',
  tex: '\\sin x',
  kernel: native('sin'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.cos()),
});

export const cos: Unary = unary({
  name: 'cos',
  doc: 'The cosine of an angle in radians.',
  tex: '\\cos x',
  kernel: native('cos'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sin()).neg(),
});

export const tan: Unary = unary({
  name: 'tan',
  doc: 'The tangent of an angle in radians.',
  tex: '\\tan x',
  kernel: native('tan'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out.square().add(1)),
  range: [-1.2, 1.2],
});

/** 1 − x², whose digits are kept where |x| is near 1. */
function oneMinusSquare(x: Tensor): Tensor {
  return sub(1, x).mul(x.add(1));
}

export const asin: Unary = unary({
  name: 'asin',
  doc: 'The angle from -π/2 to π/2 that has the sine x; NaN beyond -1 and 1, where the gradient is infinite.',
  tex: '\\arcsin x',
  kernel: native('asin'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(oneMinusSquare(x).sqrt()),
  range: [-0.8, 0.8],
});

export const acos: Unary = unary({
  name: 'acos',
  doc: 'The angle from 0 to π that has the cosine x; NaN beyond -1 and 1, where the gradient is infinite.',
  tex: '\\arccos x',
  kernel: native('acos'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(oneMinusSquare(x).sqrt()).neg(),
  range: [-0.8, 0.8],
});

export const atan: Unary = unary({
  name: 'atan',
  doc: 'The angle from -π/2 to π/2 that has the tangent x.',
  tex: '\\arctan x',
  kernel: native('atan'),
  saves: ['x'],
  vjp: (g, { x }) => {
    const secant = x.hypot(1); // 1 + x² may overflow, its root does not
    return g.div(secant).div(secant);
  },
});

export const atan2: Binary = binary({
  name: 'atan2',
  doc: 'The angle from -π to π of the point whose height is the first operand, and the second its way to the right. Its gradient at the origin is 0.',
  tex: '\\operatorname{atan2}(x, y)',
  kernel: elementwise('atan2', ['x', 'y'], 'Math.atan2(x,y)'),
  dtype: floatResult,
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => g.mul(inverted(y, x)),
    y: (g, { x, y }) => g.mul(inverted(x, y)).neg(),
  },
});

/** x / (x² + y²), and 0 at the origin and at infinity. */
function inverted(x: Tensor, y: Tensor): Tensor {
  const radius = x.hypot(y);
  const still = radius.equal(0).logicalOr(radius.equal(Number.POSITIVE_INFINITY));
  const divisor = where(still, 1, radius);
  return where(still, 0, x).div(divisor).div(divisor);
}

export const sinh: Unary = unary({
  name: 'sinh',
  doc: 'The hyperbolic sine.',
  tex: '\\sinh x',
  kernel: native('sinh'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.cosh()),
});

export const cosh: Unary = unary({
  name: 'cosh',
  doc: 'The hyperbolic cosine.',
  tex: '\\cosh x',
  kernel: native('cosh'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sinh()),
});

export const tanh: Unary = unary({
  name: 'tanh',
  doc: 'The hyperbolic tangent.',
  tex: '\\tanh x',
  kernel: native('tanh'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(sub(1, out.square())),
});

export const asinh: Unary = unary({
  name: 'asinh',
  doc: 'The number whose hyperbolic sine is x.',
  tex: '\\operatorname{arsinh} x',
  kernel: native('asinh'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(x.hypot(1)),
});

export const acosh: Unary = unary({
  name: 'acosh',
  doc: 'The number from 0 on whose hyperbolic cosine is x; NaN below 1, where the gradient is infinite.',
  tex: '\\operatorname{arcosh} x',
  kernel: native('acosh'),
  saves: ['x'],
  // not √(x² − 1), which overflows
  vjp: (g, { x }) => g.div(x.sub(1).sqrt().mul(x.add(1).sqrt())),
  range: [1.3, 3],
});

export const atanh: Unary = unary({
  name: 'atanh',
  doc: 'The number whose hyperbolic tangent is x; infinite at -1 and 1, as is the gradient, and NaN beyond.',
  tex: '\\operatorname{artanh} x',
  kernel: native('atanh'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(oneMinusSquare(x)),
  range: [-0.8, 0.8],
});
