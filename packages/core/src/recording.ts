// Who is recording now: the stack of recorders that every operation reports to. What they keep is their own matter.

import { TapegradError } from './errors.ts';
import type { OpEntry } from './op-entry.ts';
import type { Tensor } from './tensor.ts';

/** Something that listens to operations, such as a tape. */
export interface Recorder {
  /** The recorder in whose place this one listens to a function that is run again: what that one is not to hear, neither is this. */
  readonly standsFor?: Recorder | undefined;
  /** Told of each operation after its forward computation. May give `output` a place. */
  onOp(op: OpEntry, inputs: readonly Tensor[], attrs: unknown, output: Tensor): void;
  /** The name that this recorder has for `x`, if it knows it and it has one. */
  nameOf(x: Tensor): string | undefined;
  /** Told of the name of `x`. */
  rename(x: Tensor, name: string): void;
  /** What goes on in the place of `x`, which is about to get a name; by default `x` itself. */
  onNamed?(x: Tensor, name: string): Tensor;
}

/** A whole function that stands on a tape as one step, with a rule of its own instead of those of its ops. */
export interface Step {
  readonly origin: 'checkpoint' | 'customGradient';
  /** The tensors that the rule gives derivatives by. */
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /**
   * The chain rule of `tape`, on which the step stands: from the derivative by the output that by each input; those that are
   * not wanted may be null.
   */
  readonly pull: (g: Tensor, wanted: readonly boolean[], tape: Differentiator) => readonly (Tensor | null)[];
}

/** A recorder that differentiates what it hears: a tape. */
export interface Differentiator extends Recorder {
  /** Told of a function in place of its operations. May give its output a place. */
  onStep(step: Step): void;
  /** What this recorder takes `x` for, if it takes derivatives by it: `x` itself, or the tensor that `x` is a name of. */
  sourceOf(x: Tensor): Tensor | undefined;
}

let recorders: readonly Recorder[] = [];

/** The recorders at work, the outermost first. */
export function activeRecorders(): readonly Recorder[] {
  return recorders;
}

/** The tapes among the recorders at work. */
export function activeTapes(): readonly Differentiator[] {
  return recorders.filter((recorder): recorder is Differentiator => 'onStep' in recorder);
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

/** Runs `f` without some of the recorders at work and what stands for them, and with others beside the rest. */
export function recordWithout<T>(
  op: string,
  silenced: readonly Recorder[],
  f: () => T,
  instead: readonly Recorder[] = [],
): T {
  const hears = (recorder: Recorder | undefined): boolean =>
    recorder === undefined || (!silenced.includes(recorder) && hears(recorder.standsFor));
  return runWith(op, [...recorders.filter(hears), ...instead], f);
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
