// What was broadcast on the way forward is summed on the way back: here over too few axes, over others, or with a mean.

import { mean, showShape, sum, type Tensor } from '@tapegrad/core';
import { type Hypothesis, type Suspect, sameShape } from './suspect.ts';

export function* reductions(suspect: Suspect): Iterable<Hypothesis> {
  const { region, at, expected } = suspect;
  for (const edge of region.edges) {
    if (region.node(edge.node).inputs[edge.position] !== at) continue;
    let raw: Tensor | null = null;
    region.sweep({
      along: (other, asIs, g) => {
        if (other.node === edge.node && other.position === edge.position) raw = region.raw(edge, g);
        return asIs();
      },
    });
    const unreduced = raw as Tensor | null;
    if (unreduced === null || sameShape(unreduced, expected)) continue;
    const shape = showShape(unreduced.shape);
    yield {
      kind: 'reduction',
      text: `it is not reduced: it has the elements of ${shape} still, which are to be summed to ${showShape(expected.shape)}`,
      value: () => unreduced,
      cost: 1,
    };
    const right = summedAxes(unreduced.shape, expected.shape);
    for (const axes of subsets(unreduced.rank)) {
      if (axes.length === 0) continue;
      const isRight = axes.join() === right.join();
      const which = describeAxes(axes, unreduced.rank);
      if (!isRight) {
        yield {
          kind: 'reduction',
          text: `it is the sum over ${which} of ${shape}, where the sum over ${describeAxes(right, unreduced.rank)} belongs`,
          value: () => sum(unreduced, axes),
          cost: 1,
        };
      }
      yield {
        kind: 'reduction',
        text: isRight
          ? `it is the mean over ${which}, where the sum belongs`
          : `it is the mean over ${which} of ${shape}, where the sum over ${describeAxes(right, unreduced.rank)} belongs`,
        value: () => mean(unreduced, axes),
        cost: 1,
      };
    }
  }
}

/** The axes over which a tensor of shape `from` is summed to one of shape `to`. */
function summedAxes(from: readonly number[], to: readonly number[]): number[] {
  const lead = from.length - to.length;
  return [...from.keys()].filter((axis) => axis < lead || (to[axis - lead] === 1 && from[axis] !== 1));
}

function subsets(rank: number): number[][] {
  if (rank > 4) return [];
  return Array.from({ length: 2 ** rank }, (_, bits) =>
    Array.from({ length: rank }, (_, axis) => axis).filter((axis) => bits & (1 << axis)),
  );
}

function describeAxes(axes: readonly number[], rank: number): string {
  if (axes.length === 0) return 'no axis';
  if (axes.length === rank && rank > 1) return 'every element';
  return axes.length === 1 ? `axis ${axes[0]}` : `axes ${axes.join(' and ')}`;
}
