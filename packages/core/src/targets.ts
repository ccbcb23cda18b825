// What can be differentiated on a tape, and by what.

import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { showShape } from './shape.ts';
import type { TapeNode } from './tape-node.ts';
import { Tensor } from './tensor.ts';
import { describe } from './tree.ts';

/** @throws TapegradError for what is no float scalar. */
export function requireTarget(op: string, target: Tensor): void {
  if (!(target instanceof Tensor)) {
    throw new TapegradError(op, `the target is ${describe(target)}. Expected a scalar tensor that was recorded.`);
  }
  if (target.rank > 0) {
    throw new TapegradError(
      op,
      `the target has shape ${showShape(target.shape)}. Reduce it to a scalar first, e.g. loss.mean().`,
    );
  }
  if (!isFloat(target.dtype)) {
    throw new TapegradError(
      op,
      `the target has dtype ${target.dtype}. Expected float32 or float64, which have gradients.`,
    );
  }
}

/** Refuses to go back along a tape that let go of what it kept. */
export function usedUp(op: string): TapegradError {
  return new TapegradError(
    op,
    'the tape was used up by an earlier call. Make a new Tape for each step; new Tape({ persistent: true }) can be asked more than once.',
  );
}

/** Refuses a tensor that no step of the tape made. */
export function notRecorded(op: string, what: string): TapegradError {
  return new TapegradError(
    op,
    `${what} was not recorded by this tape. Compute it inside record(), of watched tensors.`,
  );
}

/** Whether gradients can be taken by what came from outside. */
export function isSource({ origin }: TapeNode): boolean {
  return origin === 'watched' || origin === 'parameter';
}
