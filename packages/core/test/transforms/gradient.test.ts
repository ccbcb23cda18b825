// grad and valueAndGrad: structures, nesting, and what they refuse.

import { describe, expect, expectTypeOf, it } from 'vitest';
import { grad, noGrad, ones, Parameter, scalar, Tape, type Tensor, tensor, valueAndGrad } from '../../src/index.ts';

interface Line {
  w: Tensor;
  b: Tensor;
}

const squaredError = ({ w, b }: Line, x: Tensor, y: Tensor): Tensor => x.mul(w).add(b).sub(y).square().mean();

describe('valueAndGrad', () => {
  it('gives value and gradient in the nesting of the first argument, and passes the others on', () => {
    const [loss, gradient] = valueAndGrad(squaredError)({ w: scalar(1), b: scalar(0) }, tensor([1, 2]), tensor([3, 6]));
    expect(loss.item()).toBe(10);
    expect(gradient.w.item()).toBe(-10);
    expect(gradient.b.item()).toBe(-6);
  });

  it('types the gradient like the argument', () => {
    const gradient = grad(squaredError)({ w: scalar(1), b: scalar(0) }, tensor([1]), tensor([1]));
    expectTypeOf(gradient).toEqualTypeOf<{ w: Tensor; b: Tensor }>();
    const pair = grad(([a, b]: [Tensor, { c: Tensor }[]]) => a.mul(b[0]!.c))([scalar(2), [{ c: scalar(3) }]]);
    expectTypeOf(pair).toEqualTypeOf<[Tensor, { c: Tensor }[]]>();
    expect(pair[1][0]!.c.item()).toBe(2);
  });

  it('takes parameters as variables and leaves them as they are', () => {
    const w = new Parameter(scalar(3), 'w');
    expect(grad((v: Tensor) => v.square())(w).item()).toBe(6);
    expect(w.version).toBe(0);
  });
});

describe('the argument to differentiate by', () => {
  const f = (x: Tensor, { w }: { w: Tensor }, power: number): Tensor => x.mul(w).pow(power);

  it('can be another than the first', () => {
    const gradient = grad(f, { argument: 1 })(scalar(2), { w: scalar(3) }, 2);
    expectTypeOf(gradient).toEqualTypeOf<{ w: Tensor }>();
    expect(gradient.w.item()).toBe(2 * 6 * 2);
  });

  it('can be several: their gradients come as a list, in the order asked for', () => {
    const [value, gradients] = valueAndGrad(f, { argument: [1, 0] })(scalar(2), { w: scalar(3) }, 2);
    expectTypeOf(gradients).toEqualTypeOf<[{ w: Tensor }, Tensor]>();
    expect(value.item()).toBe(36);
    expect(gradients[0].w.item()).toBe(24);
    expect(gradients[1].item()).toBe(36);
  });

  it('is the first where nothing is said, and the others are constants', () => {
    const product = (x: Tensor, y: Tensor): Tensor => x.mul(y);
    const gradient = grad(product)(scalar(2), scalar(3));
    expectTypeOf(gradient).toEqualTypeOf<Tensor>();
    expect(gradient.item()).toBe(3);
    const x = scalar(4); // the same tensor in both places
    expect(grad(product, { argument: 1 })(x, x).item()).toBe(4);
  });
});

describe('a function with more to say than its value', () => {
  const f = (x: Tensor, scale: number) => [x.square().sum().mul(scale), { largest: x.max(), scale }] as const;
  const x = tensor([1, 3]);

  it('gives it beside value and gradient', () => {
    const [[value, aux], gradient] = valueAndGrad(f, { hasAux: true })(x, 2);
    expectTypeOf(aux).toEqualTypeOf<{ readonly largest: Tensor; readonly scale: number }>();
    expect([value.item(), aux.largest.item(), aux.scale]).toEqual([20, 3, 2]);
    expect(gradient.toArray()).toEqual([4, 12]);
  });

  it('gives it beside the gradient', () => {
    const [gradient, { largest }] = grad(f, { hasAux: true })(x, 2);
    expect(gradient.toArray()).toEqual([4, 12]);
    expect(largest.item()).toBe(3);
  });

  it('goes with any argument', () => {
    const g = (rate: number, y: Tensor) => [y.mul(rate).sum(), 'note'] as const;
    const [gradient, note] = grad(g, { hasAux: true, argument: 1 })(3, x);
    expectTypeOf(note).toEqualTypeOf<'note'>();
    expect(gradient.toArray()).toEqual([3, 3]);
    expect(note).toBe('note');
  });

  it('does not compile without being said', () => {
    // @ts-expect-error a list is no scalar tensor
    expect(() => grad(f)(x, 2)).toThrow('Expected a scalar tensor; of [value, rest] pass { hasAux: true }.');
  });
});

describe('nested gradients', () => {
  it.each([0, 1, -2.5])(
    'are not confused where inner and outer share a variable: x · d(x + y)/dy at y = x = %f',
    (at) => {
      const inner = (x: Tensor): Tensor => grad((y: Tensor) => x.add(y))(x);
      // x · 1, whose derivative is 1; a tape that takes the two for one says 2
      expect(grad((x: Tensor) => x.mul(inner(x)))(scalar(at)).item()).toBe(1);
    },
  );

  it('see through an inner gradient that depends on the outer variable', () => {
    // d/dx (x · d(xy²)/dy at y = x) = d/dx (x · 2x²) = 6x²
    const f = (x: Tensor): Tensor => x.mul(grad((y: Tensor) => x.mul(y.square()))(x));
    expect(grad(f)(scalar(3)).item()).toBe(54);
  });

  it('take the order of the derivative that they are nested to', () => {
    const quartic = (x: Tensor): Tensor => x.pow(4);
    const third = grad(grad(grad(quartic)));
    expect(third(scalar(2)).item()).toBe(48);
  });

  it('mix with tapes', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    const slope = tape.record(() => grad((y: Tensor) => y.mul(y).mul(w))(w)); // 2y·w at y = w
    expect(tape.gradient(slope, w).item()).toBe(8);
  });

  it('record nothing that stays when the function throws', () => {
    const thrower = (x: Tensor): Tensor => {
      x.square();
      throw new Error('mine');
    };
    expect(() => grad(thrower)(scalar(1))).toThrow('mine');
    expect(grad((x: Tensor) => x.square())(scalar(3)).item()).toBe(6);
  });

  it('start afresh inside noGrad', () => {
    const slope = grad((x: Tensor) => noGrad(() => grad((y: Tensor) => y.pow(3))(x)).mul(x))(scalar(2));
    expect(slope.item()).toBe(12);
  });
});

describe('refusals', () => {
  const vector = ones([2]);

  it.each<[string, () => unknown, string]>([
    [
      'a result that is no scalar',
      () => grad((x: Tensor) => x.mul(2))(vector),
      'grad: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().',
    ],
    [
      'a result that is no tensor',
      () => grad((x: Tensor) => x.sum().item() as unknown as Tensor)(vector),
      'grad: the function returned a number. Expected a scalar tensor.',
    ],
    [
      'a promise',
      () => valueAndGrad((async (x: Tensor) => x.sum()) as unknown as (x: Tensor) => Tensor)(vector),
      'valueAndGrad: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
    [
      'a variable that the result does not depend on',
      () => grad(({ a }: { a: Tensor; b: Tensor }) => a.sum())({ a: vector, b: vector }),
      "grad: the target does not depend on b. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
    ],
    [
      'a number as a variable',
      () => grad((x: Tensor) => x.sum())(3 as unknown as Tensor),
      'grad: the argument is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'whole numbers as a variable',
      () => grad((x: Tensor) => x.sum())(tensor([1, 2], { dtype: 'int32' })),
      'grad: the source has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'an argument that the function was not called with',
      () => grad((x: Tensor, y?: Tensor) => x.mul(y ?? 1), { argument: 1 })(scalar(1)),
      'grad: argument is 1. Expected a whole number from 0 to 0: the function was called with 1 arguments.',
    ],
    [
      'an argument counted from the end',
      () => grad((x: Tensor, y: Tensor) => x.mul(y), { argument: -1 as 0 })(scalar(1), scalar(1)),
      'grad: argument is -1. Expected a whole number from 0 to 1: the function was called with 2 arguments.',
    ],
    [
      'an argument asked for twice',
      () => grad((x: Tensor, y: Tensor) => x.mul(y), { argument: [0, 0] })(scalar(1), scalar(1)),
      'grad: argument lists [0, 0]. Expected each once.',
    ],
    [
      'an argument among several that is a number',
      () => grad((x: Tensor, y: number) => x.mul(y), { argument: [0, 1] })(scalar(1), 2),
      'grad: [1] is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'a function with hasAux that returns no pair',
      () => grad((x: Tensor) => x as unknown as [Tensor, 1], { hasAux: true })(scalar(1)),
      'grad: the function returned an instance of Tensor. Expected [value, rest] of a function with hasAux.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
