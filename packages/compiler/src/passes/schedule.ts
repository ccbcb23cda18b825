// In which order kernels run, and which of them can write a parameter's new value over its old one.

import { rowMajorStrides, sizeOf } from '@tapegrad/core/compiling';
import type { Graph } from '../graph.ts';
import { type PlanAccess, readsOf } from '../plan.ts';
import { copyKernel, type NodeKernel } from './kernels.ts';

/** A parameter that gets a new value: the nodes of the old and the new one. */
export interface Replaced {
  readonly before: number;
  readonly after: number;
}

/** Kernels in order. `inPlace` says which nodes lie where another one lay. */
export interface Schedule {
  readonly kernels: readonly NodeKernel[];
  readonly inPlace: ReadonlyMap<number, number>;
}

/**
 * Orders kernels: each after what it reads; of several that could be next, the one whose results were recorded first. A new value is
 * written over the old one where nothing needs the old one later, and otherwise copied there at the end; in any case after all that
 * JavaScript computes, which may throw: then no parameter was changed.
 */
export function scheduled(graph: Graph, unordered: readonly NodeKernel[], replaced: readonly Replaced[]): Schedule {
  const order = new Order(unordered);
  const inPlace = new Map<number, number>();
  for (const { before, after } of replaced) {
    const readers = order.readersOf(before);
    const maker = order.makersOf(after);
    const first = [...readers, ...order.hosts];
    const [writer] = maker;
    if (maker.length === 1 && !inPlace.has(after) && canOverwrite(order.kernels[writer!]!, before, after)) {
      const earlier = first.filter((kernel) => kernel !== writer);
      if (!earlier.some((kernel) => order.reaches(writer!, kernel))) {
        for (const kernel of earlier) order.put(kernel, writer!);
        inPlace.set(after, before);
        continue;
      }
    }
    const copy = order.add({ kernel: copyKernel(graph, after, before), makes: [before] }, maker);
    for (const kernel of first) order.put(kernel, copy);
  }
  return { kernels: order.sorted(), inPlace };
}

/** Whether a kernel makes `after` element by element, and reads of `before` in each turn the one that it could write over. */
function canOverwrite({ kernel }: Pick<NodeKernel, 'kernel'>, before: number, after: number): boolean {
  // a product reads its operands in many turns
  if (kernel.kind === 'product') return kernel.x.buffer !== before && kernel.y.buffer !== before;
  if ((kernel.kind !== 'loop' && kernel.kind !== 'scatter') || mayThrow({ kernel })) return false;
  const expected = rowMajorStrides(kernel.shape);
  const inOrder = ({ strides, offset }: PlanAccess): boolean =>
    offset === 0 && kernel.shape.every((length, axis) => length === 1 || strides[axis] === expected[axis]);
  if (sizeOf(kernel.shape) === 0) return false;
  const inTurn = (access: PlanAccess): boolean => access.buffer !== before || inOrder(access);
  if (kernel.kind === 'scatter') {
    // updates are read in other turns too
    return inTurn(kernel.x) && kernel.lists.buffer !== before && kernel.updates.buffer !== before;
  }
  const store = kernel.stores.find(({ to }) => to.buffer === after);
  return store !== undefined && inOrder(store.to) && kernel.loads.every(inTurn);
}

/** Whether a kernel runs JavaScript, which may refuse what it is given. */
function mayThrow({ kernel }: Pick<NodeKernel, 'kernel'>): boolean {
  if (kernel.kind === 'host' || kernel.kind === 'indices') return true;
  return kernel.kind === 'loop' && kernel.body.some(({ op }) => op === 'call');
}

/** Kernels, and which must come before which. */
class Order {
  readonly kernels: NodeKernel[];
  /** The kernels that JavaScript computes, or is asked in. */
  readonly hosts: readonly number[];
  private readonly after: Set<number>[];
  private readonly makers: Map<number, number[]> = new Map();
  private readonly readers: Map<number, number[]> = new Map();

  constructor(kernels: readonly NodeKernel[]) {
    this.kernels = [...kernels];
    this.after = kernels.map(() => new Set());
    kernels.forEach(({ makes }, at) => {
      for (const node of makes) {
        const makers = this.makersOf(node);
        // several make one node in their order
        if (makers.length > 0) this.put(makers.at(-1)!, at);
        this.makers.set(node, [...makers, at]);
      }
    });
    this.hosts = [...kernels.keys()].filter((at) => mayThrow(kernels[at]!));
    kernels.forEach(({ kernel }, at) => {
      for (const node of readsOf(kernel)) {
        this.noteReader(node, at);
        for (const maker of this.makersOf(node)) if (maker < at || !this.makes(at, node)) this.put(maker, at);
      }
    });
  }

  makersOf(node: number): readonly number[] {
    return this.makers.get(node) ?? [];
  }

  /** The kernels that read a node's elements. */
  readersOf(node: number): readonly number[] {
    return this.readers.get(node) ?? [];
  }

  /** Has one kernel come before another. */
  put(first: number, second: number): void {
    if (first !== second) this.after[first]!.add(second);
  }

  /** Adds a kernel that comes after some. Returns its number. */
  add(kernel: NodeKernel, first: readonly number[]): number {
    const at = this.kernels.push(kernel) - 1;
    this.after.push(new Set());
    for (const before of first) this.put(before, at);
    for (const node of readsOf(kernel.kernel)) this.noteReader(node, at);
    return at;
  }

  /** Whether one kernel must come before another. */
  reaches(from: number, to: number): boolean {
    const found = new Set([from]);
    for (const at of found) {
      if (at === to) return true;
      for (const next of this.after[at]!) found.add(next);
    }
    return false;
  }

  sorted(): readonly NodeKernel[] {
    const waits = this.kernels.map(() => 0);
    for (const next of this.after) for (const at of next) waits[at]!++;
    const rank = this.kernels.map(({ makes }) => Math.max(...makes, -1));
    const ready = new Set([...waits.keys()].filter((at) => waits[at] === 0));
    const sorted: NodeKernel[] = [];
    while (ready.size > 0) {
      let best = -1;
      for (const at of ready) if (best < 0 || rank[at]! < rank[best]!) best = at;
      ready.delete(best);
      sorted.push(this.kernels[best]!);
      for (const at of this.after[best]!) if (--waits[at]! === 0) ready.add(at);
    }
    if (sorted.length < this.kernels.length) throw new Error('internal: kernels wait for each other');
    return sorted;
  }

  private noteReader(node: number, at: number): void {
    const readers = this.readers.get(node);
    if (readers === undefined) this.readers.set(node, [at]);
    else if (readers.at(-1) !== at) readers.push(at);
  }

  private makes(at: number, node: number): boolean {
    return this.kernels[at]!.makes.includes(node);
  }
}
