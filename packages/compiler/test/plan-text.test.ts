import { ones, Parameter, Tape, type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { planText, shownBytes, statsOf } from '../src/plan-text.ts';
import { planOf } from './support/traced.ts';

/** One step of gradient descent for a linear model. */
function trainingStep() {
  const [w, b] = [new Parameter(ones([4, 3]), 'w'), new Parameter(zeros([3]), 'b')];
  return planOf(
    (x: Tensor, y: Tensor) => {
      const tape = new Tape();
      const loss = tape.record(() => x.matmul(w).add(b).sub(y).square().mean());
      const gradient = tape.gradient(loss, { w, b });
      w.assign(w.sub(gradient.w.mul(0.1)));
      b.assign(b.sub(gradient.b.mul(0.1)));
      return loss;
    },
    zeros([8, 4]),
    zeros([8, 3]),
  );
}

describe('the text of a plan', () => {
  it('is a line for each kernel: what it does, what it writes, and what it reads', () => {
    expect(`\n${planText(trainingStep())}\n`).toBe(`
0  product [8, 4] · [4, 3]                                       → %2      ← x, w
1  loop [8, 3] over axes 0, 1: add, sub, square, mean, mul, mul  → %5, %6  ← %2, b, y
2  loop []: mean                                                 → %7      ← %6
3  loop [8, 3] over axis 0: sum                                  → %8      ← %5
4  product [4, 8] · [8, 3]: mul, sub                             → %9, w   ← x, %5, w
5  loop [3]: mul, sub                                            → b       ← %8, b
`);
  });

  it('shortens a loop of many ops', () => {
    const plan = planOf((x) => x.sin().cos().neg().exp().tanh().add(1).mul(2).abs(), zeros([3]));
    expect(planText(plan)).toBe('0  loop [3]: sin, cos, neg, exp, tanh, … 3 more  → %1  ← x');
  });

  it('shows kernels of every kind, and buffers that have no name', () => {
    const table = zeros([3, 3]).add(ones([3, 1]).cumsum(0));
    const plan = planOf((x) => [x.argmax(0), x.pad(1), x.matmul(table), x.argsort({ axis: 0 })], zeros([3, 3]));
    expect(`\n${planText(plan)}\n`).toBe(`
0  argmax [3, 3]             → %1  ← x
1  loop [5, 5]: fill         → %2  ←
2  loop [3, 3]: padConstant  → %2  ← x
3  product [3, 3] · [3, 3]   → %4  ← x, constant float32[9]
4  host argsort [3, 3]       → %5  ← x
`);
  });

  it('may say by what a kernel is done', () => {
    const plan = planOf((x) => x.matmul(x), zeros([2, 2]));
    expect(planText(plan, (number) => `by ${number}: `)).toBe('0  by 0: product [2, 2] · [2, 2]  → %1  ← x');
  });

  it('of no kernels is empty', () => {
    expect(planText(planOf((x) => x, zeros([2])))).toBe('');
  });
});

describe('the figures of a plan', () => {
  it('count kernels, fused ops, multiplications, and bytes', () => {
    expect(statsOf(trainingStep())).toEqual({
      ...{ kernels: 6, fused: 10, hostCalls: 0 },
      flops: 2 * (8 * 4 * 3) * 2,
      stateBytes: (12 + 3) * 4,
      inputBytes: (32 + 24) * 4,
    });
  });

  it('count each product of a batch, and what JavaScript computes', () => {
    const plan = planOf((x) => [x.matmul(x), x.argsort({ axis: 0 })], zeros([5, 2, 2], 'float64'));
    expect(statsOf(plan)).toMatchObject({ flops: 5 * 16, hostCalls: 1, inputBytes: 20 * 8, stateBytes: 0 });
  });
});

describe('shownBytes', () => {
  it('has a unit that shows few digits', () => {
    expect([0, 1023, 1024, 1536, 2 ** 20 - 1, 2 ** 20, 3.5 * 2 ** 20].map(shownBytes)).toEqual([
      ...['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '1024.0 KiB', '1.0 MiB', '3.5 MiB'],
    ]);
  });
});
