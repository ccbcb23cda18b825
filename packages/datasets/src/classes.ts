// Which rows belong to which class. What is done with them: train-test-split.ts, stratified-k-fold.ts.

import { showShape, TapegradError, type Tensor } from '@tapegrad/core';
import { requireTensor } from './checks.ts';

/** A class of a data set: its label, and the rows that have it in order. */
export interface Class {
  readonly label: number;
  readonly rows: readonly number[];
}

/**
 * The classes among the labels, in the order in which they first occur.
 *
 * @throws TapegradError unless the labels have shape `[rows]` or `[rows, 1]` with a row or more, none of them NaN.
 */
export function classesOf(op: string, name: string, labels: Tensor): Class[] {
  requireTensor(op, name, labels);
  if (labels.rank === 0 || labels.shape[0] !== labels.size) {
    throw new TapegradError(
      op,
      `${name} has shape ${showShape(labels.shape)}. Expected one label a row, [rows] or [rows, 1]; ` +
        'for one-hot rows pass y.argmax(1).',
    );
  }
  if (labels.size === 0) {
    throw new TapegradError(op, `${name} has shape ${showShape(labels.shape)}: no labels. Expected at least one.`);
  }
  const rowsOf = new Map<number, number[]>();
  for (const [row, label] of labels.toData().entries()) {
    if (Number.isNaN(label)) {
      throw new TapegradError(op, `${name} is NaN in row ${row}. Expected a class; leave the row out.`);
    }
    const rows = rowsOf.get(label);
    if (rows) rows.push(row);
    else rowsOf.set(label, [row]);
  }
  return Array.from(rowsOf, ([label, rows]) => ({ label, rows }));
}
