// Comparisons, and the choice between two by a condition. An op is one entry.

import nd from 'ndarray-ops';
import { promote } from '../dtype.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { defineOp, type Op } from '../op.ts';
import { broadcastShapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { type Binary, map, predicate } from './builders.ts';

export const equal: Binary = predicate('equal', 'Whether x equals y. NaN equals nothing.', 'x = y', 'x = y', nd.eq);
export const notEqual: Binary = predicate('notEqual', 'Whether x differs from y.', 'x ≠ y', 'x \\ne y', nd.neq);
export const greater: Binary = predicate('greater', 'Whether x is greater than y.', 'x > y', 'x > y', nd.gt);
export const greaterEqual: Binary = predicate('greaterEqual', 'Whether x is at least y.', 'x ≥ y', 'x \\ge y', nd.geq);
export const less: Binary = predicate('less', 'Whether x is less than y.', 'x < y', 'x < y', nd.lt);
export const lessEqual: Binary = predicate('lessEqual', 'Whether x is at most y.', 'x ≤ y', 'x \\le y', nd.leq);

const choose = elementwise('where', ['condition', 'x', 'y'], 'condition!==0?x:y');

export const where: Op<(condition: TensorLike, x: TensorLike, y: TensorLike) => Tensor> = defineOp({
  name: 'where',
  doc: 'x where the condition holds, elsewhere y. The gradient of what was not chosen is 0, whatever its value.',
  tex: '\\begin{cases} x & \\text{condition} \\\\ y & \\text{otherwise} \\end{cases}',
  notation: { tex: '\\begin{cases} x & \\text{if } condition \\\\ y & \\text{otherwise} \\end{cases}' },
  inputs: ['condition', 'x', 'y'],
  broadcasts: true,
  elementwise: true,
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
