// Truth values: questions about numbers, and what joins the answers. Numbers other than 0 count as true. An op is one entry.

import { elementwise } from '../kernels/elementwise.ts';
import { boolResult } from '../op.ts';
import { type Binary, predicate, type Unary, unary } from './builders.ts';

function question(name: string, doc: string, tex: string, expression: string, plain?: string): Unary {
  const kernel = elementwise(name, ['x'], expression);
  const notation = plain === undefined ? {} : { plain };
  return unary({ name, doc, tex, notation, kernel, dtype: boolResult, saves: [], vjp: 'not differentiable' });
}

function connective(name: string, doc: string, plain: string, tex: string, expression: string): Binary {
  return predicate(name, doc, plain, tex, elementwise(name, ['x', 'y'], expression));
}

const isNaNOp: Unary = question('isNaN', 'Whether x is NaN.', 'x \\ne x', 'x!==x');
const isFiniteOp: Unary = question('isFinite', 'Whether x is neither infinite nor NaN.', '|x| < \\infty', 'x-x===0');

// under names of their own above, which do not hide the functions that JavaScript has
export { isFiniteOp as isFinite, isNaNOp as isNaN };

export const logicalNot: Unary = question('logicalNot', 'Whether x is 0, or false.', '\\lnot x', 'x===0', '¬x');

export const logicalAnd: Binary = connective(
  'logicalAnd',
  'Whether both hold. NaN counts as true.',
  'x ∧ y',
  'x \\land y',
  'x!==0&&y!==0',
);

export const logicalOr: Binary = connective(
  'logicalOr',
  'Whether one holds, or both. NaN counts as true.',
  'x ∨ y',
  'x \\lor y',
  'x!==0||y!==0',
);

export const logicalXor: Binary = connective(
  'logicalXor',
  'Whether one holds, but not both. NaN counts as true.',
  'x ⊕ y',
  'x \\oplus y',
  '(x!==0)!==(y!==0)',
);
