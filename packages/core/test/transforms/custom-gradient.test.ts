// customGradient: a rule of the user's own in place of those of the operations.

import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  customGradient,
  grad,
  hvp,
  Parameter,
  scalar,
  Tape,
  type Tensor,
  tensor,
  vjp,
  zerosLike,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = tensor([0.5, -1, 2], { dtype: 'float64' });

/** ln(1 + eˣ) with a rule that does not overflow: the example of JAX's documentation. */
const log1pExp = customGradient((v: Tensor) => {
  const power = v.exp();
  return { value: power.add(1).log(), vjp: (g) => [g.mul(scalar(1, v.dtype).sub(power.add(1).reciprocal()))] };
});

describe('a function with a gradient of its own', () => {
  it('has the gradient that its rule gives', () => {
    const straight = customGradient((v: Tensor) => ({ value: v.sign(), vjp: (g) => [g] }));
    expect(straight(x).toArray()).toEqual([1, -1, 1]);
    expect(grad((v: Tensor) => straight(v).mul(v).sum())(x).toArray()).toEqual([1.5, -2, 3]);
  });

  it('is right where its operations are not', () => {
    expect(grad((v: Tensor) => v.exp().add(1).log())(scalar(1000)).item()).toBeNaN();
    expect(grad(log1pExp)(scalar(1000)).item()).toBe(1);
  });

  it('is differentiated again, through what the rule takes from the function', () => {
    const slope = x.sigmoid();
    const curvature = slope.mul(slope.sub(1).neg());
    const second = grad((v: Tensor) => grad((u: Tensor) => log1pExp(u).sum())(v).sum())(x);
    expect(second.sub(curvature).abs().max().item()).toBeLessThan(1e-15);
    const along = hvp((v: Tensor) => log1pExp(v).sum())(x, x);
    expect(along.sub(curvature.mul(x)).abs().max().item()).toBeLessThan(1e-15);
  });

  it('takes and gives nestings, numbers and options', () => {
    interface Pair {
      a: Tensor;
      b: [Tensor];
    }
    const f = customGradient(({ a, b }: Pair, scale: number, y: Tensor) => {
      expectTypeOf(a).toEqualTypeOf<Tensor>();
      return {
        value: { sum: a.add(b[0]), product: a.mul(y) },
        vjp: (g) => {
          expectTypeOf(g).toEqualTypeOf<{ sum: Tensor; product: Tensor }>();
          return [{ a: g.sum.mul(scale), b: [g.product] as [Tensor] }, null, g.sum.mul(100)];
        },
      };
    });
    const out = f({ a: x, b: [x] }, 2, x);
    expectTypeOf(out).toEqualTypeOf<{ sum: Tensor; product: Tensor }>();
    const [, pullback] = vjp((pair: Pair, y: Tensor) => f(pair, 10, y), { a: x, b: [x] }, x);
    const one = zerosLike(x).add(1);
    const [pair, dy] = pullback({ sum: one, product: one.mul(5) });
    expect(pair.a.toArray()).toEqual([10, 10, 10]);
    expect(pair.b[0].toArray()).toEqual([5, 5, 5]);
    expect(dy.toArray()).toEqual([100, 100, 100]);
  });

  it('lets nothing flow where its rule gives null', () => {
    const f = customGradient((a: Tensor, b: Tensor) => ({ value: a.mul(b), vjp: (g) => [g.mul(b), null] }));
    expect(grad((v: Tensor) => f(v, v).sum())(x).toArray()).toEqual(x.toArray());
    expect(() => grad((v: Tensor) => f(x, v).sum())(x)).toThrow('grad: the target does not depend on the source.');
  });

  it('stands on the tape as one step', () => {
    const tape = new Tape();
    tape.watch({ x });
    tape.record(() => log1pExp(x).named('softplus'));
    expect(String(tape)).toBe(
      ['%0  float64[3]  watched             x', '%1  float64[3]  customGradient(%0)  softplus'].join('\n'),
    );
  });

  it('just runs where nothing records', () => {
    expect(log1pExp(scalar(0)).item()).toBeCloseTo(Math.LN2, 6);
  });
});

describe('refusals', () => {
  const w = new Parameter(tensor([1, 2, 3], { dtype: 'float64' }), 'kernel');
  const backward = (f: (v: Tensor) => unknown): unknown =>
    grad((v: Tensor) => (customGradient(f as never) as (v: Tensor) => Tensor)(v).sum())(x);

  it.each<[string, () => unknown, string]>([
    [
      'a bare gradient',
      () => backward((v) => ({ value: v, vjp: (g: Tensor) => g })),
      'customGradient: the rule gave an instance of Tensor. Expected a list of 1: a gradient, or null, for each argument.',
    ],
    [
      'too many gradients',
      () => backward((v) => ({ value: v, vjp: (g: Tensor) => [g, g] })),
      'customGradient: the rule gave a list of 2. Expected a list of 1: a gradient, or null, for each argument.',
    ],
    [
      'nothing',
      () => backward((v) => ({ value: v, vjp: () => {} })),
      'customGradient: the rule gave undefined. Expected a list of 1: a gradient, or null, for each argument.',
    ],
    [
      'a gradient of another shape',
      () => backward((v) => ({ value: v, vjp: (g: Tensor) => [g.sum()] })),
      'customGradient: gradient 0 is float64[]. Expected float64[3], like argument 0.',
    ],
    [
      'a gradient of another dtype',
      () => backward((v) => ({ value: v, vjp: (g: Tensor) => [g.asType('float32')] })),
      'customGradient: gradient 0 is float32[3]. Expected float64[3], like argument 0.',
    ],
    [
      'a gradient of another nesting',
      () => {
        const f = customGradient(({ a }: { a: Tensor }) => ({ value: a, vjp: (g) => [g as never] }));
        return grad((v: Tensor) => f({ a: v }).sum())(x);
      },
      'customGradient: gradient 0 is an instance of Tensor. Expected an object with a, like argument 0.',
    ],
    [
      'a function that uses a tensor which a tape follows beside its arguments',
      () => {
        const f = customGradient((v: Tensor) => ({ value: v.mul(w), vjp: (g) => [g.mul(w)] }));
        return new Tape().record(() => f(x));
      },
      'customGradient: the function uses kernel beside its arguments, whose gradient would be lost. Pass it as an argument.',
    ],
    [
      'the same of a tensor without a name',
      () => grad((v: Tensor) => customGradient(() => ({ value: v.mul(2), vjp: () => [] }))().sum())(x),
      'customGradient: the function uses a tensor of float64[3] beside its arguments, whose gradient would be lost. Pass it as an argument.',
    ],
    [
      'a value without a rule',
      () => backward((v) => v),
      'customGradient: the function returned an instance of Tensor. Expected { value, vjp: (g) => gradients }.',
    ],
    [
      'whole numbers as the value',
      () => backward((v) => ({ value: v.argmax(), vjp: (g: Tensor) => [g] })),
      'customGradient: the value has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'a promise',
      () => backward(async (v) => ({ value: v, vjp: (g: Tensor) => [g] })),
      'customGradient: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(refusal(message));
  });

  it('does not compile where the rule gives another nesting', () => {
    const wrong = ({ a }: { a: Tensor }) => ({ value: a, vjp: (g: Tensor) => [{ b: g }] as const });
    // @ts-expect-error a gradient by `b`, which is no argument
    customGradient(wrong);
  });
});
