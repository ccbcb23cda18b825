import { Parameter, Tape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import { columnKernels } from '../../src/threads/columns.ts';

/** The kinds of a training step's kernels that are divided by columns, for a weight [inputs, outputs] and so many rows of data. */
function kindsOf(rows: number, inputs: number, outputs: number): readonly string[] {
  const w = new Parameter(zeros([inputs, outputs]), 'w');
  const step = compile((x: Tensor) => {
    const tape = new Tape();
    const loss = tape.record(() => x.matmul(w).sub(1).square().mean());
    w.assign(w.sub(tape.gradient(loss, w).mul(0.1)));
    return loss;
  });
  step(tensor(Array(rows * inputs).fill(1), { shape: [rows, inputs] }));
  const { plan } = step.programs[0]!;
  return [...columnKernels(plan)].map((number) => plan.kernels[number]!.kind).sort();
}

describe('columnKernels', () => {
  it('divides a layer, the gradient of its weight and its update alike', () => {
    expect(kindsOf(100, 70, 90)).toEqual(['loop', 'product', 'product']);
  });

  it('leaves narrow layers, and layers for many more rows than they have columns', () => {
    expect(kindsOf(100, 70, 60)).toEqual([]);
    expect(kindsOf(1000, 70, 90)).toEqual([]);
  });

  it('leaves the gradient where the data are many more than the weight has columns', () => {
    expect(kindsOf(180, 70, 90)).toEqual(['loop', 'product', 'product']);
    expect(kindsOf(181, 70, 90)).toEqual([]);
  });
});
