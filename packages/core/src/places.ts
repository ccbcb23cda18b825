// Which node of a tape stands for a tensor.

import type { Tensor } from './tensor.ts';

let nextId = 1;

/**
 * The positions of tensors on one tape. Results of ops carry theirs themselves, so that a tape keeps only what it saves; values from
 * outside are known by identity.
 */
export class Places {
  /** What the places of tensors on this tape go by. */
  private readonly id: number = nextId++;
  private readonly leaves: Map<Tensor, number> = new Map();

  /** The position under which the tape knows `x`, also as what it is a name of; -1 where it does not. */
  indexOf(x: Tensor): number {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      const index = this.ownIndexOf(handle);
      if (index >= 0) return index;
    }
    return -1;
  }

  /** The same, of `x` itself and not of what it is a name of. */
  ownIndexOf(x: Tensor): number {
    for (let place = x.place; place !== null; place = place.next) if (place.tape === this.id) return place.index;
    return this.leaves.get(x) ?? -1;
  }

  /** The position of a value from outside; undefined where `x` is none, though it may be the name of one. */
  leafIndexOf(x: Tensor): number | undefined {
    return this.leaves.get(x);
  }

  /** Gives a result its place. */
  put(x: Tensor, index: number): void {
    x.place = { tape: this.id, index, next: x.place };
  }

  /** Gives a value from outside its place. */
  putLeaf(x: Tensor, index: number): void {
    this.leaves.set(x, index);
  }

  /** The values from outside, by position. */
  leafValues(): ReadonlyMap<number, Tensor> {
    return new Map(Array.from(this.leaves, ([x, index]) => [index, x]));
  }
}
