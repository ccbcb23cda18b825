// Rounding, and division that rounds, element by element. An op is one entry.

import { elementwise } from '../kernels/elementwise.ts';
import { arithmeticResult } from '../op.ts';
import { type Binary, binary, type Unary, unary } from './builders.ts';

function rounding(name: string, doc: string, tex: string, scalar: string, parts = {}): Unary {
  return unary({
    name,
    doc: `${doc} Constant between its jumps, so no gradient flows.`,
    tex,
    kernel: elementwise(name, ['x'], scalar, { parts }),
    dtype: arithmeticResult,
    saves: [],
    vjp: 'not differentiable',
  });
}

export const floor: Unary = rounding(
  'floor',
  'The largest whole number that is not above x.',
  '\\lfloor x \\rfloor',
  'Math.floor(x)',
);

export const ceil: Unary = rounding(
  'ceil',
  'The smallest whole number that is not below x.',
  '\\lceil x \\rceil',
  'Math.ceil(x)',
);

export const trunc: Unary = rounding(
  'trunc',
  'The whole part: x rounded towards 0.',
  '\\operatorname{trunc} x',
  'Math.trunc(x)',
);

export const round: Unary = rounding(
  'round',
  'The nearest whole number, halves to the even one, as IEEE 754 and NumPy round.',
  '\\operatorname{round} x',
  // of a half, which is exact, the even one of the two
  'rest<0.5?whole:rest>0.5?whole+Math.sign(x):2*Math.trunc((whole+Math.sign(x))/2)',
  { whole: 'Math.trunc(x)', rest: 'Math.abs(x-whole)' },
);

export const floorDiv: Binary = binary({
  name: 'floorDiv',
  doc: "The quotient rounded down, Python's `//`: the x - mod(x, y) that is left, in multiples of y. No gradient flows. Whole numbers by 0 give 0.",
  tex: '\\left\\lfloor \\frac{x}{y} \\right\\rfloor',
  kernel: elementwise('floorDiv', ['x', 'y'], floorQuotient),
  saves: [],
  vjp: { x: 'not differentiable', y: 'not differentiable' },
  ranges: { y: [0.5, 2] },
});

export const mod: Binary = binary({
  name: 'mod',
  doc: "What is left of x after floorDiv, Python's `%`: it has the sign of y. At its jumps the gradient is that of the right-hand piece. Whole numbers by 0 give 0.",
  tex: 'x - y \\left\\lfloor \\frac{x}{y} \\right\\rfloor',
  kernel: elementwise('mod', ['x', 'y'], remainder),
  saves: ['x', 'y'],
  vjp: { x: (g) => g, y: (g, { x, y }) => g.mul(x.floorDiv(y)).neg() },
  ranges: { y: [0.5, 2] },
});

/** The remainder with the sign of y. */
function remainder(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

function floorQuotient(x: number, y: number): number {
  if (y === 0) return x / y;
  // not floor(x / y): 1 / 0.1 is rounded up to 10, though ten times 0.1 is more than 1
  const rest = x % y;
  const borrowed = rest !== 0 && rest < 0 !== y < 0 ? 1 : 0;
  return Math.round((x - rest) / y) - borrowed;
}
