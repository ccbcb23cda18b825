// Who is recording now: the stack of recorders that every operation reports to. What they keep is their own matter.

import { TapegradError } from './errors.ts';
import type { OpEntry } from './op-entry.ts';
import type { Tensor } from './tensor.ts';

/** Something that listens to operations, such as a tape. */
export interface Recorder {
  /** Told of each operation after its forward computation. May give `output` a place. */
  onOp(op: OpEntry, inputs: readonly Tensor[], attrs: unknown, output: Tensor): void;
  /** The name that this recorder has for `x`, if it knows it and it has one. */
  nameOf(x: Tensor): string | undefined;
  /** Told of the name of `x`. */
  rename(x: Tensor, name: string): void;
}

let recorders: readonly Recorder[] = [];

/** The recorders at work, the outermost first. */
export function activeRecorders(): readonly Recorder[] {
  return recorders;
}

/** Runs `f` while `recorder` listens too. */
export function recordWith<T>(op: string, recorder: Recorder, f: () => T): T {
  return runWith(op, recorders.includes(recorder) ? recorders : [...recorders, recorder], f);
}

/**
 * Runs `f` with nothing recorded: its results are constants to every tape.
 *
 * ```ts
 * const w = new Parameter(scalar(3), 'w');
 * noGrad(() => w.assign(w.mul(2)));
 * w.item(); // → 6
 * ```
 *
 * @throws TapegradError where `f` returns a promise: the rest of it would run after recording was switched on again.
 */
export function noGrad<T>(f: () => T): T {
  return runWith('noGrad', [], f);
}

function runWith<T>(op: string, during: readonly Recorder[], f: () => T): T {
  const before = recorders;
  recorders = during;
  try {
    const result = f();
    if (isPromise(result)) {
      result.then(undefined, () => {}); // the error below is the one to see
      throw new TapegradError(
        op,
        'the function returned a promise. Expected a synchronous function: await the data first, then record.',
      );
    }
    return result;
  } finally {
    recorders = before;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
