// What a derivative is where there is none: an error, or zeros.

import { zerosLike } from './create.ts';
import { TapegradError } from './errors.ts';
import type { Tensor } from './tensor.ts';
import { type Leaf, nameOf } from './tree.ts';

/** What a gradient is where there is none. */
export interface GradientOptions {
  /** What a source gives that the target does not depend on: an error, or zeros. Default: `error`. */
  readonly unconnected?: 'error' | 'zero';
}

/** @throws TapegradError for an option that does not exist. */
export function checkUnconnected(op: string, { unconnected = 'error' }: GradientOptions): void {
  if (unconnected === 'error' || unconnected === 'zero') return;
  throw new TapegradError(op, `unconnected is ${String(unconnected)}. Expected error or zero.`);
}

/**
 * The derivatives by `sources`, zeros where there are none.
 *
 * @throws TapegradError where there are none, unless the options ask for zeros.
 */
export function connected(
  op: string,
  adjoints: readonly (Tensor | undefined)[],
  sources: readonly Leaf[],
  { unconnected = 'error' }: GradientOptions,
): Tensor[] {
  return sources.map((leaf, i) => {
    const adjoint = adjoints[i];
    if (adjoint !== undefined || unconnected === 'zero') return adjoint ?? zerosLike(leaf.tensor);
    throw new TapegradError(
      op,
      `the target does not depend on ${nameOf(leaf)}. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.`,
    );
  });
}
