import { type NdArray, Parameter, scalar, TapegradError, Tensor, tensor } from '@tapegrad/core';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { fromPlain, leavesOf, rebuild, toPlain, toPlainTree } from '../src/values.ts';

const matrix = tensor([
  [1, 2],
  [3, 4],
]);

describe('toPlain', () => {
  it('gives the tensor itself, an ndarray, or nested lists', () => {
    expect(toPlain(matrix, 'tensor')).toBe(matrix);
    expect(toPlain(matrix, 'ndarray').get(1, 0)).toBe(3);
    expect(toPlain(matrix, 'array')).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(toPlain(scalar(3), 'array')).toBe(3);
  });

  it('gives copies', () => {
    const copy: NdArray = toPlain(matrix, 'ndarray');
    copy.set(0, 0, 99);
    (toPlain(matrix, 'array') as number[][])[0]![0] = 99;
    expect(matrix.toData()[0]).toBe(1);
  });

  it('refuses another kind', () => {
    expect(() => toPlain(matrix, 'list' as 'array')).toThrow(
      new TapegradError('toPlain', 'as is "list". Expected tensor, ndarray or array.'),
    );
  });

  it('converts every leaf of a nesting', () => {
    expect(toPlainTree({ layers: [{ W: matrix }], b: scalar(1) }, 'array')).toEqual({
      layers: [
        {
          W: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
      b: 1,
    });
  });
});

describe('fromPlain', () => {
  it.each<[string, unknown, string]>([
    ['a number', 3, 'float64[] 3'],
    ['a list', [1, 2], 'float64[2] [1, 2]'],
    ['nested lists', [[1], [2]], 'float64[2, 1] [[1], [2]]'],
    ['an ndarray', ndarray([1, 2, 3, 4], [2, 2]), 'float64[2, 2] [[1, 2], [3, 4]]'],
    ['a transposed ndarray', ndarray([1, 2, 3, 4], [2, 2]).transpose(1, 0), 'float64[2, 2] [[1, 3], [2, 4]]'],
    ['a typed array', Float32Array.of(1, 2), 'float64[2] [1, 2]'],
  ])('takes %s', (_, value, text) => {
    expect(String(fromPlain(value))).toBe(text);
  });

  it('takes a tensor as it is', () => {
    expect(fromPlain(matrix)).toBe(matrix);
  });

  it('keeps all digits of numbers', () => {
    expect(fromPlain([0.1]).toData()[0]).toBe(0.1);
  });

  it('gives a flat typed array the shape that it fills', () => {
    expect(fromPlain(Float64Array.of(1, 2, 3, 4), { shape: [2, 2] }).shape).toEqual([2, 2]);
    expect(fromPlain(Float64Array.of(1, 2, 3), { shape: [2, 2] }).shape).toEqual([3]);
    expect(fromPlain([1, 2, 3, 4], { shape: [2, 2] }).shape).toEqual([4]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['text', 'grad', '"grad"'],
    ['a promise', Promise.resolve(1), 'a promise'],
    ['an object', {}, 'an instance of Object'],
    ['a function', () => 1, 'a function'],
  ])('says that it got %s', (_, value, got) => {
    expect(() => fromPlain(value)).toThrow(
      new TapegradError(
        'fromPlain',
        `got ${got}. Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.`,
      ),
    );
  });

  it('refuses lists of different lengths', () => {
    expect(() => fromPlain([[1], [2, 3]])).toThrow(
      'tensor: data[1] has 2 elements, the first list at its level 1. Expected equal lengths.',
    );
  });
});

describe('leavesOf and rebuild', () => {
  it('name the way to each leaf, and put others in its place', () => {
    class Layer {
      W = matrix;
      b = scalar(1);
      norm(): number {
        return this.b.item();
      }
    }
    const tree = { layers: [new Layer()], rate: new Parameter(scalar(2), 'rate') };
    const leaves = leavesOf('test', tree);
    expect(leaves.map(({ path }) => path)).toEqual(['layers[0].W', 'layers[0].b', 'rate']);
    const doubled = rebuild(
      tree,
      leaves.map(({ tensor: x }) => x.mul(2)),
    ) as typeof tree;
    expect(doubled.layers[0]!.norm()).toBe(2);
    expect(doubled.rate).toBeInstanceOf(Tensor);
  });

  it('refuses what is no nesting of tensors', () => {
    expect(() => leavesOf('test', { a: [3] })).toThrow(
      new TapegradError('test', 'a[0] is the number 3. Expected tensors, in any nesting of arrays and objects.'),
    );
  });
});
