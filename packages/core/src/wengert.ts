// The tape's list, and the one loop that is reverse-mode differentiation. It knows no tensors: values may be plain numbers.

/**
 * One step of a computation. `inputs` are the positions of earlier steps in the list.
 *
 * Source: R. E. Wengert, "A simple automatic derivative evaluation program", CACM 7(8), 1964.
 */
export interface WengertNode<V> {
  readonly inputs: readonly number[];
  /**
   * The chain rule at this node: from the target's derivative by this node's value, `g`, its contribution to the
   * derivative by each input, in their order; null where nothing flows that way. Only the contributions to the nodes that
   * are `wanted` (not 0, by position in the list) are used: the others need not be worked out.
   */
  pull(g: V, wanted: Uint8Array): readonly (V | null)[];
}

/** What a backward sweep needs beside the list. */
export interface Sweep<V> {
  /** The nodes that are differentiated. */
  readonly targets: readonly number[];
  /** The derivative to start from at each target: one, for the derivative of a single target. */
  readonly seeds: readonly V[];
  /** The nodes to differentiate by. */
  readonly sources: readonly number[];
  /** The sum of two contributions to one adjoint. */
  readonly add: (a: V, b: V) => V;
  /** Told of each edge's contribution, in the order in which they are made, and of the `g` that it was made of. */
  readonly onEdge?: (contribution: V, node: number, position: number, g: V) => void;
}

/** Marks of a node: whether its value depends on a source, and whether it is one. */
const reached = 1;
const source = 2;

/**
 * An append-only list of the steps of a computation. A step can only use earlier ones, so the order of recording is a
 * topological order and backward is a loop from the end: no recursion, however long the list.
 */
export class WengertList<V, N extends WengertNode<V> = WengertNode<V>> {
  readonly nodes: N[] = [];

  /** Appends a step and returns its position. */
  append(node: N): number {
    return this.nodes.push(node) - 1;
  }

  /**
   * The derivative of the targets by each source, in the order of `sources`; undefined where no target depends on it, or it
   * is not on the list (its position is -1). Visits only nodes that are both reached from a source and lead to a target.
   */
  backward({ targets, seeds, sources, add, onEdge }: Sweep<V>): (V | undefined)[] {
    const last = targets.reduce((latest, at) => Math.max(latest, at), -1);
    const marks = this.marked(sources, last);
    const adjoints = new Array<V | undefined>(last + 1);
    const contribute = (at: number, contribution: V): void => {
      const sum = adjoints[at];
      adjoints[at] = sum === undefined ? contribution : add(sum, contribution);
    };
    targets.forEach((at, i) => {
      if (at >= 0) contribute(at, seeds[i]!);
    });
    for (let at = last; at >= 0; at--) {
      const g = adjoints[at];
      if (g === undefined || marks[at] === 0) continue;
      const { inputs } = this.nodes[at]!;
      if (inputs.length > 0) {
        const contributions = this.nodes[at]!.pull(g, marks);
        for (let position = 0; position < inputs.length; position++) {
          const contribution = contributions[position] ?? null;
          if (contribution === null || marks[inputs[position]!] === 0) continue;
          onEdge?.(contribution, at, position, g);
          contribute(inputs[position]!, contribution);
        }
      }
      // No later visit adds to it: only a source's adjoint is still wanted.
      if (marks[at] !== source) adjoints[at] = undefined;
    }
    return sources.map((at) => adjoints[at]);
  }

  /** Marks the nodes up to `last` that are sources, or depend on one. */
  private marked(sources: readonly number[], last: number): Uint8Array {
    const marks = new Uint8Array(last + 1);
    for (const at of sources) marks[at] = source;
    for (let at = 0; at <= last; at++) {
      if (marks[at] !== 0) continue;
      const { inputs } = this.nodes[at]!;
      for (let position = 0; position < inputs.length; position++) {
        if (marks[inputs[position]!] === 0) continue;
        marks[at] = reached;
        break;
      }
    }
    return marks;
  }
}
