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
   * derivative by the input at `position`; null where nothing flows that way.
   */
  pull(g: V, position: number): V | null;
}

/** What a backward sweep needs beside the list. */
export interface Sweep<V> {
  /** The node that is differentiated. */
  readonly target: number;
  /** The derivative of the target by itself: one. */
  readonly seed: V;
  /** The nodes to differentiate by. */
  readonly sources: readonly number[];
  /** The sum of two contributions to one adjoint. */
  readonly add: (a: V, b: V) => V;
  /** Told of each edge's contribution, in the order in which they are made. */
  readonly onEdge?: (contribution: V, node: number, position: number) => void;
}

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
   * The derivative of the target by each source, in the order of `sources`; undefined where the target does not depend on
   * it, or one of them is not on the list (its position is -1). Visits only nodes that are both reached from a source and
   * lead to the target.
   */
  backward({ target, seed, sources, add, onEdge }: Sweep<V>): (V | undefined)[] {
    if (target < 0) return sources.map(() => undefined);
    const wanted = new Set(sources);
    const reached = this.reachedFrom(wanted, target);
    const adjoints = new Map<number, V>([[target, seed]]);
    for (let at = target; at >= 0; at--) {
      const g = adjoints.get(at);
      if (g === undefined || !reached[at]) continue;
      const node = this.nodes[at]!;
      node.inputs.forEach((input, position) => {
        if (!reached[input]) return;
        const contribution = node.pull(g, position);
        if (contribution === null) return;
        onEdge?.(contribution, at, position);
        const sum = adjoints.get(input);
        adjoints.set(input, sum === undefined ? contribution : add(sum, contribution));
      });
      // No later visit adds to it: only a source's adjoint is still wanted.
      if (!wanted.has(at)) adjoints.delete(at);
    }
    return sources.map((source) => adjoints.get(source));
  }

  /** Marks the nodes up to `target` whose value depends on a source. */
  private reachedFrom(sources: Iterable<number>, target: number): Uint8Array {
    const reached = new Uint8Array(target + 1);
    for (const source of sources) reached[source] = 1;
    for (let at = 0; at <= target; at++) {
      if (!reached[at] && this.nodes[at]!.inputs.some((input) => reached[input])) reached[at] = 1;
    }
    return reached;
  }
}
