// jacobian, hessian and batchJacobian: shapes, nestings, known matrices, and what they refuse.

import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  batchJacobian,
  concat,
  grad,
  hessian,
  jacobian,
  jvp,
  RandomGenerator,
  scalar,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const random = new RandomGenerator(11);
const draw = (...shape: number[]): Tensor => random.uniform(shape, -1, 1, 'float64');
const difference = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describe('jacobian', () => {
  it('of a linear map is its matrix', () => {
    const A = draw(2, 3);
    const J = jacobian((x: Tensor) => A.matmul(x.reshape([3, 1])).reshape([2]))(draw(3));
    expect(J.toArray()).toEqual(A.toArray());
  });

  it.each<[string, (x: Tensor) => Tensor, number[], number[]]>([
    ['a scalar by a scalar', (x) => x.square(), [], []],
    ['a scalar by a matrix: the gradient', (x) => x.square().sum(), [2, 3], [2, 3]],
    ['a matrix by a scalar', (x) => x.mul(zeros([2, 3], 'float64')), [], [2, 3]],
    ['a matrix by a vector', (x) => x.mul(draw(2, 3)), [3], [2, 3, 3]],
    ['an empty result', (x) => x.slice(0, 0), [3], [0, 3]],
    ['an empty argument', (x) => x.sum(0), [0, 2], [2, 0, 2]],
  ])('has the shape of the result, then that of the argument: %s', (_, f, from, shape) => {
    expect(jacobian(f)(draw(...from)).shape).toEqual(shape);
  });

  it('holds in each column what jvp gives along that element', () => {
    const W = draw(2, 4);
    const f = (x: Tensor): Tensor =>
      W.matmul(x.reshape([4, 1]))
        .tanh()
        .reshape([2]);
    const x = draw(4);
    const J = jacobian(f)(x);
    for (let i = 0; i < 4; i++) {
      const unit = tensor(
        [0, 1, 2, 3].map((j) => Number(i === j)),
        { dtype: 'float64' },
      );
      expect(difference(jvp(f, [x], [unit])[1], J.slice(i, i + 1, { axis: 1 }).reshape([2]))).toBeLessThan(1e-15);
    }
  });

  it('nests the argument inside the result, with zeros where they do not meet', () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: a.add(b), rest: [b.mul(2)] as const });
    const J = jacobian(f)({ a: tensor([1, 2]), b: tensor([3, 4]) });
    expectTypeOf(J).toEqualTypeOf<{
      sum: { a: Tensor; b: Tensor };
      rest: readonly [{ a: Tensor; b: Tensor }];
    }>();
    const identity = [
      [1, 0],
      [0, 1],
    ];
    expect(J.sum.a.toArray()).toEqual(identity);
    expect(J.sum.b.toArray()).toEqual(identity);
    expect(J.rest[0].a.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(J.rest[0].b.toArray()).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  it('has zeros for an element that does not depend on the argument', () => {
    const J = jacobian((x: Tensor) => concat([x.reshape([1]), tensor([7])]))(scalar(2));
    expect(J.toArray()).toEqual([1, 0]);
  });

  it('is differentiated again', () => {
    const squares = (x: Tensor): Tensor => x.square();
    // Σᵢⱼ J = 2 Σ x
    expect(grad((x: Tensor) => jacobian(squares)(x).sum())(tensor([1, 2])).toArray()).toEqual([2, 2]);
  });
});

describe('hessian', () => {
  it('of log-sum-exp is diag(p) − pᵀp', () => {
    const x = draw(4);
    const p = x.softmax();
    const diagonal = jacobian((v: Tensor) => v.mul(p))(x);
    const expected = diagonal.sub(p.reshape([4, 1]).mul(p));
    expect(difference(hessian((v: Tensor) => v.logSumExp())(x), expected)).toBeLessThan(1e-15);
  });

  it('of a nesting has a block for each pair', () => {
    // f = aᵀMb + Σ a²
    const M = draw(2, 3);
    const f = ({ a, b }: { a: Tensor; b: Tensor }): Tensor =>
      a
        .reshape([1, 2])
        .matmul(M)
        .matmul(b.reshape([3, 1]))
        .sum()
        .add(a.square().sum());
    const H = hessian(f)({ a: draw(2), b: draw(3) });
    expectTypeOf(H).toEqualTypeOf<{ a: { a: Tensor; b: Tensor }; b: { a: Tensor; b: Tensor } }>();
    expect(H.a.a.toArray()).toEqual([
      [2, 0],
      [0, 2],
    ]);
    expect(H.a.b.toArray()).toEqual(M.toArray());
    expect(H.b.a.toArray()).toEqual(M.transpose().toArray());
    expect(H.b.b.toArray()).toEqual(zeros([3, 3]).toArray());
  });

  it('of a matrix has four axes, and is symmetric', () => {
    const x = draw(2, 2);
    const H = hessian((v: Tensor) => v.matmul(v).exp().sum())(x);
    expect(H.shape).toEqual([2, 2, 2, 2]);
    expect(difference(H, H.transpose([2, 3, 0, 1]))).toBeLessThan(1e-14);
  });

  it('passes further arguments on', () => {
    expect(hessian((x: Tensor, power: number) => x.pow(power))(scalar(2), 3).item()).toBe(12);
  });
});

describe('batchJacobian', () => {
  it('is the Jacobian of each row', () => {
    const W = draw(3, 2);
    const rows = (x: Tensor): Tensor => x.matmul(W).tanh();
    const x = draw(5, 3);
    const J = batchJacobian(rows)(x);
    expect(J.shape).toEqual([5, 2, 3]);
    for (let i = 0; i < 5; i++) {
      const row = jacobian((v: Tensor) => rows(v.reshape([1, 3])).reshape([2]))(x.slice(i, i + 1).reshape([3]));
      expect(difference(J.slice(i, i + 1).reshape([2, 3]), row)).toBeLessThan(1e-15);
    }
  });

  it('runs one backward pass for each element of a row, however many rows there are', () => {
    // Rows that meet show it: their derivatives are added up.
    const J = batchJacobian((x: Tensor) => x.sum(0, { keepDims: true }).broadcastTo([4, 2]))(draw(4, 2));
    expect(J.toArray()).toEqual(
      Array.from({ length: 4 }, () => [
        [4, 0],
        [0, 4],
      ]),
    );
  });

  it('takes rows of any rank, and nestings', () => {
    const J = batchJacobian(({ a, b }: { a: Tensor; b: Tensor }) => [a.mul(b.reshape([3, 1, 1]))])({
      a: draw(3, 2, 2),
      b: draw(3),
    });
    expectTypeOf(J).toEqualTypeOf<{ a: Tensor; b: Tensor }[]>();
    expect(J[0]!.a.shape).toEqual([3, 2, 2, 2, 2]);
    expect(J[0]!.b.shape).toEqual([3, 2, 2]);
  });

  it('of rows without elements is empty', () => {
    expect(batchJacobian((x: Tensor) => x.slice(0, 0, { axis: 1 }))(draw(3, 2)).shape).toEqual([3, 0, 2]);
    expect(batchJacobian((x: Tensor) => x.square())(draw(0, 2)).shape).toEqual([0, 2, 2]);
  });
});

describe('refusals', () => {
  const vector = tensor([1, 2]);
  it.each<[string, () => unknown, string]>([
    [
      'a part that nothing depends on',
      () => jacobian(({ a }: { a: Tensor; b: Tensor }) => a)({ a: vector, b: vector }),
      "jacobian: the target does not depend on b. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
    ],
    [
      'whole numbers as the result',
      () => jacobian((x: Tensor) => ({ largest: x.argmax() }))(vector),
      'jacobian: largest has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'a Hessian of what is no scalar',
      () => hessian((x: Tensor) => x.square())(vector),
      'hessian: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().',
    ],
    [
      'a result of another number of rows',
      () => batchJacobian((x: Tensor) => x.slice(0, 1))(vector),
      'batchJacobian: the result has shape [1], the argument has shape [2]. Expected rows: a first axis of the same length in all of them.',
    ],
    [
      'an argument without rows',
      () => batchJacobian((x: Tensor) => x)(scalar(1)),
      'batchJacobian: the argument has shape []. Expected rows: a first axis of the same length in all of them.',
    ],
    [
      'a result without rows',
      () => batchJacobian(({ x }: { x: Tensor }) => ({ y: x.sum() }))({ x: vector }),
      'batchJacobian: y has shape [], x has shape [2]. Expected rows: a first axis of the same length in all of them.',
    ],
    [
      'a promise',
      () => jacobian((async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor)(vector),
      'jacobian: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(refusal(message));
  });

  it('not a part that nothing depends on, where zeros are asked for', () => {
    const J = jacobian(({ a }: { a: Tensor; b: Tensor }) => a, { unconnected: 'zero' })({ a: vector, b: scalar(1) });
    expect(J.b.toArray()).toEqual([0, 0]);
  });
});
