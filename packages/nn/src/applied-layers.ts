// Which layers a computation applies: how a model finds out about those that are none of its own.

import type { Parameter } from '@tapegrad/core';

/** A layer, as far as it is asked about. */
export interface AppliedLayer {
  readonly name: string;
  readonly className: string;
  readonly trainable: boolean;
  readonly weights: readonly Parameter[];
  readonly trainableWeights: readonly Parameter[];
}

let applied: Set<AppliedLayer> | undefined;

/** Called by each layer that is applied. */
export function watch(layer: AppliedLayer): void {
  applied?.add(layer);
}

/** What `f` gives, and the layers that it applied. */
export function watching<T>(f: () => T): { readonly result: T; readonly layers: ReadonlySet<AppliedLayer> } {
  const [outer, layers] = [applied, new Set<AppliedLayer>()];
  applied = layers;
  try {
    return { result: f(), layers };
  } finally {
    applied = outer;
  }
}
