import { Parameter, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import type { Plan } from '../../src/plan.ts';
import { Calls } from '../../src/wasm/body.ts';
import { sharedLoops } from '../../src/wasm/shared-loops.ts';

/** Of which kernels of a function's plan a function is shared, each with the number of the function. */
function shares(plan: Plan): (number | undefined)[] {
  const addresses = plan.buffers.map((_, buffer) => 4096 * (buffer + 1));
  const calls = sharedLoops(plan.kernels, { relaxed: false, calls: new Calls(), buffers: plan.buffers, addresses });
  const functions: unknown[] = [];
  return plan.kernels.map((kernel) => {
    const statement = calls.get(kernel);
    if (statement === undefined) return undefined;
    if (statement.kind !== 'call') throw new Error('not a call');
    if (!functions.includes(statement.callee)) functions.push(statement.callee);
    return functions.indexOf(statement.callee);
  });
}

function planOf(f: (...xs: Tensor[]) => readonly Tensor[], ...xs: readonly Tensor[]): Plan {
  const compiled = compile(f);
  compiled(...xs);
  return compiled.programs[0]!.plan;
}

describe('sharedLoops', () => {
  it('has one function for loops that do the same to arrays of any size, also of one element', () => {
    const plan = planOf(
      (x, y, z, s) => [x.mul(s).tanh(), y.mul(s).tanh(), z.mul(s).tanh()],
      ...[zeros([3, 5]), zeros([7]), zeros([1]), zeros([])],
    );
    expect(shares(plan)).toEqual([0, 0, 0]);
  });

  it('keeps apart what is another step, constant, kind of numbers, or layout', () => {
    const plan = planOf(
      (x, y, z, u, v, w) => [x.mul(2), y.mul(3), z.add(2), u.mul(2), v.add(w), w.add(1)],
      ...[zeros([4, 5]), zeros([7]), zeros([8]), zeros([9], 'float64'), zeros([6, 2]), zeros([2])],
    );
    expect(shares(plan)).toEqual(plan.kernels.map(() => undefined));
  });

  it('keeps 0 and -0 apart', () => {
    const plan = planOf((x, y) => [x.maximum(0), y.maximum(-0)], zeros([5]), zeros([6]));
    expect(shares(plan)).toEqual([undefined, undefined]);
  });

  it('updates parameters of all sizes as eager code does', () => {
    const sizes = [1, 2, 3, 4, 5, 16, 31];
    const make = () =>
      sizes.map((size) => new Parameter(tensor(Array.from({ length: size }, (_, i) => i - 1.5)), `w${size}`));
    const [eager, compiled] = [make(), make()];
    const step = (parameters: readonly Parameter[]) => (rate: Tensor) => {
      for (const w of parameters) w.assign(w.sub(w.square().mul(rate)).tanh());
    };
    const program = compile(step(compiled));
    for (let i = 0; i < 3; i++) {
      step(eager)(tensor(0.1));
      program(tensor(0.1));
    }
    expect(shares(program.programs[0]!.plan)).toEqual(sizes.map(() => 0));
    compiled.forEach((w, i) => {
      const wanted = eager[i]!.toArray() as number[];
      for (const [at, x] of (w.toArray() as number[]).entries()) expect(x).toBeCloseTo(wanted[at]!, 6);
    });
  });
});
