// Comparisons, and the choice between two by a condition. An op is one entry.

import { promote } from '../dtype.ts';
import { elementwise } from '../kernels/elementwise.ts';
import { defineOp, type Op } from '../op.ts';
import { broadcastShapes } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { type Binary, computedBy, predicate } from './builders.ts';

function comparison(name: string, doc: string, plain: string, tex: string, sign: string): Binary {
  return predicate(name, doc, plain, tex, elementwise(name, ['x', 'y'], `x${sign}y?1:0`));
}

export const equal: Binary = comparison('equal', 'Whether x equals y. NaN equals nothing.', 'x = y', 'x = y', '===');
export const notEqual: Binary = comparison('notEqual', 'Whether x differs from y.', 'x ≠ y', 'x \\ne y', '!==');
export const greater: Binary = comparison('greater', 'Whether x is greater than y.', 'x > y', 'x > y', '>');
export const greaterEqual: Binary = comparison('greaterEqual', 'Whether x is at least y.', 'x ≥ y', 'x \\ge y', '>=');
export const less: Binary = comparison('less', 'Whether x is less than y.', 'x < y', 'x < y', '<');
export const lessEqual: Binary = comparison('lessEqual', 'Whether x is at most y.', 'x ≤ y', 'x \\le y', '<=');

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
  ...computedBy(() => choose),
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
