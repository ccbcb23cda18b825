// Logarithms of softmax along an axis, and cross-entropies of labels with them, row by row.

import { allocate, broadcastView, contiguous, copyOf, type NdArray, transposeView } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { sizeOf } from '../shape.ts';
import { elementwise } from './elementwise.ts';
import { maxOver, shiftedExp, sumOver } from './reduce.ts';

// One after the other: the sum of a large shift and a small logarithm would lose the digits of the latter.
const subtractBoth = elementwise('subtractBoth', ['x', 'shift', 'logTotal'], 'x-shift-Math.log(logTotal)');

/** Writes x − ln Σ eˣ, the sum along `axis`, into `out`. */
export function logSoftmaxInto(out: NdArray, x: NdArray, axis: number): void {
  const shift = maxOver(x, [axis]);
  const total = sumOver(shiftedExp(x, shift), [axis]);
  subtractBoth(out, x, broadcastView(shift, x.shape), broadcastView(total, x.shape));
}

/** {@link logSoftmaxInto}, in float64. */
function logSoftmaxOf(x: NdArray, axis: number): NdArray {
  const out = allocate('float64', x.shape);
  logSoftmaxInto(out, x, axis);
  return out;
}

// not the product alone: a class that is ruled out, of logit −∞, has the logarithm −∞, and 0 · −∞ is NaN
const term = elementwise('crossEntropyTerm', ['y', 'logarithm'], 'y===0?0:-y*logarithm');

/** −Σ y ln softmax(logits) along `axis`, which stays with length 1. */
export function crossEntropyOver(logits: NdArray, labels: NdArray, axis: number): NdArray {
  const logarithms = logSoftmaxOf(logits, axis);
  const terms = allocate('float64', logits.shape);
  term(terms, labels, logarithms);
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
  return Float64Array.from({ length: sizeOf(labels.shape) }, (_, row) => {
    const label = data[row]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) return -rows.data[row * classes + label]!;
    throw new TapegradError(op, `label ${row} is ${label}. Expected a whole number from 0 to ${classes - 1}.`);
  });
}
