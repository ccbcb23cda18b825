import { Parameter, RandomGenerator, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { kernelsIn, planOf } from '../support/traced.ts';

const [square, wide] = [zeros([4, 4]), zeros([4, 5])];

/** How many bytes of work a program needs, and what its kernels are. */
function workBuffers(f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...xs: readonly Tensor[]): number {
  return planOf(f, ...xs).buffers.filter(({ holds }) => holds.kind === 'work').length;
}

describe('an epilogue of a product', () => {
  it('is what is done with its elements in place', () => {
    expect(kernelsIn(planOf((x, w, b) => x.matmul(w).add(b).relu(), square, wide, zeros([5])))).toEqual([
      'product: add relu',
    ]);
  });

  it('may be an update of a parameter', () => {
    const w = new Parameter(zeros([4, 5]), 'w');
    const plan = planOf(
      (x, d) => {
        w.assign(w.sub(x.transpose().matmul(d).mul(0.1)));
        return x.mul(2);
      },
      square,
      wide,
    );
    expect(kernelsIn(plan)).toEqual(['product: mul sub', 'mul']);
  });

  it('may keep what it is made of', () => {
    const f = (x: Tensor, w: Tensor): Tensor[] => {
      const z = x.matmul(w);
      return [z, z.tanh()];
    };
    expect(kernelsIn(planOf(f, square, wide))).toEqual(['product: tanh']);
    expect(workBuffers(f, square, wide)).toBe(2);
  });

  it('has the product written where it writes itself, if nothing else needs it', () => {
    expect(workBuffers((x, w) => x.matmul(w).tanh(), square, wide)).toBe(1);
    expect(workBuffers((x, w) => x.matmul(w).greater(0), square, wide)).toBe(2);
  });

  it('is one, and what is done with its results by others comes later', () => {
    const f = (x: Tensor, w: Tensor): Tensor => {
      const a = x.matmul(w).exp();
      return a.mul(a.matmul(w));
    };
    const plan = planOf(f, square, square);
    expect(kernelsIn(plan)).toEqual(['product: exp', 'product: mul']);
    const g = (x: Tensor, w: Tensor): Tensor[] => {
      const a = x.matmul(w).exp();
      return [a, a.transpose().matmul(w), a.sum(0), a.mul(a.mean(1, { keepDims: true }))];
    };
    const random = new RandomGenerator(3);
    const [x, w] = [random.normal([4, 4]), random.normal([4, 4])];
    const wanted = g(x, w);
    compile(g)(x, w).forEach((found, i) => {
      expect(found.sub(wanted[i]!).abs().max().item()).toBeLessThan(1e-5 * wanted[i]!.abs().max().item());
    });
  });

  it('is no reduction, no other order, no part, and no row', () => {
    for (const f of [
      (x: Tensor, w: Tensor) => x.matmul(w).exp().sum(0),
      (x: Tensor, w: Tensor) => x.matmul(w).transpose().exp(),
      (x: Tensor, w: Tensor) => x.matmul(w).slice(0, 2).exp(),
      (x: Tensor, w: Tensor) => x.slice(0, 1).matmul(w).exp(),
      (x: Tensor, w: Tensor) => x.matmul(w).lgamma(),
      (x: Tensor, w: Tensor) => x.reshape([2, 2, 4]).matmul(w).exp(),
    ]) {
      expect(kernelsIn(planOf(f, square, square))[0], String(f)).toBe('product');
    }
  });

  it('writes over no operand of the product', () => {
    const w = new Parameter(tensor([[1, 2], [3, 4]]), 'w'); // biome-ignore format: a matrix
    const f = (): void => w.assign(w.matmul(w).add(w));
    const step = compile(f);
    step();
    expect(kernelsIn(step.programs[0]!.plan)[0]).toBe('product');
    expect(w.toArray()).toEqual([
      [8, 12],
      [18, 26],
    ]);
  });

  it('waits for no operand that is written over before it', () => {
    const [v, w] = [new Parameter(tensor([[1, 0], [0, 1]]), 'v'), new Parameter(tensor([[1, 2], [3, 4]]), 'w')]; // biome-ignore format: matrices
    const step = compile(() => {
      const product = v.matmul(w);
      v.assign(v.mul(10));
      w.assign(product.add(v));
    });
    step();
    expect([v.toArray(), w.toArray()]).toEqual([
      [[10, 0], [0, 10]], // biome-ignore format: matrices
      [[11, 2], [3, 14]], // biome-ignore format: matrices
    ]);
  });

  it.each([
    [700, 256, 8],
    [161, 513, 3],
  ])('is done after a product of %d × %d', (m, n, k) => {
    const random = new RandomGenerator(5);
    const [x, w, b, d] = [random.normal([m, k]), random.normal([k, n]), random.normal([n]), random.normal([m, n])];
    const f = (x: Tensor, w: Tensor, b: Tensor, d: Tensor): Tensor => x.matmul(w).add(b).relu().mul(d);
    const compiled = compile(f, { native: false });
    const difference = compiled(x, w, b, d)
      .sub(f(x, w, b, d))
      .abs()
      .max()
      .item();
    expect(kernelsIn(compiled.programs[0]!.plan)).toEqual(['product: add relu mul']);
    expect(difference).toBeLessThan(1e-5);
  });
});
