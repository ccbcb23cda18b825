// vjp, jvp, linearize and hvp: values, nestings, types, and what they refuse. Every op of the table: ../jvp.test.ts.

import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  RandomGenerator,
  scalar,
  Tape,
  type Tensor,
  tensor,
  vjp,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor([1, 2, 3], { dtype: 'float64' });
const y = tensor([4, 5, 6], { dtype: 'float64' });
const both = (a: Tensor, b: { c: Tensor }) => ({ product: a.mul(b.c), pair: [a.sum(), b.c.square()] as const });

describe('vjp', () => {
  it('gives the result, and a pullback that can be called again', () => {
    const [out, pullback] = vjp((a: Tensor, b: Tensor) => a.mul(b), x, y);
    expect(out.toArray()).toEqual([4, 10, 18]);
    for (const scale of [1, 2]) {
      const [da, db] = pullback(tensor([1, 0, 10], { dtype: 'float64' }).mul(scale));
      expect(da.toArray()).toEqual([4 * scale, 0, 60 * scale]);
      expect(db.toArray()).toEqual([1 * scale, 0, 30 * scale]);
    }
  });

  it('takes and gives nestings, typed', () => {
    const [out, pullback] = vjp(both, x, { c: y });
    expectTypeOf(out).toEqualTypeOf<{ product: Tensor; pair: readonly [Tensor, Tensor] }>();
    const one = x.mul(0).add(1);
    const gradients = pullback({ product: one, pair: [scalar(100, 'float64'), one] });
    expectTypeOf(gradients).toEqualTypeOf<[Tensor, { c: Tensor }]>();
    expect(gradients[0].toArray()).toEqual([104, 105, 106]);
    expect(gradients[1].c.toArray()).toEqual([1 + 8, 2 + 10, 3 + 12]);
  });

  it('adds up what comes from the same tensor twice, and through the arguments themselves', () => {
    const [, pullback] = vjp((a: Tensor) => [a, a, a.mul(2)] as const, scalar(3));
    expect(pullback([scalar(1), scalar(10), scalar(100)])[0].item()).toBe(211);
  });

  it('is differentiated again through its cotangent and its arguments', () => {
    // pullback of x³ on g: 3gx²
    const along = (a: Tensor, g: Tensor): Tensor => vjp((v: Tensor) => v.pow(3), a)[1](g)[0];
    const [byA, byG] = grad(along, { argument: [0, 1] })(scalar(2), scalar(5));
    expect(byA.item()).toBe(6 * 5 * 2);
    expect(byG.item()).toBe(12);
  });

  it('of an unused argument is zero on request', () => {
    const [, pullback] = vjp((a: Tensor, _b: Tensor) => a.sum(), x, y);
    expect(pullback(scalar(1, 'float64'), { unconnected: 'zero' })[1].toArray()).toEqual([0, 0, 0]);
  });
});

describe('jvp', () => {
  it('is the derivative along tangents, in the nesting of the result', () => {
    const one = x.mul(0).add(1);
    const [out, tangent] = jvp(both, [x, { c: y }], [one, { c: one.mul(10) }]);
    expectTypeOf(tangent).toEqualTypeOf<{ product: Tensor; pair: readonly [Tensor, Tensor] }>();
    expect(out.product.toArray()).toEqual([4, 10, 18]);
    expect(tangent.product.toArray()).toEqual([14, 25, 36]);
    expect(tangent.pair[0].item()).toBe(3);
    expect(tangent.pair[1].toArray()).toEqual([80, 100, 120]);
  });

  it('is zero for a part of the result that depends on no argument', () => {
    const [, [moving, fixed]] = jvp((a: Tensor) => [a.mul(2), y.mul(3)] as const, [x], [x]);
    expect(moving.toArray()).toEqual([2, 4, 6]);
    expect(fixed.toArray()).toEqual([0, 0, 0]);
  });

  it('can be nested, and differentiated', () => {
    const cube = (a: Tensor): Tensor => a.pow(3);
    const slope = (a: Tensor): Tensor => jvp(cube, [a], [scalar(1)])[1];
    expect(jvp(slope, [scalar(2)], [scalar(1)])[1].item()).toBe(12);
    expect(grad(slope)(scalar(2)).item()).toBe(12);
  });

  it('takes zero times an infinite slope for no number, but only where it is met', () => {
    const [, tangent] = jvp((a: Tensor) => a.sqrt(), [tensor([0, 4])], [tensor([1, 1])]);
    expect(tangent.toArray()).toEqual([Number.POSITIVE_INFINITY, 0.25]);
  });
});

describe('linearize', () => {
  it('runs the function once for any number of tangents', () => {
    let runs = 0;
    const f = (a: Tensor, b: Tensor): Tensor => {
      runs++;
      return a.mul(b);
    };
    const [out, push] = linearize(f, x, y);
    const zero = x.mul(0);
    expect(out.toArray()).toEqual([4, 10, 18]);
    expect(push(x, zero).toArray()).toEqual([4, 10, 18]);
    expect(push(zero, y).toArray()).toEqual([4, 10, 18]);
    expect(push(x, y).toArray()).toEqual([8, 20, 36]);
    expect(runs).toBe(1);
  });
});

describe('hvp', () => {
  const random = new RandomGenerator(3);
  const draw = (...shape: number[]): Tensor => random.uniform(shape, -1, 1, 'float64');
  const data = draw(5, 3);
  const labels = draw(5, 2).softmax();

  interface Weights {
    W: Tensor;
    b: Tensor;
  }
  const softmaxRegression = ({ W, b }: Weights): Tensor =>
    data.matmul(W).add(b).logSoftmax().mul(labels).sum(-1).mean().neg();
  const perceptron = ({ first, W, b }: Weights & { first: Weights }): Tensor =>
    data.matmul(first.W).add(first.b).tanh().matmul(W).add(b).sigmoid().sub(labels).square().mean();

  const layer = (inputs: number, outputs: number): Weights => ({ W: draw(inputs, outputs), b: draw(outputs) });
  const inner = (a: Weights, b: Weights): number => a.W.mul(b.W).sum().item() + a.b.mul(b.b).sum().item();

  it('is the product with the Hessian', () => {
    const f = (a: Tensor): Tensor => a.prod();
    const v = draw(3);
    const product = hessian(f)(x)
      .matmul(v.reshape([3, 1]))
      .reshape([3]);
    expect(hvp(f)(x, v).toArray()).toEqual(product.toArray());
  });

  it('is symmetric for softmax regression: ⟨u, Hv⟩ = ⟨v, Hu⟩', () => {
    const at = layer(3, 2);
    const [u, v] = [layer(3, 2), layer(3, 2)];
    const product = hvp(softmaxRegression);
    expectTypeOf(product(at, v)).toEqualTypeOf<Weights>();
    expect(inner(u, product(at, v))).toBeCloseTo(inner(v, product(at, u)), 12);
    expect(Math.abs(inner(u, product(at, v)))).toBeGreaterThan(1e-3);
  });

  it('is symmetric for a perceptron of two layers, and the slope of the gradient along v', () => {
    const draws = () => ({ first: layer(3, 4), ...layer(4, 2) });
    const [at, u, v] = [draws(), draws(), draws()];
    const Hu = hvp(perceptron)(at, u);
    const Hv = hvp(perceptron)(at, v);
    expect(inner(u, Hv) + inner(u.first, Hv.first)).toBeCloseTo(inner(v, Hu) + inner(v.first, Hu.first), 12);
    const [, slope] = jvp(grad(perceptron), [at], [v]);
    expect(slope.first.W.sub(Hv.first.W).abs().max().item()).toBeLessThan(1e-14);
  });

  it('is zero where the gradient is constant', () => {
    expect(hvp((a: Tensor) => a.mul(y).sum())(x, x).toArray()).toEqual([0, 0, 0]);
  });

  it('passes further arguments on', () => {
    const f = (a: Tensor, power: number): Tensor => a.pow(power).sum();
    expect(hvp(f)(x, x, 2).toArray()).toEqual([2, 4, 6]);
  });
});

it('all work inside a recording tape, which sees their results', () => {
  const w = scalar(2);
  const tape = new Tape({ persistent: true });
  tape.watch(w);
  const cube = (a: Tensor): Tensor => a.pow(3);
  const values = tape.record(() => [
    vjp(cube, w)[1](scalar(1))[0],
    jvp(cube, [w], [scalar(1)])[1],
    hvp(cube)(w, scalar(1)),
    jacobian(cube)(w),
    hessian(cube)(w),
  ]);
  expect(values.map((value) => value.item())).toEqual([12, 12, 12, 12, 12]);
  expect(values.map((value) => tape.gradient(value, w).item())).toEqual([12, 12, 6, 12, 6]);
});

describe('refusals', () => {
  const vector = tensor([1, 2]);
  const nested = (a: Tensor) => ({ loss: { a: a.sum(), b: [a] } });
  const cotangent = { loss: { a: scalar(1), b: [vector] } };

  it.each<[string, () => unknown, string]>([
    [
      'a cotangent of another shape',
      () => vjp(nested, vector)[1]({ loss: { a: scalar(1), b: [tensor([1])] } }),
      'vjp: loss.b[0] of the cotangent is float32[1]. Expected float32[2], like the result.',
    ],
    [
      'a cotangent of another dtype',
      () => vjp(nested, vector)[1]({ loss: { ...cotangent.loss, a: scalar(1, 'float64') } }),
      'vjp: loss.a of the cotangent is float64[]. Expected float32[], like the result.',
    ],
    [
      'a number for a cotangent',
      () => vjp((a: Tensor) => a.sum(), vector)[1](1 as unknown as Tensor),
      'vjp: the cotangent is a number. Expected float32[], like the result.',
    ],
    [
      'a cotangent that lacks a part',
      () => vjp(nested, vector)[1]({ loss: { a: scalar(1) } } as unknown as typeof cotangent),
      'vjp: loss of the cotangent has no b. Expected an object with a, b, like the result.',
    ],
    [
      'a cotangent with a part too many',
      () => vjp(nested, vector)[1]({ ...cotangent, c: vector } as typeof cotangent),
      'vjp: the cotangent has c. Expected an object with loss, like the result.',
    ],
    [
      'a list of another length',
      () => vjp(nested, vector)[1]({ loss: { a: scalar(1), b: [] } }),
      'vjp: loss.b of the cotangent is a list of 0. Expected a list of 1, like the result.',
    ],
    [
      'a tensor for a list',
      () => vjp((a: Tensor) => [a], vector)[1](vector as unknown as Tensor[]),
      'vjp: the cotangent is an instance of Tensor. Expected a list of 1, like the result.',
    ],
    [
      'tangents of another shape',
      () => jvp((a: Tensor, b: { c: Tensor }) => a.mul(b.c), [vector, { c: vector }], [vector, { c: scalar(1) }]),
      'jvp: [1].c of the list of tangents is float32[]. Expected float32[2], like the arguments.',
    ],
    [
      'too few tangents',
      () =>
        linearize((a: Tensor, b: Tensor) => a.mul(b), vector, vector)[1](...([vector] as unknown as [Tensor, Tensor])),
      'linearize: the list of tangents is a list of 1. Expected a list of 2, like the arguments.',
    ],
    [
      'arguments that are no list',
      () => jvp((a: Tensor) => a, vector as unknown as [Tensor], [vector]),
      'jvp: the arguments are no list. Expected a list of them, and one of their tangents.',
    ],
    [
      'a vector of another dtype',
      () => hvp((a: Tensor) => a.square().sum())(vector, vector.asType('float64')),
      'hvp: the vector is float64[2]. Expected float32[2], like the argument.',
    ],
    [
      'a result that is no scalar',
      () => hvp((a: Tensor) => a.square())(vector, vector),
      'hvp: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().',
    ],
    [
      'a result that is no tensor',
      () => vjp((a: Tensor) => ({ a, n: a.sum().item() }), vector),
      'vjp: n is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'a number as the result',
      () => jvp((a: Tensor) => a.sum().item() as unknown as Tensor, [vector], [vector]),
      'jvp: the result is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'whole numbers as the result',
      () => jvp((a: Tensor) => a.argmax(), [vector], [vector]),
      'jvp: the result has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'a promise',
      () => vjp((async (a: Tensor) => a) as unknown as (a: Tensor) => Tensor, vector),
      'vjp: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
    [
      'an argument that the result does not depend on',
      () => vjp((a: Tensor, _b: { w: Tensor }) => a.sum(), vector, { w: vector })[1](scalar(1)),
      "vjp: the target does not depend on [1].w. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
    ],
    [
      'a result that depends on nothing',
      () => jvp((a: Tensor) => tensor(a.toNdarray()), [vector], [vector]),
      'jvp: the result does not depend on the arguments: its derivative along any tangent is 0. Expected it to be computed from them by operations on tensors.',
    ],
    [
      'an option that does not exist',
      () => jvp((a: Tensor) => a, [vector], [vector], { unconnected: 'none' as 'zero' }),
      'jvp: unconnected is none. Expected error or zero.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(refusal(message));
  });
});
