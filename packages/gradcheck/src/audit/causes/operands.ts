// One value, or one gradient, taken for another of the same shape: of another layer, from before or after an activation.

import { type Hypothesis, namedValues, type Suspect, sameShape, savedLabel } from './suspect.ts';

export function* operands(suspect: Suspect): Iterable<Hypothesis> {
  const { region, pass, name } = suspect;
  for (const { node, position } of region.edges) {
    for (const [saved, right] of Object.entries(region.node(node).saved)) {
      if (right.dtype !== pass.precision) continue;
      const label = savedLabel(suspect, node, saved);
      for (const [other, value] of namedValues(suspect)) {
        if (other === label || !sameShape(value, right)) continue;
        yield {
          kind: 'operand',
          text: `${other} stands where ${label} belongs`,
          value: () =>
            region.sweep({
              saved: (edge, which, x) =>
                edge.node === node && edge.position === position && which === saved ? value : x,
            }),
          cost: 2,
        };
      }
    }
  }
  for (const node of new Set(region.edges.map((edge) => edge.node))) {
    const right = pass.adjoints.ofNodes[node];
    if (right === undefined) continue;
    for (const [other, { gradient }] of pass.named) {
      if (other === region.node(node).name || other === name || !sameShape(gradient, right)) continue;
      yield {
        kind: 'operand',
        text: `the gradient by ${other} stands where the one by ${region.label(node)} belongs`,
        value: () => region.sweep({ incoming: (at, g) => (at === node ? gradient : g) }),
        cost: 2,
      };
    }
  }
}

/** The gradient by something else, handed in under this name. */
export function* misplaced({ name, expected, pass }: Suspect): Iterable<Hypothesis> {
  for (const [other, { gradient }] of pass.named) {
    if (other === name || !sameShape(gradient, expected)) continue;
    yield {
      kind: 'misplaced',
      text: `it is the gradient by ${other}, not by ${name}`,
      value: () => gradient,
      cost: 1.5,
    };
  }
}
