// How much rounding may show in a gradient: as much as in the terms that it is the sum of, however small the sum is.

import { RandomGenerator, type Tensor } from '@tapegrad/core';
import { allFinite, largest, type Scale } from '../comparison.ts';
import type { ForwardPass } from './forward-pass.ts';
import { contributionOf } from './region.ts';

/** By how much values are shifted, relative to their size. */
const shift = 1e-4;

/**
 * How large the largest contribution to each adjoint of a tape is, and the largest term inside of these, by position. The terms are
 * told by how much an element changes, per relative change of what its rule works on and of the adjoints before it (random, so that
 * terms which cancel do not cancel again). A bias before a batch normalization has the gradient 0, and terms of order 1.
 */
export function roundingScales({ nodes, adjoints, precision }: ForwardPass): readonly Omit<Scale, 'single'>[] {
  const random = new RandomGenerator(2);
  const noise = (x: Tensor): Tensor => random.uniform(x.shape, -shift, shift, precision);
  const contributions: number[] = nodes.map(() => 0);
  /** The terms behind each element of an adjoint, by position of its node. */
  const terms: (Tensor | undefined)[] = nodes.map(() => undefined);
  for (const edge of adjoints.edges) {
    const g = adjoints.ofNodes[edge.node]!;
    const size = terms[edge.node]?.maximum(g.abs()) ?? g;
    const shifted = g.add(noise(g).mul(size));
    const moved = (x: Tensor): Tensor => (x.dtype === precision ? x.add(x.mul(noise(x))) : x);
    // A rule that compares its values, as that of a maximum, has no answer for shifted ones.
    const attempts = [
      contributionOf(nodes, edge, shifted, (_edge, _name, x) => moved(x)),
      contributionOf(nodes, edge, shifted),
    ];
    const change = attempts.find((value) => value !== null && allFinite(value)) ?? edge.value;
    const own = change.sub(edge.value).abs().div(shift).maximum(edge.value.abs());
    const before = terms[edge.input];
    terms[edge.input] = before === undefined ? own : before.add(own);
    contributions[edge.input] = Math.max(contributions[edge.input]!, largest(edge.value.toData()));
  }
  return terms.map((each, i) => ({
    contributions: contributions[i]!,
    terms: each === undefined ? 0 : largest(each.toData()),
  }));
}
