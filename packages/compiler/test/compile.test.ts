import { grad, Parameter, scalar, Tape, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';

describe('compile', () => {
  it('gives what the function gives', () => {
    const f = compile((x: Tensor, y: Tensor) => x.mul(2).add(y).exp());
    expect(f(tensor([0, 1, 2, 3, 4]), tensor([1, 1, 1, 1, 0])).toArray()).toEqual(
      tensor([0, 1, 2, 3, 4])
        .mul(2)
        .add(tensor([1, 1, 1, 1, 0]))
        .exp()
        .toArray(),
    );
  });

  it('differentiates', () => {
    const f = (w: Tensor) => w.tanh().mul(w).square().sum();
    const w = tensor(
      [
        [1, 2, 3],
        [4, -5, 6],
      ],
      { dtype: 'float64' },
    );
    expect(compile(grad(f))(w).toArray()).toEqual(grad(f)(w).toArray());
  });

  it('changes parameters', () => {
    const w = new Parameter(tensor([1, 2, 3]), 'w');
    const step = compile((x: Tensor) => {
      const tape = new Tape();
      const loss = tape.record(() => w.mul(x).square().mean());
      const g = tape.gradient(loss, w);
      w.assign(w.sub(g.mul(0.1)));
      return loss;
    });
    expect(step(tensor([1, 1, 1])).item()).toBeCloseTo(14 / 3);
    expect(w.version).toBe(1);
    expect(step(tensor([1, 1, 1])).item()).toBeLessThan(14 / 3);
    const value = w.toArray() as number[];
    expect(value[0]).toBeCloseTo((1 - 0.2 / 3) ** 2);
    w.assign(tensor([0, 0, 0]));
    expect(step(tensor([1, 1, 1])).item()).toBe(0);
  });

  it('multiplies matrices', () => {
    const f = (x: Tensor, w: Tensor, b: Tensor) => x.matmul(w).add(b).relu().matmul(w.transpose()).sum(0);
    const [x, w, b] = [
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      tensor([
        [1, -2, 3],
        [0, 1, 2],
      ]),
      tensor([1, 1, 1]),
    ];
    expect(compile(f)(x, w, b).toArray()).toEqual(f(x, w, b).toArray());
  });
  void scalar;
});
