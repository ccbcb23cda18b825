// Rows of a tensor by their positions.

import { fromData, TapegradError, type Tensor, zeros } from '@tapegrad/core';
import { requireTensor } from './checks.ts';

/**
 * A new tensor of the rows (the elements along the first axis) at these positions, in this order; a position may come
 * again. Of shape `[indices, ...rest]` where x is `[rows, ...rest]`. The result is data: no gradient flows through it.
 *
 * ```ts
 * takeRows(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0]).toArray(); // → 5,6,1,2
 * ```
 *
 * @throws TapegradError where x is a scalar, and for a position that is not a whole number from 0 to rows − 1.
 */
export function takeRows(x: Tensor, indices: ArrayLike<number>): Tensor {
  requireTensor('takeRows', 'x', x);
  if (typeof indices !== 'object' || !Number.isInteger(indices?.length)) {
    throw new TapegradError(
      'takeRows',
      'the indices are no list. Expected an array or a typed array of positions; of a tensor pass its toData().',
    );
  }
  const [rows, ...rest] = x.shape;
  if (rows === undefined)
    throw new TapegradError('takeRows', 'x is a scalar, which has no rows. Expected rank 1 or more.');
  const source = x.toData();
  const width = rest.reduce((size, length) => size * length, 1);
  const taken = zeros([indices.length, ...rest], x.dtype).toData();
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      throw new TapegradError(
        'takeRows',
        `position ${i} of the indices is ${row}. Expected whole numbers from 0 to ${rows - 1}, the rows of x.`,
      );
    }
    taken.set(source.subarray(row * width, (row + 1) * width), i * width);
  }
  return fromData(taken, [indices.length, ...rest], x.dtype);
}
