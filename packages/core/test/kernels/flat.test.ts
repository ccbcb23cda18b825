// The quick way through element-wise kernels against the way for any strides.

import { describe, expect, it } from 'vitest';
import { type DType, elementwise, tensor, zeros } from '../../src/index.ts';
import { flatKernel } from '../../src/kernels/flat.ts';

const kernel = flatKernel(
  ['_x_', '_y_'],
  ['_factor_'],
  { lines: ['const _product_ = _factor_*_x_;'], expression: '_product_-_y_', itself: '_1_' },
  undefined,
);
const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('a flat kernel', () => {
  it.each<[string, DType, DType, DType]>([
    ['one dtype', 'float32', 'float32', 'float32'],
    ['another after it', 'float64', 'float64', 'float64'],
    ['several', 'float64', 'int32', 'bool'],
  ])('writes its expression for each element: %s', (_, to, left, right) => {
    const out = zeros([2, 3], to).array;
    expect(kernel(out, [x.asType(left).array, x.asType(right).array], [10])).toBe(true);
    const ones = right === 'bool' ? [1, 1, 1, 1, 1, 1] : [1, 2, 3, 4, 5, 6];
    expect([...out.data]).toEqual([1, 2, 3, 4, 5, 6].map((value, i) => 10 * value - ones[i]!));
  });

  it('takes one element for all, and rows out of the middle', () => {
    const out = zeros([1, 3]).array;
    expect(kernel(out, [x.slice(1).array, tensor(7).broadcastTo([1, 3]).array], [1])).toBe(true);
    expect([...out.data]).toEqual([-3, -2, -1]);
  });

  it('takes one element for all of a column', () => {
    const out = zeros([3, 1]).array;
    expect(
      kernel(
        out,
        [
          x.slice(0, 1, { axis: 1 }).reshape([2, 1]).sum(0, { keepDims: true }).broadcastTo([3, 1]).array,
          zeros([3, 1]).array,
        ],
        [2],
      ),
    ).toBe(true);
    expect([...out.data]).toEqual([10, 10, 10]);
  });

  it.each<[string, number[]]>([
    ['a scalar', []],
    ['nothing', [0, 3]],
  ])('takes %s', (_, shape) => {
    const out = zeros(shape).array;
    expect(kernel(out, [zeros(shape).array, zeros(shape).array], [1])).toBe(true);
    expect([...out.data]).toEqual(shape.length === 0 ? [0] : []);
  });

  it.each([
    ['a transposed operand', zeros([3, 2]).transpose()],
    ['every second element', zeros([2, 6]).slice(0, undefined, { axis: 1, step: 2 })],
    ['rows that repeat', zeros([3]).broadcastTo([2, 3])],
    ['another shape', zeros([3, 2])],
  ])('leaves %s to the other way, and writes nothing', (_, y) => {
    const out = zeros([2, 3]).array;
    expect(kernel(out, [x.array, y.array], [1])).toBe(false);
    expect(kernel(y.array, [x.array, x.array], [1])).toBe(false);
    expect([...out.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('agrees with the other way', () => {
    const run = elementwise('atan', ['x', 'y'], (a, b) => Math.atan2(a, b));
    const [straight, turned] = [zeros([2, 3]).array, zeros([2, 3]).array];
    run(straight, x.array, x.array);
    run(turned, x.array, tensor(x.transpose().toArray()).transpose().array);
    expect([...turned.data]).toEqual([...straight.data]);
  });
});
