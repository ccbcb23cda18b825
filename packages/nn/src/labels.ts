// Which values of labels belong in a loss. Their shapes: losses.ts.

import { showShape, TapegradError, type Tensor, type TypedData } from '@tapegrad/core';
import { isAbstract, sizeOf } from '@tapegrad/core/compiling';

/** What is wrong with labels: the element, or the row, and what was expected instead. */
export interface BadLabel {
  /** Where in the flat data. */
  readonly at: number;
  /** What stands there: `2`, or `a sum of 1.2`. */
  readonly what: string;
  readonly expected: string;
  /** Whether the row as a whole is wrong. */
  readonly wholeRow: boolean;
}

/** The first label that is no number from 0 to 1. */
export function firstOutOfUnit(labels: TypedData): BadLabel | undefined {
  return firstBad(labels, (value) => value >= 0 && value <= 1, 'numbers from 0 to 1');
}

/** The first label that is not one of the classes 0 … classes − 1. */
export function firstNoClass(labels: TypedData, classes: number): BadLabel | undefined {
  const isClass = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < classes;
  return firstBad(labels, isClass, `whole numbers from 0 to ${classes - 1}, the classes of the output`);
}

/** The first label below 0, or else the first row that does not sum to 1. */
export function firstNoDistribution(labels: TypedData, classes: number): BadLabel | undefined {
  return firstBad(labels, (value) => value >= 0, distributions) ?? firstBadSum(labels, classes);
}

/** @throws TapegradError naming the first label that is no class: it would count as a loss of 0. */
export function requireClasses(op: string, labels: Tensor, classes: number): void {
  // Labels of a step that is compiled have no values yet: `fit` and `evaluate` look at all of them before.
  const bad = isAbstract(labels.array) ? undefined : firstNoClass(labels.toData(), classes);
  if (bad === undefined) return;
  const place = labels.shape.map((length, axis, shape) => Math.floor(bad.at / sizeOf(shape.slice(axis + 1))) % length);
  throw new TapegradError(op, `the labels have ${bad.what} at ${showShape(place)}. Expected ${bad.expected}.`);
}

const distributions = 'rows of numbers >= 0 that sum to 1';

function firstBad(labels: TypedData, isGood: (value: number) => boolean, expected: string): BadLabel | undefined {
  const at = labels.findIndex((value) => !isGood(value));
  return at < 0 ? undefined : { at, what: String(labels[at]), expected, wholeRow: false };
}

// Rounding of float32 labels must pass, a wrong row must not.
const sumTolerance = 1e-3;

function firstBadSum(labels: TypedData, classes: number): BadLabel | undefined {
  for (let at = 0; at < labels.length; at += classes) {
    let sum = 0;
    for (let i = at; i < at + classes; i++) sum += labels[i]!;
    if (Math.abs(sum - 1) <= sumTolerance) continue;
    const what = `a sum of ${Number(sum.toPrecision(6))}`;
    return { at, what, expected: distributions, wholeRow: true };
  }
  return undefined;
}
