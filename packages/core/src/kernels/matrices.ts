// Batches of matrices, taken one by one: what leading axes are to the kernels of `factorizations.ts` and `determinants.ts`.

import { allocate, broadcastView, copyOf, type NdArray } from '../arrays.ts';
import { rowMajorStrides, type Shape, sizeOf } from '../shape.ts';

/**
 * Runs `each` for every matrix of a batch: with a copy of its elements, of which `inputs` broadcast to `batch`, and with the place
 * for its result in an array of `shape`, which starts with the batch.
 */
export function forEachMatrix(
  inputs: readonly NdArray[],
  batch: Shape,
  shape: Shape,
  each: (matrices: readonly Float64Array[], out: Float64Array, b: number) => void,
): NdArray {
  const result = allocate('float64', shape);
  const count = sizeOf(batch);
  const copies = inputs.map((x) => copyOf(broadcastView(x, [...batch, ...x.shape.slice(-2)]), 'float64'));
  const part = (x: NdArray, b: number): Float64Array => {
    const size = x.data.length / count;
    return (x.data as Float64Array).subarray(b * size, (b + 1) * size);
  };
  for (let b = 0; b < count; b++) {
    each(
      copies.map((x) => part(x, b)),
      part(result, b),
      b,
    );
  }
  return result;
}

/** How messages call the b-th matrix of a batch. */
export function matrixName(batch: Shape, b: number): string {
  if (batch.length === 0) return 'the matrix';
  const place = rowMajorStrides(batch).map((stride, axis) => Math.floor(b / stride) % batch[axis]!);
  return `the matrix at [${place.join(', ')}] of the batch`;
}
