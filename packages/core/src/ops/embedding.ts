// Rows of a table in place of the numbers of words. An op is one entry.

import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, type Op } from '../op.ts';
import { showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { take } from './gathering.ts';
import type { Indices } from './indices.ts';

export const embedding: Op<(table: TensorLike, indices: Indices) => Tensor> = defineComposite({
  name: 'embedding',
  doc: 'The rows of a table [words, features] that the indices name: indices of shape [batch, length] give [batch, length, features]. Negative indices count from the end, as in take. The gradients of a row that is named twice add up.',
  tex: 'y_{\\dots,f} = T_{i_{\\dots},\\, f}',
  inputs: ['table', 'indices'],
  differentiable: ['table'],
  compute: (table: TensorLike, indices: Indices): Tensor => {
    const rows = asTensor('embedding', 'table', table);
    if (rows.rank !== 2) {
      throw new TapegradError(
        'embedding',
        `the table has the shape ${showShape(rows.shape)}. Expected [words, features].`,
      );
    }
    return take(rows, indices, 0);
  },
  samples: [
    { inputs: [{ shape: [4, 3] }, { shape: [2, 3], dtype: 'int32', low: 0, high: 4 }] },
    { inputs: [{ shape: [4, 2] }, { shape: [], dtype: 'int32', low: 0, high: 4 }] },
    { inputs: [{ shape: [4, 2] }, { shape: [0], dtype: 'int32' }] },
  ],
});
