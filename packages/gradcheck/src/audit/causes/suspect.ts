// A gradient that is wrong in itself, with all that a hypothesis about the mistake may use.

import type { Tensor } from '@tapegrad/core';
import type { CauseKind } from '../audit-report.ts';
import type { Lengths } from '../factors.ts';
import type { ForwardPass } from '../forward-pass.ts';
import type { Region } from '../region.ts';

/** A wrong gradient beside the right one, in the same convention about factors. */
export interface Suspect {
  readonly name: string;
  /** Its position on the tape. */
  readonly at: number;
  readonly manual: Tensor;
  readonly expected: Tensor;
  readonly pass: ForwardPass;
  /** What its formula stands for. */
  readonly region: Region;
  readonly lengths: Lengths;
}

/** A mistake that might have been made, and what it would give. */
export interface Hypothesis {
  readonly kind: CauseKind;
  readonly text: string;
  /** What the formula gives with the mistake; null where it cannot be made here. */
  readonly value: () => Tensor | null;
  /** How much is assumed: ties are listed in this order. */
  readonly cost: number;
}

/** Looks at a wrong gradient and offers mistakes that might have led to it. */
export type Family = (suspect: Suspect) => Iterable<Hypothesis>;

/** All values of the forward pass that have a name, and may have been taken for one another. */
export function namedValues({ pass }: Suspect): (readonly [name: string, value: Tensor])[] {
  return [...pass.values].filter(([, { dtype }]) => dtype === pass.precision);
}

/** The name of the value that a rule knows as `saved`: of an operand, or of the node's own output. */
export function savedLabel({ region }: Suspect, node: number, saved: string): string {
  const { op, inputs } = region.node(node);
  const position = op?.inputs.indexOf(saved) ?? -1;
  return position < 0 ? region.label(node) : region.label(inputs[position]!);
}

/** The position on the tape of the value that a rule knows as `saved`. */
export function savedAt({ region }: Suspect, node: number, saved: string): number {
  const { op, inputs } = region.node(node);
  const position = op?.inputs.indexOf(saved) ?? -1;
  return position < 0 ? node : inputs[position]!;
}

/** The value of a node, where the pass knows it: by name, or because some rule saved it. */
export function valueAt(suspect: Suspect, at: number): Tensor | undefined {
  const { pass } = suspect;
  const name = pass.nodes[at]!.name;
  if (name !== undefined && pass.values.has(name)) return pass.values.get(name);
  for (let i = 0; i < pass.nodes.length; i++) {
    for (const [saved, value] of Object.entries(pass.nodes[i]!.saved)) {
      if (savedAt(suspect, i, saved) === at) return value;
    }
  }
  return undefined;
}

export function sameShape(a: Tensor, b: Tensor): boolean {
  return a.shape.join() === b.shape.join();
}
