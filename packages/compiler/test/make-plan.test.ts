import { eye, Parameter, RandomGenerator, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../src/plan.ts';
import { asLoop, kernelsIn, planOf } from './support/traced.ts';

const held = ({ buffers }: Plan): string[] => buffers.map(({ holds }) => holds.kind);

describe('the buffers of a plan', () => {
  it('are those that kernels use, of arguments, parameters, random numbers, constants and work', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const random = new RandomGenerator(1);
    const plan = planOf(
      (x) => {
        const noise = random.uniform([2]);
        return x.mul(w).add(noise).matmul(tensor([[1, 2], [3, 4]])); // biome-ignore format: a matrix
      },
      zeros([2]),
    );
    expect(held(plan).sort()).toEqual(['argument', 'constant', 'feed', 'state', 'work', 'work']);
    expect(plan.buffers.find(({ holds }) => holds.kind === 'state')).toMatchObject({
      name: 'w',
      type: 'f32',
      length: 2,
    });
    expect(plan.buffers.find(({ holds }) => holds.kind === 'argument')).toMatchObject({ name: 'x' });
  });

  it('have no place for arguments, parameters and random numbers that nothing uses', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const plan = planOf(
      (x, y) => {
        w.mul(x);
        new RandomGenerator(1).uniform([2]).mul(x);
        return y.neg();
      },
      zeros([2]),
      zeros([2]),
    );
    expect(plan.argumentBuffers[0]).toBe(-1);
    expect(plan.buffers[plan.argumentBuffers[1]!]).toMatchObject({ name: 'y' });
    expect([plan.stateBuffers, plan.feedBuffers]).toEqual([[-1], [-1]]);
  });

  it('hold a constant once, however often it is used', () => {
    const table = eye(3);
    const plan = planOf((x) => [x.matmul(table), table.matmul(x), x.add(table)], zeros([3, 3]));
    expect(held(plan).filter((kind) => kind === 'constant').length).toBe(1);
  });

  it('hold nothing of constants that are one number', () => {
    expect(held(planOf((x) => x.mul(2).add(tensor([3, 3])), zeros([2])))).not.toContain('constant');
  });

  it('of a repeated constant hold what is repeated', () => {
    const plan = planOf((x) => x.add(tensor([[1], [2]]).broadcastTo([2, 100])), zeros([2, 100])); // biome-ignore format: a column
    expect(plan.buffers.find(({ holds }) => holds.kind === 'constant')).toMatchObject({ length: 2 });
  });

  it('have the type of their elements', () => {
    const plan = planOf((x) => [x.greater(0), x.asType('int32'), x.argmax(0)], zeros([2], 'float64'));
    expect(plan.outputs.map(({ buffer }) => plan.buffers[buffer]!.type)).toEqual(['bool', 'i32', 'i32']);
    expect(plan.buffers[plan.argumentBuffers[0]!]!.type).toBe('f64');
  });
});

describe('the outputs of a plan', () => {
  it('are whole buffers: views are copied', () => {
    const plan = planOf((x) => [x.sin().transpose(), x.slice(0, 1)], zeros([2, 3]));
    expect(plan.outputs).toMatchObject([
      { shape: [3, 2], strides: [2, 1], offset: 0, dtype: 'float32' },
      { shape: [1, 3], strides: [3, 1], offset: 0 },
    ]);
    for (const { buffer } of plan.outputs) expect(plan.buffers[buffer]!.holds.kind).toBe('work');
  });

  it('may be an argument, or a constant, with no kernel', () => {
    const plan = planOf((x) => [x, x.reshape([4]), tensor([1, 2])], zeros([2, 2]));
    expect(plan.kernels).toEqual([]);
    expect(plan.outputs.map(({ buffer }) => plan.buffers[buffer]!.holds.kind)).toEqual([
      'argument',
      'argument',
      'constant',
    ]);
  });

  it('may be the same one twice', () => {
    const plan = planOf(
      (x) => {
        const y = x.sin();
        return [y, y];
      },
      zeros([2]),
    );
    expect(plan.outputs[0]).toEqual(plan.outputs[1]);
    expect(asLoop(plan.kernels[0]).stores.length).toBe(1);
  });

  it('that are the old value of a parameter are a copy, which its new value does not write over', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const plan = planOf(
      (x) => {
        const old = w.reshape([2, 1]);
        w.assign(w.add(x));
        return [old, w];
      },
      zeros([2]),
    );
    const [old, now] = plan.outputs.map(({ buffer }) => plan.buffers[buffer]!.holds.kind);
    expect([old, now]).toEqual(['work', 'state']);
  });
});

describe('equal ops', () => {
  it('are done once', () => {
    expect(kernelsIn(planOf((x) => [x.matmul(x), x.matmul(x)], zeros([2, 2])))).toEqual(['product']);
    const plan = planOf((x) => x.exp().add(x.exp()), zeros([3]));
    expect(asLoop(plan.kernels[0]).body.filter(({ op }) => op === 'exp').length).toBe(1);
  });

  it('of numbers that are not quite equal are two', () => {
    const plan = planOf((x) => [x.pad(1, { value: 0 }), x.pad(1, { value: -0 })], zeros([2]));
    expect(kernelsIn(plan).filter((name) => name === 'fill').length).toBe(2);
  });
});

describe('a plan of nothing', () => {
  it('has no kernels', () => {
    expect(planOf(() => undefined)).toEqual({
      ...{ buffers: [], kernels: [], outputs: [], argumentBuffers: [], stateBuffers: [], feedBuffers: [] },
    });
  });

  it('of a parameter that was read only is none too', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    expect(planOf((x: Tensor) => void w.mul(x), zeros([2])).kernels).toEqual([]);
  });
});
