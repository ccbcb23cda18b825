import { ones, RandomGenerator, type Tensor, where, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import type { Plan } from '../../src/plan.ts';
import { expectClose } from '../support/close.ts';
import { asLoop, kernelsIn, planOf } from '../support/traced.ts';

const [square, wide] = [zeros([4, 4]), zeros([4, 5])];

/** How many values the loops of a plan store. */
function storedIn({ kernels }: Plan): number {
  const loops = kernels.map((kernel) => (kernel.kind === 'product' ? kernel.epilogue : kernel));
  return loops.reduce((total, loop) => total + (loop?.kind === 'loop' ? loop.stores.length : 0), 0);
}

/** The plan says something about a program that gives what the function gives. */
function expectSame(f: (...args: Tensor[]) => Tensor | Tensor[], ...like: Tensor[]): void {
  const random = new RandomGenerator(7);
  const args = like.map(({ shape }) => random.uniform(shape, -2, 2));
  const [found, expected] = [compile(f)(...args), f(...args)];
  [found].flat().forEach((x, i) => {
    expectClose(x as Tensor, [expected].flat()[i]!, 1e-5);
  });
}

describe('loops become one', () => {
  it('where they are a chain', () => {
    const plan = planOf((x) => x.mul(2).add(1).sin(), wide);
    expect(kernelsIn(plan)).toEqual(['mul add sin']);
    expect(storedIn(plan)).toBe(1);
  });

  it('where a reduction takes what maps make', () => {
    const plan = planOf((x) => x.square().sum(1), wide);
    expect(kernelsIn(plan)).toEqual(['square sum']);
    expect([storedIn(plan), asLoop(plan.kernels[0]).reduced]).toEqual([0, [1]]);
  });

  it('where reductions are along the same axes', () => {
    expect(kernelsIn(planOf((x) => [x.sum(0), x.max(0), x.square().mean(0)], wide))).toEqual([
      'sum max square mean',
      'mean',
    ]);
  });

  it('where they read the same', () => {
    expect(kernelsIn(planOf((x) => [x.sin(), x.cos()], wide))).toEqual(['sin cos']);
  });

  it('whatever axes of length 1 they have', () => {
    expect(kernelsIn(planOf((x) => x.reshape([8]).mul(2).reshape([1, 8]).add(1), zeros([8, 1])))).toEqual(['mul add']);
  });

  it('also beside what is made of them by a product', () => {
    const f = (x: Tensor): Tensor[] => {
      const y = x.mul(2);
      return [y.matmul(y), y.add(1)];
    };
    expect(kernelsIn(planOf(f, square))).toEqual(['mul add', 'product']);
    expectSame(f, square);
  });
});

describe('loops stay apart', () => {
  it('where they have nothing to do with each other', () => {
    expect(kernelsIn(planOf((x, y) => [x.sin(), y.cos()], wide, wide))).toEqual(['sin', 'cos']);
  });

  it('where one reads what the other makes in another place', () => {
    const f = (x: Tensor): Tensor => x.sin().transpose().mul(2);
    expect(kernelsIn(planOf(f, square))).toEqual(['sin', 'mul']);
    expectSame(f, square);
  });

  it('where one broadcasts what the other makes', () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.add(y.exp());
    expect(kernelsIn(planOf(f, wide, zeros([5])))).toEqual(['exp', 'add']);
    expectSame(f, wide, zeros([5]));
  });

  it('where reductions of one map are along other axes', () => {
    const f = (x: Tensor, y: Tensor): Tensor[] => {
      const product = x.mul(y);
      return [product.sum(0), product.sum(1)];
    };
    const plan = planOf(f, wide, wide);
    expect(kernelsIn(plan)).toEqual(['mul sum', 'sum']);
    expect(plan.kernels.map((kernel) => asLoop(kernel).reduced)).toEqual([[0], [1]]);
    expect(storedIn(plan)).toBe(1);
    expectSame(f, wide, wide);
  });
});

describe('a value that goes round', () => {
  it('by a product is stored, and what comes back is a later loop', () => {
    const f = (x: Tensor, w: Tensor): Tensor => {
      const y = x.mul(2);
      return y.add(y.matmul(w));
    };
    const plan = planOf(f, square, square);
    expect(kernelsIn(plan)).toEqual(['mul', 'product: add']);
    expect(storedIn(plan)).toBe(2);
    expectSame(f, square, square);
  });

  it('by a reduction is stored, and what comes back is a later loop', () => {
    const f = (x: Tensor): Tensor => {
      const y = x.exp();
      return y.div(y.sum(1, { keepDims: true }));
    };
    expect(kernelsIn(planOf(f, wide))).toEqual(['exp sum', 'div']);
    expectSame(f, wide);
  });

  it('by both, twice, makes no circle', () => {
    const f = (x: Tensor, w: Tensor): Tensor[] => {
      let y = x.mul(2);
      const all: Tensor[] = [];
      for (let i = 0; i < 3; i++) {
        const z = y.tanh().matmul(w);
        all.push(y.sum(1));
        y = y.add(z).sub(y.mean(0)).mul(x);
      }
      return [...all, y];
    };
    const plan = planOf(f, square, square);
    expect(plan.kernels.filter(({ kind }) => kind === 'product').length).toBe(3);
    expectSame(f, square, square);
  });
});

describe('a loop sinks to where it is used', () => {
  it('so that a mask need not be stored', () => {
    const f = (x: Tensor, w: Tensor): Tensor => where(x.greater(0), x.matmul(w), 0);
    const plan = planOf(f, square, square);
    expect(kernelsIn(plan)).toEqual(['product: greater where']);
    expect(storedIn(plan)).toBe(1);
    expectSame(f, square, square);
  });

  it('through several that wait for each other', () => {
    const f = (x: Tensor, w: Tensor): Tensor => x.mul(3).add(1).sin().mul(x.matmul(w));
    expect(kernelsIn(planOf(f, square, square))).toEqual(['product: mul add sin mul']);
    expectSame(f, square, square);
  });

  it('but not where it is also used earlier, or asked for', () => {
    const f = (x: Tensor, w: Tensor): Tensor[] => {
      const y = x.sin();
      return [y.mul(x.matmul(w)), y];
    };
    expect(kernelsIn(planOf(f, square, square))).toEqual(['sin', 'product: mul']);
    const g = (x: Tensor, w: Tensor): Tensor => x.sin().mul(x.sin().matmul(w));
    expect(kernelsIn(planOf(g, square, square))).toEqual(['sin', 'product: mul']);
  });
});

it('a loop does not sink where what it reads would be stored in its place, and is more', () => {
  const f = (x: Tensor, w: Tensor): Tensor[] => {
    const [a, b] = [x.sin(), x.cos()];
    return [a.mul(b).mul(x.matmul(w)), a.sum(0), b.sum(0)];
  };
  const plan = planOf(f, square, square);
  expect(kernelsIn(plan)).toEqual(['sin cos mul sum sum', 'product: mul']);
  expect(storedIn(plan)).toBe(2);
  expectSame(f, square, square);
});

describe('a large group', () => {
  const many = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 200; i++) y = y.mul(1 + i / 1e4).add(0.001 * i);
    return y;
  };

  it('is several loops, one after another', () => {
    const plan = planOf(many, wide);
    expect(plan.kernels.length).toBeGreaterThan(1);
    for (const kernel of plan.kernels) expect(asLoop(kernel).body.length).toBeLessThan(700);
    expect(storedIn(plan)).toBe(plan.kernels.length);
    expectSame(many, ones([4, 5]));
  });

  it('counts functions for more than additions', () => {
    const functions = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 60; i++) y = y.sin();
      return y;
    };
    expect(planOf(functions, wide).kernels.length).toBe(2);
    expectSame(functions, wide);
  });

  it('with reductions in several of its parts gives all of them', () => {
    const f = (x: Tensor): Tensor[] => {
      const results: Tensor[] = [];
      let y = x;
      for (let i = 0; i < 100; i++) {
        y = y.mul(0.99).add(0.01).sin();
        if (i % 20 === 0) results.push(y.sum(1), y.max(1));
      }
      return [...results, y];
    };
    expect(planOf(f, wide).kernels.length).toBeGreaterThan(1);
    expectSame(f, wide);
  });
});
