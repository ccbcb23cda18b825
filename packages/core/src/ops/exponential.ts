// Exponentials and logarithms, element by element. An op is one entry.

import { elementwise } from '../kernels/elementwise.ts';
import { floatResult } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { type Binary, binary, type Unary, unary } from './builders.ts';
import { where } from './choice.ts';

export const exp: Unary = unary({
  name: 'exp',
  doc: 'The exponential function.',
  tex: 'e^x',
  kernel: elementwise('exp', ['x'], 'Math.exp(x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out),
});

export const exp2: Unary = unary({
  name: 'exp2',
  doc: 'The power of 2.',
  tex: '2^x',
  kernel: elementwise('exp2', ['x'], 'Math.pow(2,x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out.mul(Math.LN2)),
});

export const expm1: Unary = unary({
  name: 'expm1',
  doc: 'The exponential less 1, which keeps its digits near 0.',
  tex: 'e^x - 1',
  kernel: elementwise('expm1', ['x'], 'Math.expm1(x)'),
  saves: ['x'],
  // not out + 1: it loses the digits of a small e^x
  vjp: (g, { x }) => g.mul(x.exp()),
});

export const log: Unary = unary({
  name: 'log',
  doc: 'The natural logarithm; -∞ at 0, NaN below.',
  tex: '\\ln x',
  kernel: elementwise('log', ['x'], 'Math.log(x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(x),
  range: [0.2, 3],
});

export const log2: Unary = unary({
  name: 'log2',
  doc: 'The logarithm to the base 2; -∞ at 0, NaN below.',
  tex: '\\log_2 x',
  kernel: elementwise('log2', ['x'], 'Math.log2(x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(x.mul(Math.LN2)),
  range: [0.2, 3],
});

export const log10: Unary = unary({
  name: 'log10',
  doc: 'The logarithm to the base 10; -∞ at 0, NaN below.',
  tex: '\\log_{10} x',
  kernel: elementwise('log10', ['x'], 'Math.log10(x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(x.mul(Math.LN10)),
  range: [0.2, 3],
});

export const log1p: Unary = unary({
  name: 'log1p',
  doc: 'The logarithm of 1 + x, which keeps its digits near 0; -∞ at -1, NaN below.',
  tex: '\\ln(1 + x)',
  kernel: elementwise('log1p', ['x'], 'Math.log1p(x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.div(x.add(1)),
  range: [-0.7, 2],
});

export const logAddExp: Binary = binary({
  name: 'logAddExp',
  doc: 'The logarithm of a sum of exponentials, without overflow. Equal operands share the gradient evenly, two ∞ too; by -∞ it is 0, also beside another.',
  tex: '\\ln(e^x + e^y)',
  // ∞ − ∞ must not be asked for
  kernel: elementwise('logAddExp', ['x', 'y'], 'x===y?x+Math.LN2:Math.max(x,y)+Math.log1p(Math.exp(-Math.abs(x-y)))'),
  dtype: floatResult,
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => g.mul(logOdds(x, y).sigmoid()),
    y: (g, { x, y }) => g.mul(logOdds(y, x).sigmoid()),
  },
});

/** x − y, which of two ∞ is 0, and of two -∞ is -∞. */
function logOdds(x: Tensor, y: Tensor): Tensor {
  const same = x.equal(y).logicalAnd(x.isFinite().logicalNot());
  return where(same, x.minimum(0), x).sub(where(same, 0, y));
}
