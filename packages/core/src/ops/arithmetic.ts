// Arithmetic, element by element: sums, products, quotients, and what is made of two or three of them. An op is one entry.

import { elementwise, elementwiseWith } from '../kernels/elementwise.ts';
import { arithmeticResult, defineOp, floatResult, type Op } from '../op.ts';
import { broadcastShapes, type Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { besideNumbers, numberOption } from './arguments.ts';
import { type Binary, binary, computedBy, type Unary, unary } from './builders.ts';

export const add: Binary = binary({
  name: 'add',
  doc: 'The sum.',
  tex: 'x + y',
  notation: { plain: 'x + y' },
  kernel: elementwise('add', ['x', 'y'], 'x+y'),
  saves: [],
  vjp: { x: (g) => g, y: (g) => g },
});

export const sub: Binary = binary({
  name: 'sub',
  doc: 'The difference.',
  tex: 'x - y',
  notation: { plain: 'x − y' },
  kernel: elementwise('sub', ['x', 'y'], 'x-y'),
  saves: [],
  vjp: { x: (g) => g, y: (g) => g.neg() },
});

export const mul: Binary = binary({
  name: 'mul',
  doc: 'The product, element by element.',
  tex: 'x \\odot y',
  notation: { plain: 'x ⊙ y' },
  kernel: elementwise('mul', ['x', 'y'], 'x*y'),
  saves: ['x', 'y'],
  vjp: { x: (g, { y }) => g.mul(y), y: (g, { x }) => g.mul(x) },
});

export const div: Binary = binary({
  name: 'div',
  doc: 'The quotient. Whole numbers divide to float32.',
  tex: '\\frac{x}{y}',
  notation: { plain: 'x / y' },
  kernel: elementwise('div', ['x', 'y'], 'x/y'),
  dtype: floatResult,
  saves: ['y', 'out'],
  vjp: {
    x: (g, { y }) => g.div(y),
    // d(x/y)/dy = −x/y² = −out/y: reuse out, and keep y alone.
    y: (g, { y, out }) => g.mul(out).div(y).neg(),
  },
  ranges: { y: [0.5, 2] },
});

export const neg: Unary = unary({
  name: 'neg',
  doc: 'The negative.',
  tex: '-x',
  notation: { plain: '−x' },
  kernel: elementwise('neg', ['x'], '-x'),
  dtype: arithmeticResult,
  saves: [],
  vjp: (g) => g.neg(),
});

export const sign: Unary = unary({
  name: 'sign',
  doc: 'The sign: -1, 0 or 1. Constant between its jumps, so no gradient flows.',
  tex: '\\operatorname{sign} x',
  kernel: elementwise('sign', ['x'], 'Math.sign(x)'),
  dtype: arithmeticResult,
  saves: [],
  vjp: 'not differentiable',
});

export const abs: Unary = unary({
  name: 'abs',
  doc: 'The absolute value. Its gradient at 0 is 0.',
  tex: '|x|',
  notation: { plain: '|x|' },
  kernel: elementwise('abs', ['x'], 'Math.abs(x)'),
  dtype: arithmeticResult,
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sign()),
});

export const reciprocal: Unary = unary({
  name: 'reciprocal',
  doc: 'One divided by x: infinite at 0.',
  tex: '\\frac{1}{x}',
  notation: { plain: '1 / x' },
  kernel: elementwise('reciprocal', ['x'], '1/x'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out.square()).neg(),
  range: [0.5, 2],
});

export const squaredDifference: Binary = binary({
  name: 'squaredDifference',
  doc: 'The square of the difference.',
  tex: '(x - y)^2',
  notation: { plain: '(x − y)²' },
  kernel: elementwise('squaredDifference', ['x', 'y'], '(x-y)*(x-y)'),
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => g.mul(x.sub(y).mul(2)),
    y: (g, { x, y }) => g.mul(y.sub(x).mul(2)),
  },
});

const interpolate = elementwise('lerp', ['x', 'y', 'weight'], 'weight<0.5?x+weight*(y-x):y-(1-weight)*(y-x)');

export const lerp: Op<(x: TensorLike, y: TensorLike, weight: TensorLike) => Tensor> = defineOp({
  name: 'lerp',
  doc: 'Linear interpolation: x where the weight is 0, y where it is 1, both exactly. The weight may lie outside of 0 to 1.',
  tex: 'x + w\\,(y - x)',
  inputs: ['x', 'y', 'weight'],
  elementwise: true,
  broadcasts: true,
  shape: (shapes) => broadcastShapes('lerp', shapes),
  dtype: floatResult('lerp'),
  ...computedBy(() => interpolate),
  saves: ['x', 'y', 'weight'],
  vjp: {
    x: (g, { weight }) => g.mul(sub(1, weight)),
    y: (g, { weight }) => g.mul(weight),
    weight: (g, { x, y }) => g.mul(y.sub(x)),
  },
  samples: [
    { inputs: [{ shape: [] }, { shape: [] }, { shape: [], low: 0, high: 1 }] },
    { inputs: [{ shape: [2, 3] }, { shape: [3] }, { shape: [2, 1], low: 0, high: 1 }] },
    { inputs: [{ shape: [0, 3] }, { shape: [3] }, { shape: [] }] },
  ],
});

/** How {@link addcmul} weighs the product. */
export interface AddcmulOptions {
  /** What the product is multiplied by. Default: 1. */
  readonly value?: number;
}

const addProduct = elementwiseWith('addcmul', ['x', 'y', 'z'], ['value'], 'x+value*y*z');

export const addcmul: Op<(x: TensorLike, y: TensorLike, z: TensorLike, options?: AddcmulOptions) => Tensor> = defineOp({
  name: 'addcmul',
  doc: 'A sum with a product, which may be weighted by `value`.',
  tex: 'x + v\\,y \\odot z',
  inputs: ['x', 'y', 'z'],
  elementwise: true,
  broadcasts: true,
  attributes: (_shapes: Shapes, options?: AddcmulOptions) => ({
    value: numberOption('addcmul', options, 'value', 1),
  }),
  shape: (shapes) => broadcastShapes('addcmul', shapes),
  dtype: (dtypes, { value }) => besideNumbers(arithmeticResult('addcmul')(dtypes), [value]),
  ...computedBy<Required<AddcmulOptions>>(({ attrs }) => addProduct(attrs.value)),
  saves: ['y', 'z'],
  vjp: {
    x: (g) => g,
    y: (g, { z }, { attrs }) => g.mul(z).mul(attrs.value),
    z: (g, { y }, { attrs }) => g.mul(y).mul(attrs.value),
  },
  samples: [
    { inputs: [{ shape: [] }, { shape: [] }, { shape: [] }] },
    { inputs: [{ shape: [3] }, { shape: [2, 1] }, { shape: [3] }], args: [{ value: -0.5 }] },
    { inputs: [{ shape: [2, 3] }, { shape: [] }, { shape: [0, 2, 1] }], args: [{}] },
  ],
});
