import { customGradient, RandomGenerator, type Tensor, tensor } from '@tapegrad/core';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';

const inputs = { W: tensor([[1, 2]]), b: tensor([3]) };
type Inputs = typeof inputs;

const forward = ({ W, b }: Inputs): Tensor => W.mul(b).square().sum();
const backward = ({ W, b }: Inputs): Inputs => ({
  W: W.mul(2).mul(b.square()),
  b: W.square().sum().mul(b).mul(2),
});
const halved = (own: Inputs): Inputs => ({ ...backward(own), b: backward(own).b.div(2) });

const double = { dtype: 'float64' } as const;
const tripled = customGradient((x: Tensor) => ({ value: x.square(), vjp: (g: Tensor) => [g.mul(x).mul(3)] as const }));

/** The message of a failed expectation. */
function failure(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing failed');
}

describe('toMatchAutograd', () => {
  it('passes a backward pass that is right', () => {
    expect(backward).toMatchAutograd(forward, inputs);
    expect(halved).not.toMatchAutograd(forward, inputs);
  });

  it('fails one that is not, with the table', () => {
    expect(failure(() => expect(halved).toMatchAutograd(forward, inputs))).toBe(
      `expected the backward pass to match autograd

backward does not agree with autograd, in float64

gradient of  shape   exact  approximate  max abs  max rel  where  manual  autograd  verdict
W            [1, 2]  yes    yes                0        0  —           —         —  right
b            [1]     no     no                15      0.5  [0]        15        30  wrong`,
    );
  });

  it('fails one that is right where it was not to be', () => {
    expect(failure(() => expect(backward).not.toMatchAutograd(forward, inputs))).toMatch(
      /^expected the backward pass not to match autograd\n\nbackward agrees with autograd, in float64\n/,
    );
  });

  it('fails under .not where there was nothing to compare: a pass that threw, or returned nothing', () => {
    const inputs = { w: tensor([1, 2]) };
    const forward = ({ w }: typeof inputs) => w.square().sum();
    const throwing = () => {
      throw new Error('out of luck');
    };
    expect(failure(() => expect(throwing).not.toMatchAutograd(forward, inputs))).toContain(
      'problem: backward threw: out of luck',
    );
    expect(failure(() => expect(() => undefined).not.toMatchAutograd(forward, inputs))).toContain('returned undefined');
    expect(() => ({ w: tensor([1, 2, 3]) })).not.toMatchAutograd(forward, inputs);
  });

  it('takes the options of compareGradients', () => {
    const by = ({ v }: { v: number[] }, g: number[]) => ({ v: v.map((x, i) => 2 * x * g[i]!) });
    expect(by).toMatchAutograd(({ v }) => v.square(), { v: tensor([1, 2]) }, { as: 'array', seed: 3 });
  });

  it('fails what is no function', () => {
    expect(failure(() => expect(3).toMatchAutograd(forward, inputs))).toBe(
      'compareGradients: backward is the number 3. Expected a function.',
    );
  });
});

describe('toPassGradientCheck', () => {
  it('passes a function whose gradient is right', () => {
    expect((x: Tensor) => x.tanh().sum()).toPassGradientCheck(tensor([1, 2], double), { order: 2 });
    expect(tripled).not.toPassGradientCheck(tensor([1, 2], double));
  });

  it('fails one whose gradient is wrong, with the table', () => {
    const check = (): void => expect(tripled).toPassGradientCheck(tensor([2], double), { seed: 7 });
    const message = failure(check);
    expect(message).toMatch(/^expected the function to pass the gradient check\n\ngradient check failed: /);
    expect(message).toContain('\ninput      1  [1]          1        2   0.3333  [0]           6        4  wrong\n');
    expect(message).toContain('input, order 1: 1 of 1 wrong.');
    expect(message).toContain('seed 7');
  });

  it('fails one that is right where it was not to be', () => {
    const check = (): void => expect((x: Tensor) => x.sum()).not.toPassGradientCheck(tensor([2], double));
    expect(failure(check)).toMatch(/^expected the function not to pass the gradient check\n\ngradient check passed: /);
  });

  it('refuses float32, with the advice of checkGradients', () => {
    expect(failure(() => expect((x: Tensor) => x.sum()).toPassGradientCheck(tensor([2])))).toContain(
      'Pass promote: true',
    );
    expect((x: Tensor) => x.sum()).toPassGradientCheck(tensor([2]), { promote: true });
  });

  it('fails what is no function', () => {
    expect(failure(() => expect(3).toPassGradientCheck(tensor([2], double)))).toBe(
      'toPassGradientCheck: expect() was given number. Expected a function of the inputs.',
    );
  });
});

describe('toBeCloseToTensor', () => {
  it('passes what is equal up to rounding in the coarser dtype', () => {
    expect(tensor([0.1, 1])).toBeCloseToTensor([0.1, 1]);
    expect(tensor([0.1, 1])).toBeCloseToTensor(tensor([0.1, 1 + 1e-6], double));
    expect(tensor([0.1, 1], double)).not.toBeCloseToTensor([0.1, 1 + 1e-6]);
    expect([[1, 2]]).toBeCloseToTensor(ndarray([1, 2], [1, 2]));
    expect(Float64Array.of(1, Number.NaN)).toBeCloseToTensor([1, Number.NaN]);
    expect(tensor([Number.POSITIVE_INFINITY])).not.toBeCloseToTensor([1]);
  });

  it('takes a tolerance, or a part of one', () => {
    expect(tensor([1], double)).toBeCloseToTensor([1.01], { relative: 0.02 });
    expect(tensor([0, 10], double)).toBeCloseToTensor([0.1, 10], { absolute: 0.02 });
  });

  it('says where they differ most', () => {
    const check = (): void =>
      expect(
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          double,
        ),
      ).toBeCloseToTensor([
        [1, 2],
        [3.5, 4.1],
      ]);
    expect(failure(check)).toBe(
      'expected the tensors to be close\n\ntensors differ in 2 of 4 elements: largest difference 0.5 at [1, 0]: 3, expected 3.5 (tolerance 1e-9 relative, 1e-11 of the largest element)',
    );
  });

  it('says that shapes differ', () => {
    expect(failure(() => expect(tensor([1, 2])).toBeCloseToTensor([[1, 2]]))).toBe(
      'expected the tensors to be close\n\nshapes differ: [2], expected [1, 2]',
    );
    expect(tensor([1, 2])).not.toBeCloseToTensor([[1, 2]]);
  });

  it('says that they are close where they were not to be', () => {
    expect(failure(() => expect(tensor([1])).not.toBeCloseToTensor([1]))).toBe(
      'expected the tensors not to be close\n\ntensors are close: largest difference 0 (tolerance 1e-4 relative, 1e-5 of the largest element)',
    );
  });

  it('says what is no tensor', () => {
    expect(failure(() => expect('x').toBeCloseToTensor([1]))).toBe(
      'toBeCloseToTensor: expect() was given what is no tensor: fromPlain: got "x". Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.',
    );
  });

  it('compares large tensors', () => {
    const x = new RandomGenerator(1).normal([300_000]);
    expect(x).toBeCloseToTensor(x.add(0));
  });
});
