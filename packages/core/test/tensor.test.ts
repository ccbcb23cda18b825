import { describe, expect, it } from 'vitest';
import { fromData, full, Parameter, scalar, type Tensor, tensor, zeros } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('Tensor', () => {
  it.each<[Tensor, number[], number, number]>([
    [scalar(1), [], 0, 1],
    [tensor([1, 2]), [2], 1, 2],
    [zeros([2, 0, 3]), [2, 0, 3], 3, 0],
  ])('%s has shape, rank and size', (x, shape, rank, size) => {
    expect(x.shape).toEqual(shape);
    expect(x.rank).toBe(rank);
    expect(x.size).toBe(size);
  });

  it.each<[Tensor, number]>([
    [scalar(2.5), 2.5],
    [tensor([[7]]), 7],
    [tensor([1, 2, 3]).slice(2), 3],
    [scalar(4).broadcastTo([1, 1]), 4],
    [tensor(true), 1],
  ])('%s gives its one element', (x, element) => {
    expect(x.item()).toBe(element);
  });

  it.each<[Tensor, string]>([
    [tensor([1, 2]), 'item: the tensor has shape [2], 2 elements. Expected one; read several with toArray().'],
    [zeros([0, 2]), 'item: the tensor has shape [0, 2], 0 elements. Expected one; read several with toArray().'],
  ])('%s has not one element', (x, message) => {
    expect(() => x.item()).toThrow(refusal(message));
  });

  it('gives its elements away as copies', () => {
    const x = tensor([1, 2]);
    x.toData()[0] = 9;
    (x.toArray() as number[])[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  it('gives the elements of a view in row-major order', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).transpose();
    expect(x.toData()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
    expect(x.toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(scalar(1).broadcastTo([2, 2]).toData()).toEqual(Float32Array.of(1, 1, 1, 1));
  });

  it.each<[Tensor, string]>([
    [scalar(0.1), 'float32[] 0.1'],
    [scalar(0.1, 'float64'), 'float64[] 0.1'],
    [scalar(1 / 3), 'float32[] 0.333333'],
    [scalar(1 / 3, 'float64'), 'float64[] 0.333333333333'],
    [tensor([[true, false]]), 'bool[1, 2] [[true, false]]'],
    [tensor([1, 2]).named('v'), 'float32[2] v [1, 2]'],
    [zeros([2, 0]), 'float32[2, 0] [[], []]'],
    [zeros([64]), `float32[64] [${Array(64).fill(0).join(', ')}]`],
    [zeros([65]), 'float32[65] (65 elements)'],
  ])('prints as %s', (x, text) => {
    expect(String(x)).toBe(text);
  });

  it('prints whole numbers in full', () => {
    expect(String(tensor([2 ** 31 - 1], { dtype: 'int32' }))).toBe('int32[1] [2147483647]');
  });
});

describe('no operation writes', () => {
  // A tensor on a store of ours, and views of it: whatever is done with them, the store stays as it was.
  const store = Float32Array.of(1, 2, 3, 4);
  const x = fromData(store, [2, 2], 'float32');

  it.each<[string, (x: Tensor) => Tensor]>([
    ['identity', (x) => x.identity()],
    ['add', (x) => x.add(1)],
    ['sum over no axes', (x) => x.sum([])],
    ['mean over an axis of size 1', (x) => x.reshape([4, 1]).mean(1)],
    ['max over no axes', (x) => x.max([])],
    ['logSumExp over an axis of size 1', (x) => x.reshape([1, 4]).logSumExp(0)],
    ['softmax', (x) => x.softmax()],
    ['logSoftmax', (x) => x.logSoftmax()],
    ['reshape to the same shape', (x) => x.reshape([2, 2])],
    ['matmul of a view with itself', (x) => x.transpose().matmul(x)],
    ['asType to the same dtype', (x) => x.asType('float32')],
    ['slice and unslice', (x) => x.slice(0, 1).relu()],
  ])('into its operand: %s', (_, f) => {
    f(x);
    f(x.transpose());
    expect([...store]).toEqual([1, 2, 3, 4]);
  });
});

describe('Parameter', () => {
  it('is a tensor, and counts its assignments', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    expect(String(w)).toBe('float32[2] w [1, 2]');
    expect(w.version).toBe(0);
    w.assign(w.mul(2));
    expect(w.toArray()).toEqual([2, 4]);
    expect(w.version).toBe(1);
  });

  it('leaves what was computed from its old value as it is, views too', () => {
    const w = new Parameter(tensor([[1, 2]]), 'w');
    const column = w.transpose();
    w.assign(zeros([1, 2]));
    expect(column.toArray()).toEqual([[1], [2]]);
  });

  it('does not change the tensor that it was made of', () => {
    const start = tensor([1]);
    new Parameter(start, 'w').assign(tensor([2]));
    expect(start.toArray()).toEqual([1]);
  });

  it.each<[Tensor, string]>([
    [tensor([1, 2, 3]), 'assign: the value for w is float32[3]. Expected float32[2].'],
    [full([2], 1, 'float64'), 'assign: the value for w is float64[2]. Expected float32[2].'],
    [tensor([[1, 2]]), 'assign: the value for w is float32[1, 2]. Expected float32[2].'],
  ])('refuses %s and keeps its value', (value, message) => {
    const w = new Parameter(tensor([1, 2]), 'w');
    expect(() => w.assign(value)).toThrow(refusal(message));
    expect(w.toArray()).toEqual([1, 2]);
    expect(w.version).toBe(0);
  });

  it.each<[Tensor, string]>([
    [
      tensor([1], { dtype: 'int32' }),
      'Parameter: the value of w has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [tensor([true]), 'Parameter: the value of w has dtype bool. Expected float32 or float64, which have gradients.'],
  ])('is not made of %s', (value, message) => {
    expect(() => new Parameter(value, 'w')).toThrow(refusal(message));
  });
});
