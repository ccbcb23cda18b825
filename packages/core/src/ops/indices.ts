// Operands that are positions: int32 tensors, or whole numbers in lists. What is done with them is in other files.

import { copyOf, type Nested } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { checkWhole, readNested } from '../nested.ts';
import type { Op } from '../op.ts';
import { Tensor } from '../tensor.ts';

/** Positions: an int32 tensor, a whole number, or nested lists of whole numbers. Negative ones count from the end. */
export type Indices = Tensor | Nested;

/** Indices as an int32 tensor. @throws TapegradError for fractions, and for tensors of another dtype. */
export function asIndices(op: string, indices: unknown): Tensor {
  if (indices instanceof Tensor) {
    if (indices.dtype === 'int32') return indices;
    if (indices.dtype === 'bool') throw aMask(op);
    throw new TapegradError(
      op,
      `the indices have dtype ${indices.dtype}. Expected int32: convert them by asType('int32').`,
    );
  }
  const [numbers, natural] = readNested(op, 'indices', indices as Nested);
  if (natural === 'bool') throw aMask(op);
  checkWhole(op, numbers);
  return new Tensor(copyOf(numbers, 'int32'), 'int32');
}

function aMask(op: string): TapegradError {
  return new TapegradError(
    op,
    'the indices are booleans, whose result would have a shape that depends on values. ' +
      'Expected positions; choose by a condition with where(condition, x, y).',
  );
}

/** The op with indices, at `position` among its operands, taken in every form. */
export function withIndices<F extends (...args: never[]) => Tensor>(
  position: number,
  op: { entry: Op<F>['entry'] },
): Op<F> {
  const { entry } = op;
  const apply = op as unknown as (...args: unknown[]) => Tensor;
  const call = (...args: unknown[]): Tensor =>
    apply(...args.map((arg, i) => (i === position ? asIndices(entry.name, arg) : arg)));
  Object.defineProperty(call, 'name', { value: entry.name });
  return Object.assign(call, { entry }) as unknown as Op<F>;
}
