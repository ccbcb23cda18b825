import { describe, expect, it } from 'vitest';
import { add, entries, ops, Parameter, scalar, Tensor, tensor } from '../src/index.ts';

const prototype = Tensor.prototype as unknown as { readonly [name: string]: unknown };

describe('methods', () => {
  it('are there for every op but those that are done to no one operand', () => {
    const functionsOnly = entries.map(({ name }) => name).filter((name) => !(name in prototype));
    expect(functionsOnly.sort()).toEqual([
      'averagePool2dAdjoint',
      'concat',
      'einsum',
      'embedding',
      'huber',
      'maxPool2dAdjoint',
      'maxPool2dTangent',
      'meshgrid',
      'randomBits',
      'ravelMultiIndex',
      'sigmoidCrossEntropy',
      'smoothLabels',
      'softmaxCrossEntropy',
      'sparseSoftmaxCrossEntropy',
      'stack',
      'where',
    ]);
  });

  it('do what the functions do, with the same arguments', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.add(1).toArray()).toEqual(add(x, 1).toArray());
    expect(x.sum(0, { keepDims: true }).toArray()).toEqual([[4, 6]]);
    expect(x.slice(1, undefined, { axis: 1 }).toArray()).toEqual([[2], [4]]);
    expect(new Parameter(scalar(2), 'w').square().item()).toBe(4);
  });

  it('do not show when the properties of a tensor are listed', () => {
    const listed: string[] = [];
    for (const name in tensor([1])) listed.push(name);
    expect(listed.filter((name) => name in ops)).toEqual([]);
  });

  it('are typed like the functions', () => {
    const x = tensor([1, 2]);
    // @ts-expect-error: options come after the axes
    expect(() => x.sum({ keepDims: true })).toThrow();
    // @ts-expect-error: no such dtype
    expect(() => x.asType('float16')).toThrow('asType: no dtype float16.');
    // @ts-expect-error: a function only
    expect(x.where).toBeUndefined();
  });
});
