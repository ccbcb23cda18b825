import { Parameter, Tape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import { columnKernels } from '../../src/threads/columns.ts';
import { kernelsIn } from '../support/traced.ts';

/** What the kernels of a training step do that are divided by columns, for a weight [inputs, outputs] and so many rows of data. */
function kindsOf(rows: number, inputs: number, outputs: number, gradient?: 'also read'): readonly string[] {
  const w = new Parameter(zeros([inputs, outputs]), 'w');
  const step = compile((x: Tensor) => {
    const tape = new Tape();
    const loss = tape.record(() => x.matmul(w).sub(1).square().mean());
    const dw = tape.gradient(loss, w);
    const results = gradient === undefined ? [loss] : [loss, dw.transpose().exp()];
    w.assign(w.sub(dw.mul(0.1)));
    return results;
  });
  step(tensor(Array(rows * inputs).fill(1), { shape: [rows, inputs] }));
  const { plan } = step.programs[0]!;
  const all = kernelsIn(plan);
  return [...columnKernels(plan)].map((number) => all[number]!).sort();
}

describe('columnKernels', () => {
  it('divides a layer, the gradient of its weight and its update alike', () => {
    expect(kindsOf(100, 70, 90)).toEqual(['product', 'product: mul sub']);
  });

  it('also where gradient and update are kernels of their own', () => {
    expect(kindsOf(100, 70, 90, 'also read')).toEqual(['mul sub', 'product', 'product']);
  });

  it('leaves narrow layers, and layers for many more rows than they have columns', () => {
    expect(kindsOf(100, 70, 60)).toEqual([]);
    expect(kindsOf(1000, 70, 90)).toEqual([]);
  });

  it('leaves the gradient where the data are many more than the weight has columns', () => {
    expect(kindsOf(180, 70, 90)).toEqual(['product', 'product: mul sub']);
    expect(kindsOf(181, 70, 90)).toEqual([]);
  });
});
