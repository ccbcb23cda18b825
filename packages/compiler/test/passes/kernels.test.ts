import { concat, type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { asLoop, kernelsIn, planOf } from '../support/traced.ts';

describe('the kernel of a group of loops', () => {
  it('loads each view once, and stores what is used elsewhere', () => {
    const plan = planOf((x, y) => [x.mul(y).add(x), x.sub(y)], zeros([3, 4]), zeros([4]));
    const loop = asLoop(plan.kernels[0]);
    expect(plan.kernels.length).toBe(1);
    expect(loop.loads.map(({ strides }) => strides)).toEqual([[4, 1], [0, 1]]); // biome-ignore format: two views
    expect(loop.stores.length).toBe(2);
  });

  it('loads two views of one buffer apart', () => {
    const loop = asLoop(planOf((x) => x.add(x.transpose()), zeros([3, 3])).kernels[0]);
    expect(loop.loads.map(({ strides }) => strides)).toEqual([[3, 1], [1, 3]]); // biome-ignore format: two views
  });

  it('says what several loops say only once', () => {
    const loop = asLoop(planOf((x) => [x.exp().add(1), x.exp().add(2)], zeros([4])).kernels[0]);
    expect(loop.body.filter(({ op }) => op === 'exp').length).toBe(1);
  });

  it('leaves out steps and loads that came to nothing', () => {
    const loop = asLoop(planOf((x) => x.neg().neg(), zeros([4])).kernels[0]);
    expect(loop.body.map(({ op }) => op)).toEqual(['load']);
    expect(loop.stores).toMatchObject([{ step: 0 }]);
  });

  it('numbers loads anew where one was left out', () => {
    const plan = planOf((x, y) => {
      const z = x.greater(y).asType('int32').mul(1).asType('bool').logicalNot().logicalNot();
      return z.asType('float32').add(y);
    }, zeros([4]), zeros([4])); // biome-ignore format: one function
    const loop = asLoop(plan.kernels[0]);
    for (const step of loop.body) if (step.op === 'load') expect(loop.loads[step.operand]).toBeDefined();
    for (const step of loop.body) for (const arg of step.args) expect(arg).toBeLessThan(loop.body.indexOf(step));
  });

  it('takes constants that are one number into its body', () => {
    const loop = asLoop(planOf((x) => x.mul(2.5), zeros([4])).kernels[0]);
    expect(loop.loads.length).toBe(1);
    expect(loop.body.find(({ op }) => op === 'constant')).toMatchObject({ value: 2.5, type: 'f32' });
  });
});

describe('the kernels of an assembly', () => {
  it('are a copy for each part, and no fill where parts leave no gap', () => {
    expect(kernelsIn(planOf((x, y) => concat([x, y], 1), zeros([2, 3]), zeros([2, 4])))).toEqual(['concat', 'concat']);
  });

  it('fill first where there are gaps', () => {
    const plan = planOf((x) => x.pad(1), zeros([2, 3]));
    expect(kernelsIn(plan)).toEqual(['fill', 'padConstant']);
    const [fill, part] = plan.kernels.map(asLoop);
    expect([fill!.shape, part!.shape]).toEqual([[4, 5], [2, 3]]); // biome-ignore format: two shapes
    expect(part!.stores[0]).toMatchObject({ add: false, to: { strides: [5, 1], offset: 6 } });
  });
});

describe('the kernel of a product', () => {
  it('reads matrices as they lie, and broadcasts what is before them', () => {
    const [kernel] = planOf((x, y) => x.matmul(y.transpose()), zeros([2, 3, 4]), zeros([5, 4])).kernels;
    expect(kernel).toMatchObject({
      kind: 'product',
      ...{ type: 'f32', batch: [2], m: 3, n: 5, k: 4 },
      x: { strides: [12, 4, 1] },
      y: { strides: [0, 1, 4] },
      to: { strides: [15, 5, 1] },
    });
  });

  it('is of float64 where its operands are', () => {
    const f = (x: Tensor): Tensor => x.matmul(x);
    const [kernel] = planOf(f, zeros([2, 2], 'float64')).kernels;
    expect(kernel).toMatchObject({ kind: 'product', type: 'f64' });
  });
});

describe('the kernel of a position', () => {
  it('has the axis last, along which it looks', () => {
    const [kernel] = planOf((x) => x.argmax(0), zeros([2, 3])).kernels;
    expect(kernel).toMatchObject({ kind: 'position', which: 'max', shape: [3, 2], from: { strides: [1, 3] } });
  });
});

describe('the kernel of an op that says nothing', () => {
  it('is a call of its forward on arrays', () => {
    const plan = planOf((x) => x.transpose().argsort({ axis: 0 }), zeros([2, 3]));
    expect(kernelsIn(plan)).toEqual(['host argsort']);
    expect(plan.kernels[0]).toMatchObject({
      operands: [{ shape: [3, 2], strides: [1, 3], dtype: 'float32' }],
      to: { shape: [3, 2], strides: [2, 1] },
    });
  });
});
