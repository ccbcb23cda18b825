// Logarithms of softmax along an axis, and cross-entropies of labels with them, row by row.

import nd from 'ndarray-ops';
import { allocate, broadcastView, contiguous, copyOf, type NdArray, transposeView } from '../arrays.ts';
import { sizeOf } from '../shape.ts';
import { type ElementwiseKernel, elementwise } from './elementwise.ts';
import { checkedLabel } from './labels.ts';
import { maxOver, shiftedExp, sumOver } from './reduce.ts';

// One after the other: the sum of a large shift and a small logarithm would lose the digits of the latter.
export const subtractBoth: ElementwiseKernel = elementwise(
  'subtractBoth',
  ['x', 'shift', 'logTotal'],
  'x-shift-logTotal',
);

/** Writes x − ln Σ eˣ, the sum along `axis`, into `out`. */
export function logSoftmaxInto(out: NdArray, x: NdArray, axis: number): void {
  const shift = maxOver(x, [axis]);
  const total = sumOver(shiftedExp(x, shift), [axis]);
  nd.logeq(total);
  subtractBoth(out, x, broadcastView(shift, x.shape), broadcastView(total, x.shape));
}

/** {@link logSoftmaxInto}, in float64. */
function logSoftmaxOf(x: NdArray, axis: number): NdArray {
  const out = allocate('float64', x.shape);
  logSoftmaxInto(out, x, axis);
  return out;
}

// not the product alone: a class that is ruled out, of logit −∞, has the logarithm −∞, and 0 · −∞ is NaN
export const crossEntropyTerm: ElementwiseKernel = elementwise(
  'crossEntropyTerm',
  ['y', 'logarithm'],
  'y===0?0:-y*logarithm',
);

/** −Σ y ln softmax(logits) along `axis`, which stays with length 1. */
export function crossEntropyOver(logits: NdArray, labels: NdArray, axis: number): NdArray {
  const logarithms = logSoftmaxOf(logits, axis);
  const terms = allocate('float64', logits.shape);
  crossEntropyTerm(terms, labels, logarithms);
  return sumOver(terms, [axis]);
}

/**
 * −ln softmax(logits) at the label of each row, row after row. `axis` is that of the classes.
 *
 * @throws TapegradError for a label that is no class, in the name of `op`.
 */
export function crossEntropyAt(op: string, logits: NdArray, labels: NdArray, axis: number): Float64Array {
  const others = [...logits.shape.keys()].filter((other) => other !== axis);
  const rows = contiguous(transposeView(logSoftmaxOf(logits, axis), [...others, axis]), 'float64');
  const classes = logits.shape[axis]!;
  const { data } = copyOf(labels, 'float64');
  return Float64Array.from(
    { length: sizeOf(labels.shape) },
    (_, row) => -rows.data[row * classes + checkedLabel(op, data[row]!, row, classes)]!,
  );
}
