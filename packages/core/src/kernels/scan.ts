// Running results along one axis: each element is taken into what the ones before it gave. Accumulated in float64.

import { allocate, contiguous, type NdArray, transposeView } from '../arrays.ts';
import type { DType } from '../dtype.ts';
import { sizeOf } from '../shape.ts';

/** Which way a scan goes. */
export interface ScanPath {
  readonly axis: number;
  /** Whether from the last element to the first. */
  readonly reverse: boolean;
  /** Whether each result leaves out its own element. */
  readonly exclusive: boolean;
}

/** The running result of `step` along an axis, which starts from `initial`. */
export function scanKernel(
  x: NdArray,
  { axis, reverse, exclusive }: ScanPath,
  dtype: DType,
  initial: number,
  step: (result: number, element: number) => number,
): NdArray {
  return alongAxis([x], axis, dtype, ([from], out, start, n) => {
    let result = initial;
    for (let k = 0; k < n; k++) {
      const at = start + (reverse ? n - 1 - k : k);
      const next = step(result, from!.data[from!.offset + at]!);
      out.data[at] = exclusive ? result : next;
      result = next;
    }
  });
}

/** outᵢ = aᵢ outᵢ₋₁ + bᵢ along an axis, from 0. */
export function recurrenceKernel(
  a: NdArray,
  b: NdArray,
  { axis, reverse }: { readonly axis: number; readonly reverse: boolean },
  dtype: DType,
): NdArray {
  return alongAxis([a, b], axis, dtype, ([a, b], out, start, n) => {
    let result = 0;
    for (let k = 0; k < n; k++) {
      const at = start + (reverse ? n - 1 - k : k);
      const factor = a!.data[a!.offset + at]!;
      // Before the first element stands nothing, which an infinite factor must not turn into NaN.
      result = (k === 0 ? 0 : factor * result) + b!.data[b!.offset + at]!;
      out.data[at] = result;
    }
  });
}

type Lane = (inputs: readonly NdArray[], out: NdArray, start: number, n: number) => void;

/** Runs `lane` for each vector along an axis, all of them laid out side by side, and gives the result with its axes in order. */
function alongAxis(inputs: readonly NdArray[], axis: number, dtype: DType, lane: Lane): NdArray {
  const { shape } = inputs[0]!;
  const order = [...[...shape.keys()].filter((other) => other !== axis), axis];
  const rows = inputs.map((x) => contiguous(transposeView(x, order), 'float64'));
  const out = allocate(dtype, rows[0]!.shape);
  const n = shape[axis]!;
  for (let start = 0; start < sizeOf(shape); start += n) lane(rows, out, start, n);
  return transposeView(
    out,
    order.map((_, position) => order.indexOf(position)),
  );
}
