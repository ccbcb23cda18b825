// Rows and columns exchanged: of the result, or of a matrix inside the formula.

import type { Tensor } from '@tapegrad/core';
import { type Hypothesis, type Suspect, savedLabel } from './suspect.ts';

/** Whether exchanging its two axes makes another tensor of it. */
function isMatrix(x: Tensor): boolean {
  return x.rank === 2 && x.shape.every((length) => length > 1);
}

export function* transposes(suspect: Suspect): Iterable<Hypothesis> {
  const { expected, region, name } = suspect;
  if (isMatrix(expected)) {
    yield {
      kind: 'transpose',
      text: `it is the transpose of the gradient by ${name}`,
      value: () => expected.transpose(),
      cost: 1,
    };
  }
  for (const edge of region.edges) {
    for (const [saved, value] of Object.entries(region.node(edge.node).saved)) {
      if (value.dtype !== suspect.pass.precision || !isMatrix(value) || value.shape[0] !== value.shape[1]) continue;
      const label = savedLabel(suspect, edge.node, saved);
      yield {
        kind: 'transpose',
        text: `${label} stands in it with rows and columns exchanged: where ${label}ᵀ belongs ${label} stands, or the reverse`,
        value: () =>
          region.sweep({
            saved: (other, which, x) =>
              other.node === edge.node && other.position === edge.position && which === saved ? x.transpose() : x,
          }),
        cost: 1,
      };
    }
  }
}
