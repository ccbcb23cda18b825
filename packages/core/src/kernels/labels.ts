// Labels that are the numbers of classes, checked.

import { TapegradError } from '../errors.ts';
import { type ElementwiseKernel, elementwiseWith } from './elementwise.ts';

/** The label of a row. @throws TapegradError where it is no class, in the name of `op`. */
export function checkedLabel(op: string, label: number, row: number, classes: number): number {
  if (Number.isInteger(label) && label >= 0 && label < classes) return label;
  throw new TapegradError(op, `label ${row} is ${label}. Expected a whole number from 0 to ${classes - 1}.`);
}

/** {@link checkedLabel} of labels and the numbers of their rows. */
export function checkedLabels(op: string): (classes: number) => ElementwiseKernel {
  return elementwiseWith('checkedLabels', ['label', 'row'], ['classes'], (label, row, classes) =>
    checkedLabel(op, label!, row!, classes!),
  );
}
