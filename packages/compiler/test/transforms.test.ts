// Functions of functions, compiled: what they record is compiled like anything else.

import {
  checkpoint,
  customGradient,
  defineOp,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  RandomGenerator,
  stopGradient,
  type Tensor,
  type TensorLike,
  tensor,
  valueAndGrad,
  vjp,
} from '@tapegrad/core';
import { expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose } from './support/close.ts';

const random = new RandomGenerator(9);
const [x, v] = [random.normal([3, 4], 0, 1, 'float64'), random.normal([3, 4], 0, 1, 'float64')];
const f = (y: Tensor): Tensor => y.tanh().matmul(y.transpose()).exp().sum();

const clipped = customGradient((y: Tensor) => ({ value: y.square(), vjp: (g: Tensor) => [g.mul(y).clip(-1, 1)] }));

it.each<[string, (y: Tensor) => Tensor]>([
  ['grad', grad(f)],
  ['grad of grad', grad((y: Tensor) => grad(f)(y).square().sum())],
  ['hessian', (y) => hessian(f)(y) as Tensor],
  ['jacobian', (y) => jacobian((z: Tensor) => z.sigmoid().sum(0))(y) as Tensor],
  ['hvp', (y) => hvp(f)(y, v) as Tensor],
  ['jvp', (y) => jvp((z: Tensor) => z.sin(), [y], [v])[1] as Tensor],
  ['vjp', (y) => (vjp((z: Tensor) => z.cos(), y)[1](v) as readonly Tensor[])[0]!],
  ['checkpoint', grad((y: Tensor) => checkpoint((z: Tensor) => z.exp().mul(z))(y).sum())],
  ['customGradient', grad((y: Tensor) => clipped(y).sum())],
  ['stopGradient', grad((y: Tensor) => y.mul(stopGradient(y.exp())).sum())],
])('%s', (_name, transformed) => {
  expectClose(compile(transformed)(x), transformed(x), 1e-12);
});

it('valueAndGrad with nestings', () => {
  const g = valueAndGrad(({ w, b }: { w: Tensor; b: Tensor }, y: Tensor) => y.matmul(w).add(b).square().mean());
  const [w, b] = [random.normal([4, 2], 0, 1, 'float64'), random.normal([2], 0, 1, 'float64')];
  const [found, expected] = [compile(g)({ w, b }, x), g({ w, b }, x)];
  expectClose(found[0] as Tensor, expected[0], 1e-12);
  expectClose((found[1] as { w: Tensor }).w, expected[1].w, 1e-12);
  expectClose((found[1] as { b: Tensor }).b, expected[1].b, 1e-12);
});

it('an op of your own, which says nothing of how it is compiled', () => {
  const cube: (y: TensorLike) => Tensor = defineOp({
    name: 'cubed',
    doc: 'The third power.',
    tex: 'x^3',
    inputs: ['x'],
    shape: ([y]) => y!,
    dtype: ([y]) => y!,
    forward: ([y]) =>
      tensor(
        Float64Array.from(tensor(y!).toData(), (value) => value ** 3),
        { shape: y!.shape },
      ).toNdarray(),
    saves: ['x'],
    vjp: { x: (g, { x }) => g.mul(x.square().mul(3)) },
    samples: [{ inputs: [{ shape: [3] }] }],
  });
  const g = compile(grad((y: Tensor) => cube(y.mul(2)).sum()));
  expectClose(g(x), grad((y: Tensor) => cube(y.mul(2)).sum())(x), 1e-12);
});

it('an op of your own whose value is not what its rules say is refused, as it is uncompiled', () => {
  const first: (y: TensorLike) => Tensor = defineOp({
    name: 'first',
    doc: 'The first element, said to have the shape of all.',
    tex: 'x_0',
    inputs: ['x'],
    shape: ([y]) => y!,
    dtype: ([y]) => y!,
    forward: ([y]) => tensor(y!).slice(0, 1).toNdarray(),
    saves: [],
    vjp: { x: 'not differentiable' },
    samples: [{ inputs: [{ shape: [3] }] }],
  });
  const given = tensor([1, 2, 3]);
  const message =
    /^first: its forward gave a Float32Array of shape \[1\]\. Expected float32\[3\], as its dtype and shape rules say\.$/;
  expect(() => first(given)).toThrow(message);
  expect(() => compile((y: Tensor) => first(y.mul(2)))(given)).toThrow(message);
});

it('calls from several tasks at once each get their own results', async () => {
  const double = compile((y: Tensor) => y.mul(2));
  const task = async (seed: number): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      const result = double(tensor([seed, i]));
      await new Promise((resolve) => setTimeout(resolve));
      expect(result.toArray()).toEqual([2 * seed, 2 * i]);
    }
  };
  await Promise.all([task(1), task(2), task(3)]);
});
