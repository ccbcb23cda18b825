// A backward sweep that keeps everything it makes: what explanations and audits read.

import type { Tensor } from './tensor.ts';
import type { Sweep, WengertList } from './wengert.ts';

/** What flowed backward along one edge of a tape. */
export interface EdgeContribution {
  /** The node whose adjoint it was made of, by position in `tape.nodes`. */
  readonly node: number;
  /** Which of its operands it went to, counted from 0. */
  readonly position: number;
  /** The operand's node. */
  readonly input: number;
  /** In the shape of the operand. */
  readonly value: Tensor;
}

/** Every adjoint of a backward sweep, and every contribution that they are the sums of. */
export interface Adjoints {
  /** The target's derivative by each node, by position in `tape.nodes`; undefined where none was made. */
  readonly ofNodes: readonly (Tensor | undefined)[];
  /** The contributions, in the order in which they were made. */
  readonly edges: readonly EdgeContribution[];
}

/** {@link WengertList.backward} that keeps what it makes. */
export function keepAdjoints(list: WengertList<Tensor>, sweep: Omit<Sweep<Tensor>, 'onEdge'>): Adjoints {
  const ofNodes: (Tensor | undefined)[] = list.nodes.map(() => undefined);
  const edges: EdgeContribution[] = [];
  const contribute = (at: number, value: Tensor): void => {
    const sum = ofNodes[at];
    ofNodes[at] = sum === undefined ? value : sweep.add(sum, value);
  };
  sweep.targets.forEach((at, i) => {
    contribute(at, sweep.seeds[i]!);
  });
  list.backward({
    ...sweep,
    onEdge: (value, node, position) => {
      const input = list.nodes[node]!.inputs[position]!;
      edges.push({ node, position, input, value });
      contribute(input, value);
    },
  });
  return { ofNodes, edges };
}
