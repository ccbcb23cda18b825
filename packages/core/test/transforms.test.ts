// grad and valueAndGrad: structures, nesting, and what they refuse.

import { describe, expect, expectTypeOf, it } from 'vitest';
import { grad, noGrad, ones, Parameter, scalar, Tape, type Tensor, tensor, valueAndGrad } from '../src/index.ts';

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
      'grad: the function returned number. Expected a scalar tensor.',
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
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
