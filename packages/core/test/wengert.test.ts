// Reverse-mode differentiation on plain numbers: how the tape works, before any tensor comes in.

import { describe, expect, it } from 'vitest';
import { WengertList, type WengertNode } from '../src/index.ts';

// A computation is a list of steps. A step says which earlier steps it used, and how its value changes with each of them: its
// partial derivatives. That is all that differentiation needs to know.

interface Step extends WengertNode<number> {
  readonly value: number;
}

class Course {
  readonly list: WengertList<number, Step> = new WengertList();

  variable(value: number): number {
    return this.list.append({ value, inputs: [], pull: () => [] });
  }

  // d(x + y) = dx + dy
  add(x: number, y: number): number {
    return this.step(this.value(x) + this.value(y), [x, y], [1, 1]);
  }

  // d(xy) = y dx + x dy
  multiply(x: number, y: number): number {
    return this.step(this.value(x) * this.value(y), [x, y], [this.value(y), this.value(x)]);
  }

  // d sin x = cos x dx
  sin(x: number): number {
    return this.step(Math.sin(this.value(x)), [x], [Math.cos(this.value(x))]);
  }

  value(at: number): number {
    return this.list.nodes[at]!.value;
  }

  // The chain rule: a step passes on what comes in, g, times its own partial derivative.
  step(value: number, inputs: number[], partials: (number | null)[]): number {
    const pull = (g: number) => partials.map((partial) => (partial === null ? null : g * partial));
    return this.list.append({ value, inputs, pull });
  }

  gradient(target: number, ...sources: number[]): (number | undefined)[] {
    return this.list.backward({ targets: [target], seeds: [1], sources, add: (a, b) => a + b });
  }
}

describe('differentiating a list of steps', () => {
  it('takes the derivative of a product by each factor', () => {
    const course = new Course();
    const x = course.variable(3);
    const y = course.variable(5);
    const product = course.multiply(x, y);
    expect(course.gradient(product, x, y)).toEqual([5, 3]);
  });

  it('multiplies along a chain', () => {
    const course = new Course();
    const x = course.variable(0.5);
    const out = course.sin(course.sin(x));
    expect(course.gradient(out, x)).toEqual([Math.cos(Math.sin(0.5)) * Math.cos(0.5)]);
  });

  it('adds where paths meet', () => {
    const course = new Course();
    const x = course.variable(3);
    const square = course.multiply(x, x); // x reaches the product on two paths
    const out = course.add(square, x); // and the sum on a third
    expect(course.gradient(out, x)).toEqual([2 * 3 + 1]);
  });

  it('differentiates the example of every textbook: xy + sin x', () => {
    const course = new Course();
    const x = course.variable(2);
    const y = course.variable(7);
    const out = course.add(course.multiply(x, y), course.sin(x));
    expect(course.gradient(out, x, y)).toEqual([7 + Math.cos(2), 2]);
  });

  it('gives the derivative by a step in between', () => {
    const course = new Course();
    const x = course.variable(2);
    const square = course.multiply(x, x);
    const out = course.multiply(square, square);
    expect(course.gradient(out, square, x)).toEqual([8, 32]);
  });

  it('gives one for the target itself', () => {
    const course = new Course();
    const x = course.variable(2);
    expect(course.gradient(x, x)).toEqual([1]);
  });
});

describe('several targets', () => {
  it('start from a derivative each, and add up', () => {
    const course = new Course();
    const x = course.variable(3);
    const y = course.variable(5);
    const product = course.multiply(x, y);
    const square = course.multiply(product, product);
    const add = (a: number, b: number) => a + b;
    // 7·d(xy) + 2·d(xy)² = (7 + 4xy)·d(xy)
    const sweep = { targets: [product, square], seeds: [7, 2], sources: [x, y], add };
    expect(course.list.backward(sweep)).toEqual([67 * 5, 67 * 3]);
    // the same node twice, and a source that is a target itself
    expect(course.list.backward({ ...sweep, targets: [x, x] })).toEqual([9, undefined]);
  });

  it('may be none, or not on the list', () => {
    const course = new Course();
    const x = course.variable(3);
    const sweep = { sources: [x, -1], add: (a: number, b: number) => a + b };
    expect(course.list.backward({ ...sweep, targets: [], seeds: [] })).toEqual([undefined, undefined]);
    expect(course.list.backward({ ...sweep, targets: [-1, x], seeds: [1, 5] })).toEqual([5, undefined]);
  });
});

describe('what the sweep leaves out', () => {
  it('tells a source that the target does not depend on from a derivative of zero', () => {
    const course = new Course();
    const x = course.variable(2);
    const zero = course.variable(0);
    const stranger = course.variable(9);
    const out = course.multiply(x, zero);
    expect(course.gradient(out, x, stranger)).toEqual([0, undefined]);
  });

  it('lets nothing through an edge that has no derivative', () => {
    const course = new Course();
    const x = course.variable(2);
    const jump = course.step(Math.floor(2), [x], [null]);
    expect(course.gradient(course.multiply(jump, jump), x)).toEqual([undefined]);
  });

  it('visits only steps between the sources and the target', () => {
    const course = new Course();
    const x = course.variable(2);
    const constant = course.sin(course.variable(1)); // not reached from x
    const out = course.multiply(x, constant);
    course.sin(out); // does not lead to out
    const edges: number[][] = [];
    course.list.backward({
      targets: [out],
      seeds: [1],
      sources: [x],
      add: (a, b) => a + b,
      onEdge: (contribution, node, position) => edges.push([contribution, node, position]),
    });
    expect(edges).toEqual([[Math.sin(1), out, 0]]);
  });

  it('keeps the contribution of each edge apart for whoever asks', () => {
    const course = new Course();
    const x = course.variable(3);
    const square = course.multiply(x, x);
    const contributions: number[] = [];
    const sweep = { targets: [square], seeds: [1], sources: [x], add: (a: number, b: number) => a + b };
    course.list.backward({ ...sweep, onEdge: (contribution) => contributions.push(contribution) });
    expect(contributions).toEqual([3, 3]);
  });

  it('goes through a million steps without recursion', () => {
    const course = new Course();
    const one = course.variable(1);
    let out = one;
    for (let i = 0; i < 1_000_000; i++) out = course.add(out, one);
    expect(course.gradient(out, one)).toEqual([1_000_001]);
  });
});
