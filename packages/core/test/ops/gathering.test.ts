// What golden/structure.json leaves open: gradients of repeated positions, broadcasting, dtypes, what indices may be, errors.

import { describe, expect, it } from 'vitest';
import {
  type DType,
  grad,
  type Indices,
  indexAdd,
  oneHot,
  ops,
  type Shape,
  scatterAdd,
  type Tensor,
  take,
  takeAlongAxis,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const whole = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: 'int32' });
const vector = tensor([10, 20, 30]);

describe('indices', () => {
  it.each<[string, Indices, Shape, unknown]>([
    ['a number', -1, [], 30],
    ['a list', [0, -3], [2], [10, 10]],
    ['nested lists', [[0], [2]], [2, 1], [[10], [30]]],
    ['no positions', [], [0], []],
    ['a tensor', whole([2, 1]), [2], [30, 20]],
    ['a scalar tensor', whole(1), [], 20],
  ])('may be %s', (_, indices, shape, expected) => {
    expect(take(vector, indices).shape).toEqual(shape);
    expect(take(vector, indices).toArray()).toEqual(expected);
    expect(vector.take(indices, 0).toArray()).toEqual(expected);
  });

  it.each<[Indices, string]>([
    [3, 'take: the index 3 is out of range for axis 0 of length 3. Expected a whole number from -3 to 2.'],
    [
      [
        [0, 1],
        [2, -4],
      ],
      'take: the index -4 at [1, 1] is out of range for axis 0 of length 3. Expected a whole number from -3 to 2.',
    ],
    [[0.5], 'take: element 0 is 0.5. Expected whole numbers for int32.'],
    [[[0], [1, 2]], 'take: indices[1] has 2 elements, the first list at its level 1. Expected equal lengths.'],
    [tensor([0]), "take: the indices have dtype float32. Expected int32: convert them by asType('int32')."],
    [
      [true, false, true],
      'take: the indices are booleans, whose result would have a shape that depends on values. ' +
        'Expected positions; choose by a condition with where(condition, x, y).',
    ],
    ['1' as unknown as number, 'take: indices is "1". Expected a number.'],
  ])('%j are refused', (indices, message) => {
    expect(() => take(vector, indices)).toThrow(refusal(message));
  });

  it('of an axis without elements are refused, and none of them are not', () => {
    expect(() => take(zeros([2, 0]), [0], 1)).toThrow(
      refusal('take: the index 0 at [0] is out of range for axis 1 of length 0. There is nothing to index.'),
    );
    expect(take(zeros([2, 0]), [], 1).shape).toEqual([2, 0]);
  });

  it('are checked by each op, which is named', () => {
    const outOfRange = (op: string, place = '[0]'): Error =>
      refusal(
        `${op}: the index 5 at ${place} is out of range for axis 0 of length 3. Expected a whole number from -3 to 2.`,
      );
    expect(() => takeAlongAxis(vector, [5])).toThrow(outOfRange('takeAlongAxis'));
    expect(() => scatterAdd(vector, [5], 1, 0)).toThrow(outOfRange('scatterAdd'));
    expect(() => indexAdd(vector, [5], 1, 0)).toThrow(outOfRange('indexAdd'));
  });

  it('are not written to where negative ones are counted from the end', () => {
    const indices = whole([-1, -2]);
    expect(take(vector, indices).toArray()).toEqual([30, 20]);
    expect(indices.toArray()).toEqual([-1, -2]);
  });
});

describe('the gradient of a position that is taken twice', () => {
  it('adds up, at the first order and the second', () => {
    const f = (x: Tensor): Tensor => take(x, [0, 2, 0, -3]).pow(3).sum();
    expect(grad(f)(tensor([1, 5, 2])).toArray()).toEqual([9, 0, 12]);
    const slope = (x: Tensor): Tensor => grad(f)(x).sum();
    expect(grad(slope)(tensor([1, 5, 2])).toArray()).toEqual([18, 0, 12]);
    const along = (x: Tensor): Tensor =>
      takeAlongAxis(x, [
        [1, 1],
        [0, 1],
      ])
        .pow(2)
        .sum();
    expect(
      grad(along)(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 8],
      [6, 8],
    ]);
  });

  it('is added up in float64: a million times 0.1 does not drift in float32', () => {
    const many = zeros([1_000_000], 'int32');
    const gradient = grad((x: Tensor) => take(x, many).mul(0.1).sum())(tensor([1, 1]));
    expect(gradient.dtype).toBe('float32');
    expect(gradient.toArray()).toEqual([Math.fround(1_000_000 * Math.fround(0.1)), 0]);
  });

  it('leaves NaN where it came in: positions not taken get 0', () => {
    const gradient = grad((x: Tensor) => take(x, [1]).log().sum())(tensor([-1, 2, Number.NaN]));
    expect(gradient.toArray()).toEqual([0, 0.5, 0]);
  });
});

describe('scatterAdd and indexAdd', () => {
  it('add to what is there, once for each time that a position is named', () => {
    expect(scatterAdd(vector, [2, 2, 0], tensor([1, 2, 4]), 0).toArray()).toEqual([14, 20, 33]);
    expect(indexAdd(vector, [[2, 2]], tensor([[1, 2]]), 0).toArray()).toEqual([10, 20, 33]);
    expect(vector.toArray()).toEqual([10, 20, 30]);
  });

  it('take a number, or what broadcasts, for updates', () => {
    expect(scatterAdd(zeros([2, 2]), [[0], [1]], 3, 1).toArray()).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(indexAdd(zeros([2, 3], 'float64'), [0, 0], tensor([1, 2, 3], { dtype: 'float64' }), 0).toArray()).toEqual([
      [2, 4, 6],
      [0, 0, 0],
    ]);
  });

  it.each<[DType, DType, DType]>([
    ['float64', 'int32', 'float64'],
    ['int32', 'int32', 'int32'],
    ['bool', 'bool', 'int32'],
    ['int32', 'float32', 'float32'],
  ])('of %s and %s give %s', (x, updates, expected) => {
    const out = scatterAdd(zeros([2], x), [1, 1], tensor([1, 1], { dtype: updates }), 0);
    expect(out.dtype).toBe(expected);
    expect(out.toArray()).toEqual([0, 2]);
  });

  it.each<[() => Tensor, string]>([
    [
      () => scatterAdd(zeros([2, 3]), [0, 1], 1, 1),
      'scatterAdd: the indices have shape [2] beside x of [2, 3]. Expected the same number of axes.',
    ],
    [
      () => scatterAdd(zeros([2, 3]), [[0], [1], [2]], 1, 1),
      'scatterAdd: the indices have shape [3, 1]. Expected [2, 1], or 1 in place of a length.',
    ],
    [
      () => scatterAdd(zeros([2, 3]), [[0], [1]], zeros([2, 2]), 1),
      'scatterAdd: the updates have shape [2, 2]. Expected [2, 1], or what broadcasts to it.',
    ],
    [
      () => indexAdd(zeros([2, 3]), [0, 1], zeros([3, 2]), 1),
      'indexAdd: the updates have shape [3, 2]. Expected [2, 2], or what broadcasts to it.',
    ],
    [
      () => takeAlongAxis(zeros([2, 3]), [[0], [1], [2]]),
      'takeAlongAxis: shapes [2, 1] and [3, 1] do not broadcast: 2 against 3 at axis -2. Expected equal lengths, or 1.',
    ],
    [
      () => takeAlongAxis(zeros([2]), [0], 1),
      'takeAlongAxis: axis 1 does not exist in a tensor of rank 1. Expected a whole number from -1 to 0.',
    ],
  ])('refuse what does not fit: %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('takeAlongAxis', () => {
  it('broadcasts x and the indices beside the axis, as NumPy does', () => {
    const x = tensor([[[1, 2, 3]], [[4, 5, 6]]]);
    const out = takeAlongAxis(x, [[[0], [2], [-2]]]);
    expect(out.toArray()).toEqual([
      [[1], [3], [2]],
      [[4], [6], [5]],
    ]);
    expect(grad((y: Tensor) => takeAlongAxis(y, [[[0], [2], [0]]]).sum())(x).toArray()).toEqual([
      [[2, 0, 1]],
      [[2, 0, 1]],
    ]);
  });
});

describe('gather', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it('is takeAlongAxis where the indices are as long as x beside the axis', () => {
    const indices = [
      [2, 0],
      [-1, 1],
    ];
    expect(x.gather(1, indices).toArray()).toEqual(takeAlongAxis(x, indices, 1).toArray());
    expect(ops.gather(x, -1, whole(indices)).toArray()).toEqual([
      [3, 1],
      [6, 5],
    ]);
  });

  it('does not broadcast: fewer indices are those of fewer elements', () => {
    expect(x.gather(1, [[2, 0]]).toArray()).toEqual([[3, 1]]);
    expect(takeAlongAxis(x, [[2, 0]], 1).shape).toEqual([2, 2]);
    expect(grad((y: Tensor) => y.gather(1, [[2, 2]]).sum())(x).toArray()).toEqual([
      [0, 0, 2],
      [0, 0, 0],
    ]);
  });

  it('leaves NaN where it came in: what is not taken gets 0', () => {
    const logs = (y: Tensor): Tensor => y.gather(0, [1]).log().sum();
    expect(grad(logs)(tensor([-1, 2, Number.NaN])).toArray()).toEqual([0, 0.5, 0]);
  });

  it.each<[() => Tensor, string]>([
    [
      () => x.gather(1, [[0], [0], [0]]),
      'gather: the indices have shape [3, 1], x [2, 3]. Expected at most 2 along axis 0.',
    ],
    [
      () => x.gather(0, [0]),
      'gather: the indices have shape [1] beside x of [2, 3]. Expected the same number of axes.',
    ],
    [
      () => x.gather(2, [[0]]),
      'gather: axis 2 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
    [
      () => x.gather([[0]] as unknown as number, 0 as unknown as Indices),
      'gather: axis 0 does not exist in a tensor of rank 2. Expected a whole number from -2 to 1.',
    ],
  ])('refuses what does not fit: %#', (call, message) => {
    expect(call).toThrow(refusal(message));
  });
});

describe('oneHot', () => {
  it('of labels in any form is float32, or what is asked for', () => {
    expect(String(oneHot([2, 0], 3))).toBe('float32[2, 3] [[0, 0, 1], [1, 0, 0]]');
    expect(String(whole([[1], [0]]).oneHot(2, { dtype: 'bool' }))).toBe(
      'bool[2, 1, 2] [[[false, true]], [[true, false]]]',
    );
    expect(oneHot([], 4).shape).toEqual([0, 4]);
  });

  it.each<[Indices, number, string]>([
    [[0, 3], 3, 'oneHot: label 1 is 3. Expected a whole number from 0 to 2.'],
    [[-1], 3, 'oneHot: label 0 is -1. Expected a whole number from 0 to 2.'],
    [[0], 0, 'oneHot: classes is 0. Expected a whole number >= 1.'],
    [tensor([1]), 2, "oneHot: the indices have dtype float32. Expected int32: convert them by asType('int32')."],
  ])('refuses the labels %j of %i classes', (labels, classes, message) => {
    expect(() => oneHot(labels, classes)).toThrow(refusal(message));
  });
});

describe('the ops with indices', () => {
  it('bear their names', () => {
    for (const name of ['take', 'takeAlongAxis', 'scatterAdd', 'indexAdd', 'oneHot'] as const) {
      expect(ops[name].name).toBe(name);
    }
  });
});
