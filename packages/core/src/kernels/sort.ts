// The order of elements along an axis.

import { allocate, contiguous, type NdArray, transposeView } from '../arrays.ts';
import { sizeOf } from '../shape.ts';

/**
 * The positions along `axis` that put it in order, equal elements in the order in which they stand. NaN counts as larger than
 * every number: last, or first where the order is descending.
 */
export function argsortKernel(x: NdArray, axis: number, descending: boolean): NdArray {
  const order = [...[...x.shape.keys()].filter((other) => other !== axis), axis];
  const rows = contiguous(transposeView(x, order), 'float64');
  const out = allocate('int32', rows.shape);
  const n = x.shape[axis]!;
  const sign = descending ? -1 : 1;
  for (let start = 0; start < sizeOf(x.shape); start += n) {
    const lane = rows.data.subarray(rows.offset + start, rows.offset + start + n);
    const positions = out.data.subarray(start, start + n);
    for (let i = 0; i < n; i++) positions[i] = i;
    positions.sort((i, j) => sign * compare(lane[i]!, lane[j]!) || i - j);
  }
  return transposeView(
    out,
    order.map((_, position) => order.indexOf(position)),
  );
}

function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
