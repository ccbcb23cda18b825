// The element-wise ops: arithmetic, powers, exponentials, activations, comparisons, choice. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, copyOf, type NdArray } from '../arrays.ts';
import { checkDType, type DType, promote } from '../dtype.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { arithmeticResult, boolResult, defineOp, floatResult, type Op, sameResult } from '../op.ts';
import { broadcastShapes, type Shapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { type Binary, binary, map, type Unary, unary } from './builders.ts';

// Values passed on.

const passing = {
  inputs: ['x'],
  shape: ([x]: Shapes) => x!,
  dtype: sameResult,
  forward: ([x]: readonly NdArray[]) => x!,
  saves: [],
  samples: [{ inputs: [{ shape: [2, 3] }] }],
} as const;

export const identity: Unary = defineOp({
  ...passing,
  name: 'identity',
  doc: 'The same values, as a step of its own on the tape.',
  tex: 'x',
  vjp: { x: (g) => g },
});

export const stopGradient: Unary = defineOp({
  ...passing,
  name: 'stopGradient',
  doc: 'The same values, as a constant: no gradient flows back through it.',
  tex: 'x',
  vjp: { x: 'not differentiable' },
});

export const asType: Op<(x: TensorLike, dtype: DType) => Tensor> = defineOp({
  name: 'asType',
  doc: 'The same values in another dtype. To int32 they are cut towards zero, and beyond 32 bits wrap around; to bool everything but 0 becomes true.',
  tex: 'x',
  inputs: ['x'],
  attributes: (_shapes: Shapes, dtype: DType) => {
    checkDType('asType', dtype);
    return { dtype };
  },
  shape: ([x]) => x!,
  dtype: (_dtypes, { dtype }) => dtype,
  forward: ([x], { dtype, shape }) => {
    if (dtype !== 'bool') return copyOf(x!, dtype);
    const out = allocate('bool', shape);
    nd.neqs(out, x!, 0);
    return out;
  },
  saves: [],
  vjp: { x: (g, _saved, { inputs: [x] }) => g.asType(x!.dtype) },
  samples: [{ inputs: [{ shape: [2, 3] }], args: ['float64'] }],
});

// Arithmetic.

export const add: Binary = binary({
  name: 'add',
  doc: 'The sum.',
  tex: 'x + y',
  kernel: nd.add,
  saves: [],
  vjp: { x: (g) => g, y: (g) => g },
});

export const sub: Binary = binary({
  name: 'sub',
  doc: 'The difference.',
  tex: 'x - y',
  kernel: nd.sub,
  saves: [],
  vjp: { x: (g) => g, y: (g) => g.neg() },
});

export const mul: Binary = binary({
  name: 'mul',
  doc: 'The product, element by element.',
  tex: 'x \\odot y',
  kernel: nd.mul,
  saves: ['x', 'y'],
  vjp: { x: (g, { y }) => g.mul(y), y: (g, { x }) => g.mul(x) },
});

export const div: Binary = binary({
  name: 'div',
  doc: 'The quotient. Whole numbers divide to float32.',
  tex: '\\frac{x}{y}',
  kernel: nd.div,
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
  kernel: nd.neg,
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
  kernel: nd.abs,
  dtype: arithmeticResult,
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sign()),
});

export const square: Unary = unary({
  name: 'square',
  doc: 'The second power.',
  tex: 'x^2',
  kernel: elementwise('square', ['x'], 'x*x'),
  dtype: arithmeticResult,
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.mul(2)),
});

export const sqrt: Unary = unary({
  name: 'sqrt',
  doc: 'The square root; NaN for negative numbers. Its gradient at 0 is infinite.',
  tex: '\\sqrt{x}',
  kernel: nd.sqrt,
  saves: ['out'],
  vjp: (g, { out }) => g.div(out.mul(2)),
  range: [0.2, 3],
});

export const pow: Binary = binary({
  name: 'pow',
  doc: 'The power. x⁰ is 1 with gradient 0, also at x = 0; by the exponent, the gradient of 0^y is 0 for y ≥ 0. A negative base has no gradient by the exponent: NaN.',
  tex: 'x^y',
  // not Math.pow alone: it gives NaN for (±1)^±∞ and 1^NaN, where IEEE 754 and NumPy have 1
  kernel: elementwise('pow', ['x', 'y'], '(x===1||(x===-1&&(y===Infinity||y===-Infinity)))?1:Math.pow(x,y)'),
  saves: ['x', 'y', 'out'],
  vjp: {
    // y·x^(y−1), where y = 0 must not ask for 0·0^(−1)
    x: (g, { x, y }) => g.mul(y.mul(x.pow(where(y.equal(0), 1, y.sub(1))))),
    // out·log x, where log 0 = −∞ must not meet 0^y = 0
    y: (g, { x, y, out }) =>
      g.mul(
        out.mul(
          where(x.equal(0).mul(y.greaterEqual(0)), 1, x)
            .asType(g.dtype)
            .log(),
        ),
      ),
  },
  ranges: { x: [0.3, 2] },
});

// Exponentials and logarithms.

export const exp: Unary = unary({
  name: 'exp',
  doc: 'The exponential function.',
  tex: 'e^x',
  kernel: nd.exp,
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out),
});

export const log: Unary = unary({
  name: 'log',
  doc: 'The natural logarithm; -∞ at 0, NaN below.',
  tex: '\\ln x',
  kernel: nd.log,
  saves: ['x'],
  vjp: (g, { x }) => g.div(x),
  range: [0.2, 3],
});

// Activations.

export const tanh: Unary = unary({
  name: 'tanh',
  doc: 'The hyperbolic tangent.',
  tex: '\\tanh x',
  kernel: elementwise('tanh', ['x'], 'Math.tanh(x)'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(sub(1, out.square())),
});

export const sigmoid: Unary = unary({
  name: 'sigmoid',
  doc: 'The logistic function.',
  tex: '\\sigma(x) = \\frac{1}{1 + e^{-x}}',
  // e^x below 0, e^(−x) above: neither overflows
  kernel: elementwise('sigmoid', ['x'], 'x<0?Math.exp(x)/(1+Math.exp(x)):1/(1+Math.exp(-x))'),
  saves: ['out'],
  vjp: (g, { out }) => g.mul(out).mul(sub(1, out)),
});

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

export const softplus: Unary = unary({
  name: 'softplus',
  doc: 'The smooth positive part, exact for large |x|.',
  tex: '\\ln(1 + e^x)',
  kernel: elementwise('softplus', ['x'], '(x>0?x:0)+(x===x?Math.log1p(Math.exp(-Math.abs(x))):x)'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.sigmoid()),
});

// Extremes of two.

export const maximum: Binary = binary({
  name: 'maximum',
  doc: 'The larger of two. Where they are equal the gradient is split evenly. NaN wins, and neither has a gradient.',
  tex: '\\max(x, y)',
  kernel: nd.max,
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => share(g, x.greater(y), x.equal(y)),
    y: (g, { x, y }) => share(g, y.greater(x), x.equal(y)),
  },
});

export const minimum: Binary = binary({
  name: 'minimum',
  doc: 'The smaller of two. Where they are equal the gradient is split evenly. NaN wins, and neither has a gradient.',
  tex: '\\min(x, y)',
  kernel: nd.min,
  saves: ['x', 'y'],
  vjp: {
    x: (g, { x, y }) => share(g, x.less(y), x.equal(y)),
    y: (g, { x, y }) => share(g, y.less(x), x.equal(y)),
  },
});

/** All of `g` where an operand won, half of it where it tied. */
function share(g: Tensor, won: Tensor, tied: Tensor): Tensor {
  return where(won, g, where(tied, g.mul(0.5), 0));
}

// Comparisons: jumps, with no gradient.

function comparison(name: string, doc: string, tex: string, kernel: typeof nd.eq): Binary {
  const edge = 'not differentiable';
  return binary({ name, doc, tex, kernel, dtype: boolResult, saves: [], vjp: { x: edge, y: edge } });
}

export const equal: Binary = comparison('equal', 'Whether x equals y. NaN equals nothing.', 'x = y', nd.eq);
export const notEqual: Binary = comparison('notEqual', 'Whether x differs from y.', 'x \\ne y', nd.neq);
export const greater: Binary = comparison('greater', 'Whether x is greater than y.', 'x > y', nd.gt);
export const greaterEqual: Binary = comparison('greaterEqual', 'Whether x is at least y.', 'x \\ge y', nd.geq);
export const less: Binary = comparison('less', 'Whether x is less than y.', 'x < y', nd.lt);
export const lessEqual: Binary = comparison('lessEqual', 'Whether x is at most y.', 'x \\le y', nd.leq);

// Choice.

const choose = elementwise('where', ['condition', 'x', 'y'], 'condition!==0?x:y');

export const where: Op<(condition: TensorLike, x: TensorLike, y: TensorLike) => Tensor> = defineOp({
  name: 'where',
  doc: 'x where the condition holds, elsewhere y. The gradient of what was not chosen is 0, whatever its value.',
  tex: '\\begin{cases} x & \\text{condition} \\\\ y & \\text{otherwise} \\end{cases}',
  inputs: ['condition', 'x', 'y'],
  broadcasts: true,
  typedBy: ['x', 'y'],
  shape: (shapes) => broadcastShapes('where', shapes),
  dtype: (dtypes) => promote('where', dtypes),
  forward: (inputs, { dtype, shape }) => map(choose, inputs, dtype, shape),
  saves: ['condition'],
  vjp: {
    condition: 'not differentiable',
    x: (g, { condition }) => where(condition, g, 0),
    y: (g, { condition }) => where(condition, 0, g),
  },
  samples: [
    { inputs: [{ shape: [2, 3], dtype: 'bool' }, { shape: [2, 3] }, { shape: [2, 3] }] },
    { inputs: [{ shape: [3], dtype: 'bool' }, { shape: [2, 1] }, { shape: [] }] },
  ],
});
