import { type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { liveNodes } from '../../src/passes/dead-code.ts';
import { trace } from '../support/traced.ts';

describe('live nodes', () => {
  it('are those that lead to a root', () => {
    const { graph, results } = trace(
      (x: Tensor) => {
        x.exp().sum();
        return x.mul(2).sin();
      },
      zeros([3]),
    );
    const live = liveNodes(graph, results);
    const ops = graph.ops.filter((op, at) => op !== undefined && live[at] === 1);
    expect(ops).toEqual(['mul', 'sin']);
  });

  it('include what products, assemblies, positions and host ops read', () => {
    const { graph, results } = trace(
      (x: Tensor) => [x.exp().matmul(x.sin()), x.cos().pad(1), x.tanh().argmax(0), x.neg().cumsum(0)],
      zeros([3, 3]),
    );
    const live = liveNodes(graph, results);
    for (const op of ['exp', 'sin', 'cos', 'tanh', 'neg']) expect(live[graph.ops.indexOf(op)], op).toBe(1);
  });

  it('are none where nothing is asked for', () => {
    const { graph } = trace((x: Tensor) => x.exp(), zeros([3]));
    expect(liveNodes(graph, []).includes(1)).toBe(false);
  });
});
