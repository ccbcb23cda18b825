import { ones, type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { loopNodeOf, readsInPlace, runningType } from '../../src/passes/loop-nodes.ts';
import { trace } from '../support/traced.ts';

/** The loops of the nodes of a function, by their ops. */
function loopsOf(f: (...args: Tensor[]) => Tensor | Tensor[], ...args: Tensor[]) {
  const { graph } = trace(f, ...args);
  return graph.nodes.flatMap((_, at) => loopNodeOf(graph, at) ?? []);
}

describe('the loop of a map', () => {
  it('has no axes of length 1', () => {
    const [add] = loopsOf((x, y) => x.add(y), zeros([1, 3, 1, 4]), zeros([4]));
    expect(add!.space).toEqual([3, 4]);
    expect(add!.operands.map(({ view }) => view.strides)).toEqual([[4, 1], [0, 1]]); // biome-ignore format: two views
    expect(add!.to).toEqual({ shape: [3, 4], strides: [4, 1], offset: 0 });
    expect([add!.op, add!.combine, add!.reduced]).toEqual(['add', undefined, []]);
  });

  it('reads each operand once', () => {
    const [mul] = loopsOf((x) => x.mul(x), zeros([3]));
    expect(mul!.operands.length).toBe(1);
  });

  it('of a single element has no axes', () => {
    expect(loopsOf((x) => x.neg(), zeros([1, 1]))[0]!.space).toEqual([]);
  });
});

describe('the loop of a reduction', () => {
  it('goes over the elements that are taken together', () => {
    const [sum] = loopsOf((x) => x.sum([0, 2]), zeros([2, 1, 3, 4]));
    expect(sum).toMatchObject({ space: [2, 3, 4], reduced: [0, 1], combine: 'sum' });
    expect(sum!.to.strides).toEqual([0, 0, 1]);
  });

  it('takes sums and products of float32 in float64', () => {
    expect(runningType('sum', 'f32')).toBe('f64');
    expect(runningType('product', 'f32')).toBe('f64');
    expect(runningType('max', 'f32')).toBe('f32');
    expect(runningType('sum', 'i32')).toBe('i32');
    expect(runningType('min', 'bool')).toBe('i32');
    expect(runningType('sum', 'f64')).toBe('f64');
  });
});

describe('other nodes', () => {
  it('are no loops', () => {
    const { graph } = trace((x: Tensor) => [x.matmul(x), x.pad(1), x.argmax(0), x.cumsum(0)], zeros([3, 3]));
    expect(graph.nodes.flatMap((_, at) => loopNodeOf(graph, at) ?? [])).toEqual([]);
  });
});

describe('readsInPlace', () => {
  /** Whether the last loop reads the first one in place. */
  function inPlace(f: (x: Tensor) => Tensor, x: Tensor): boolean {
    const loops = loopsOf(f, x);
    const [first, last] = [loops[0]!, loops.at(-1)!];
    return readsInPlace(last, last.operands.find(({ node }) => node === first.node)!, first);
  }

  it('is so for the same elements in the same order, under any shape with the same long axes', () => {
    expect(inPlace((x) => x.sin().neg(), ones([3, 4]))).toBe(true);
    expect(inPlace((x) => x.sin().reshape([3, 1, 4]).neg(), ones([3, 4]))).toBe(true);
  });

  it('is not so for another order, a part, or another shape', () => {
    expect(inPlace((x) => x.sin().transpose().neg(), ones([4, 4]))).toBe(false);
    expect(inPlace((x) => x.sin().flip().neg(), ones([4, 4]))).toBe(false);
    expect(inPlace((x) => x.sin().slice(1).neg(), ones([4, 4]))).toBe(false);
    expect(inPlace((x) => x.sin().reshape([12]).neg(), ones([3, 4]))).toBe(false);
  });

  it('is not so for what a reduction makes', () => {
    expect(inPlace((x) => x.sum(0).neg(), ones([3, 4]))).toBe(false);
  });
});
