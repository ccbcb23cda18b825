// What golden/pytorch.test.ts leaves open: slices against Python's rule, what is a view, arguments, errors.

import { describe, expect, it } from 'vitest';
import { concat, grad, type Shape, type SliceOptions, scalar, type Tensor, tensor, zeros } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const counting = (n: number): Tensor => tensor(Float64Array.from({ length: n }, (_, i) => i));

/** Python's list[start:stop:step], from its definition of slice.indices. */
function pythonSlice(n: number, start: number | undefined, stop: number | undefined, step: number): number[] {
  const [lower, upper] = step > 0 ? [0, n] : [-1, n - 1];
  const bound = (value: number): number => (value < 0 ? Math.max(value + n, lower) : Math.min(value, upper));
  const first = start === undefined ? (step > 0 ? lower : upper) : bound(start);
  const last = stop === undefined ? (step > 0 ? upper : lower) : bound(stop);
  const positions: number[] = [];
  for (let i = first; step > 0 ? i < last : i > last; i += step) positions.push(i);
  return positions;
}

describe('slice', () => {
  const bounds = [undefined, -7, -5, -4, -1, 0, 1, 3, 4, 5, 9];

  for (const n of [0, 1, 4, 5]) {
    it(`of ${n} elements follows Python for every start, stop and step, with its first and second gradient`, () => {
      for (const start of bounds) {
        for (const stop of bounds) {
          for (const step of [-7, -2, -1, 1, 3, 7]) {
            const positions = pythonSlice(n, start, stop, step);
            const x = counting(n);
            const cut = (y: Tensor): Tensor => y.slice(start, stop, { step });
            const label = `[${start}:${stop}:${step}]`;
            expect(cut(x).toArray(), label).toEqual(positions);
            const slope = (y: Tensor): Tensor => grad((z: Tensor) => cut(z).pow(3).sum())(y);
            const at = (value: (i: number) => number): number[] =>
              Array.from({ length: n }, (_, i) => (positions.includes(i) ? value(i) : 0));
            expect(slope(x).toArray(), label).toEqual(at((i) => 3 * i ** 2));
            expect(grad((y: Tensor) => slope(y).sum())(x).toArray(), label).toEqual(at((i) => 6 * i));
          }
        }
      }
    });
  }

  it('cuts along the axis that is named', () => {
    const x = counting(12).reshape([2, 3, 2]);
    expect(x.slice(1, 2, { axis: 1 }).toArray()).toEqual([[[2, 3]], [[8, 9]]]);
    expect(x.slice(undefined, undefined, { axis: -1, step: -1 }).slice(0, 1).toArray()).toEqual([
      [
        [1, 0],
        [3, 2],
        [5, 4],
      ],
    ]);
  });

  it.each<[number | undefined, number | undefined, SliceOptions | undefined, string]>([
    [0.5, undefined, undefined, 'slice: start is 0.5. Expected a whole number.'],
    [0, Number.NaN, undefined, 'slice: stop is NaN. Expected a whole number.'],
    [0, 1, { step: 0 }, 'slice: step is 0. Expected a whole number other than 0.'],
    [0, 1, { step: 1.5 }, 'slice: step is 1.5. Expected a whole number other than 0.'],
    [0, 1, { axis: 1 }, 'slice: axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.'],
  ])('refuses (%d, %d, %j)', (start, stop, options, message) => {
    expect(() => counting(3).slice(start, stop, options)).toThrow(refusal(message));
  });

  it('refuses a scalar', () => {
    expect(() => scalar(1).slice(0)).toThrow(
      refusal('slice: axis 0 does not exist in a tensor of rank 0. A scalar has no axes.'),
    );
  });
});

describe('views', () => {
  const x = counting(6).reshape([2, 3]);

  it.each<[string, Tensor, boolean]>([
    ['transpose', x.transpose(), true],
    ['broadcastTo', x.broadcastTo([4, 2, 3]), true],
    ['slice', x.slice(undefined, undefined, { axis: 1, step: -1 }), true],
    ['reshape of elements side by side', x.slice(1).reshape([3, 1]), true],
    ['identity', x.identity(), true],
    ['reshape of a transposed matrix', x.transpose().reshape([6]), false],
    ['reshape of a repeated row', x.broadcastTo([2, 2, 3]).reshape([12]), false],
    ['concat', concat([x]), false],
  ])('%s shares its elements: %4$s', (_, view, shared) => {
    expect(view.array.data === x.array.data).toBe(shared);
  });

  it('of views give the elements in their order', () => {
    const columns = x.transpose().slice(undefined, undefined, { step: -1 });
    expect(columns.toArray()).toEqual([
      [2, 5],
      [1, 4],
      [0, 3],
    ]);
    expect(columns.reshape([2, 3]).toArray()).toEqual([
      [2, 5, 1],
      [4, 0, 3],
    ]);
    expect(columns.transpose().slice(1).broadcastTo([2, 3]).toArray()).toEqual([
      [5, 4, 3],
      [5, 4, 3],
    ]);
  });
});

describe('reshape', () => {
  it.each<[Shape, Shape, Shape]>([
    [
      [2, 3],
      [3, 2],
      [3, 2],
    ],
    [[2, 3], [-1], [6]],
    [
      [2, 3],
      [2, -1, 1],
      [2, 3, 1],
    ],
    [[1], [], []],
    [[], [1, -1], [1, 1]],
    [[0, 3], [0], [0]],
    [
      [0, 3],
      [-1, 3],
      [0, 3],
    ],
    [
      [2, 0],
      [0, 5, 7],
      [0, 5, 7],
    ],
  ])('of %j to %j is %j', (from, to, shape) => {
    expect(zeros(from).reshape(to).shape).toEqual(shape);
  });

  it.each<[Shape, Shape, string]>([
    [[2], [3], 'reshape: [2] has 2 elements, which do not fit [3].'],
    [[2, 3], [4, -1], 'reshape: [2, 3] has 6 elements, which do not fit [4, -1].'],
    [[0, 2], [0, -1], 'reshape: [0, 2] has 0 elements, which do not fit [0, -1].'],
    [[2], [], 'reshape: [2] has 2 elements, which do not fit [].'],
    [[2], [-2], 'reshape: the shape [-2] has the length -2. Expected whole numbers >= 0.'],
    [[2], [0.5, 4], 'reshape: the shape [0.5, 4] has the length 0.5. Expected whole numbers >= 0.'],
  ])('of %j to %j is refused', (from, to, message) => {
    expect(() => zeros(from).reshape(to)).toThrow(refusal(message));
  });

  it('with two open lengths is refused', () => {
    expect(() => zeros([4]).reshape([-1, -1])).toThrow(
      refusal('reshape: the shape [-1, -1] has more than one -1. Expected one at most.'),
    );
  });

  it('with lengths that are no list, as NumPy and PyTorch take them, is refused', () => {
    const x = zeros([4]) as unknown as { reshape(...lengths: unknown[]): Tensor };
    const message = (shape: string): string => `reshape: the shape is ${shape}. Expected a list, e.g. [2, 3].`;
    expect(() => x.reshape(-1)).toThrow(refusal(message('-1')));
    expect(() => x.reshape(2, 2)).toThrow(refusal(message('2')));
    expect(() => x.reshape()).toThrow(refusal(message('undefined')));
  });

  it('keeps its shape when the list that it was given changes', () => {
    const shape = [2, 1];
    const x = zeros([2]).reshape(shape);
    shape[0] = 9;
    expect(x.shape).toEqual([2, 1]);
  });
});

describe('transpose', () => {
  it('reverses the axes, or orders them as it is told', () => {
    expect(zeros([2, 3, 4]).transpose().shape).toEqual([4, 3, 2]);
    expect(zeros([2, 3, 4]).transpose([1, -1, 0]).shape).toEqual([3, 4, 2]);
    expect(zeros([]).transpose().shape).toEqual([]);
  });

  it.each<[readonly number[], string]>([
    [[0, 0], 'transpose: axes [0, 0] do not order 2 axes. Expected each axis once.'],
    [[0, -2], 'transpose: axes [0, -2] do not order 2 axes. Expected each axis once.'],
    [[0], 'transpose: axes [0] do not order 2 axes. Expected each axis once.'],
    [[], 'transpose: axes [] do not order 2 axes. Expected each axis once.'],
    [[0, 2], 'transpose: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.'],
  ])('refuses %j', (axes, message) => {
    expect(() => zeros([2, 3]).transpose(axes)).toThrow(refusal(message));
  });

  it('refuses two numbers, as PyTorch takes them', () => {
    const x = zeros([2, 3]) as unknown as { transpose(...axes: number[]): Tensor };
    expect(() => x.transpose(0, 1)).toThrow(
      refusal('transpose: the order of axes is 0. Expected a list, e.g. [2, 3].'),
    );
  });
});

describe('broadcastTo', () => {
  it.each<[Shape, Shape, string]>([
    [[2], [3], 'broadcastTo: [2] does not broadcast to [3]. Expected lengths that are equal, or 1.'],
    [[2], [1], 'broadcastTo: [2] does not broadcast to [1]. Expected lengths that are equal, or 1.'],
    [[1, 2], [2], 'broadcastTo: [1, 2] does not broadcast to [2]. Expected lengths that are equal, or 1.'],
    [[1], [-1], 'broadcastTo: the shape [-1] has the length -1. Expected whole numbers >= 0.'],
  ])('refuses %j to %j', (from, to, message) => {
    expect(() => zeros(from).broadcastTo(to)).toThrow(refusal(message));
  });
});

describe('concat', () => {
  it('takes the dtype that its tensors agree on', () => {
    const integers = tensor([2], { dtype: 'int32' });
    expect(String(concat([tensor([true]), integers]))).toBe('int32[2] [1, 2]');
    expect(String(concat([integers, tensor([0.5])]))).toBe('float32[2] [2, 0.5]');
    expect(String(concat([tensor([true]), tensor([false])]))).toBe('bool[2] [true, false]');
  });

  it('gives the same tensor twice the sum of both gradients', () => {
    const f = (x: Tensor): Tensor =>
      concat([x, x.mul(2), x])
        .mul(tensor([1, 10, 100]))
        .sum();
    expect(grad(f)(tensor([3])).toArray()).toEqual([121]);
  });

  it.each<[readonly Tensor[], number | undefined, string]>([
    [[zeros([2]), zeros([1, 2])], 0, 'concat: shapes [2], [1, 2] differ beside axis 0. Expected equal lengths there.'],
    [
      [zeros([2, 3]), zeros([2, 4])],
      0,
      'concat: shapes [2, 3], [2, 4] differ beside axis 0. Expected equal lengths there.',
    ],
    [[zeros([2])], 1, 'concat: axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.'],
    [[scalar(1), scalar(2)], undefined, 'concat: axis 0 does not exist in a tensor of rank 0. A scalar has no axes.'],
  ])('refuses %s', (xs, axis, message) => {
    expect(() => concat(xs, axis)).toThrow(refusal(message));
  });
});
