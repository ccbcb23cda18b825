// What golden/pytorch.test.ts leaves open: dtypes, float32 at its limits, second derivatives at awkward points.

import { describe, expect, it } from 'vitest';
import { type DType, grad, pow, scalar, type Tensor, tensor, where } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const float64 = (data: number[]): Tensor => tensor(data, { dtype: 'float64' });
const gradient = (f: (x: Tensor) => Tensor, x: Tensor): number[] => [...grad((y: Tensor) => f(y).sum())(x).toData()];
const second = (f: (x: Tensor) => Tensor, x: Tensor): number[] =>
  gradient((y) => grad((z: Tensor) => f(z).sum(), { unconnected: 'zero' })(y), x);

describe('whole numbers and booleans', () => {
  const n = tensor([-7, 0, 2], { dtype: 'int32' });
  const b = tensor([true, false, true]);

  it.each<[string, Tensor, string]>([
    ['stay whole in arithmetic', n.mul(3).add(1), 'int32[3] [-20, 1, 7]'],
    ['become float32 where they are divided', n.div(2), 'float32[3] [-3.5, 0, 1]'],
    ['become float32 in functions on the reals', n.abs().sqrt().mul(0), 'float32[3] [0, 0, 0]'],
    ['stay whole in powers', n.pow(2), 'int32[3] [49, 0, 4]'],
    ['keep their sign', n.sign(), 'int32[3] [-1, 0, 1]'],
    ['stay whole in relu', n.relu(), 'int32[3] [0, 0, 2]'],
    ['meet floats as floats', n.add(tensor([0.5, 0.5, 0.5])), 'float32[3] [-6.5, 0.5, 2.5]'],
    ['meet float64 as float64', n.mul(scalar(0.1, 'float64')), 'float64[3] [-0.7, 0, 0.2]'],
    ['count as 0 and 1', b.add(b), 'int32[3] [2, 0, 2]'],
    ['mask floats', b.mul(tensor([1.5, 1.5, 1.5])), 'float32[3] [1.5, 0, 1.5]'],
    ['can be compared', n.greater(b), 'bool[3] [false, false, true]'],
    ['divide by zero to infinity', n.div(0), 'float32[3] [-Infinity, NaN, Infinity]'],
  ])('%s', (_, value, text) => {
    expect(String(value)).toBe(text);
  });

  it('have no gradient, and let floats beside them have theirs', () => {
    expect(gradient((x) => x.mul(n), float64([1, 1, 1]))).toEqual([-7, 0, 2]);
    expect(gradient((x) => x.div(tensor([1, 2, 4], { dtype: 'int32' })), float64([1, 1, 1]))).toEqual([1, 0.5, 0.25]);
    expect(gradient((x) => x.mul(b).maximum(n), float64([1, 1, 1]))).toEqual([1, 0, 0]);
  });

  it('may be the base of a power whose float64 exponent is differentiated', () => {
    const base = tensor([2, 3], { dtype: 'int32' });
    const [atTwo, atThree] = gradient((y) => pow(base, y), float64([1, 2]));
    expect(atTwo).toBeCloseTo(2 * Math.log(2), 14);
    expect(atThree).toBeCloseTo(9 * Math.log(3), 14);
  });
});

describe('asType', () => {
  it.each<[DType, DType, number[], string]>([
    ['float64', 'float32', [0.1], 'float32[1] [0.1]'],
    ['float32', 'int32', [1.9, -1.9, 0.5], 'int32[3] [1, -1, 0]'],
    ['float32', 'bool', [0, -0, 0.5, Number.NaN], 'bool[4] [false, false, true, true]'],
    ['int32', 'bool', [0, 256, -1], 'bool[3] [false, true, true]'],
    ['bool', 'float64', [1, 0], 'float64[2] [1, 0]'],
    ['int32', 'float32', [16_777_216], 'float32[1] [16777200]'],
  ])('from %s to %s', (from, to, data, text) => {
    expect(String(tensor(data, { dtype: from }).asType(to))).toBe(text);
  });

  it('brings the gradient back in the dtype of the operand', () => {
    const g = grad((x: Tensor) => x.asType('float32').square().sum())(float64([0.1, 2]));
    expect(g.dtype).toBe('float64');
    expect([...g.toData()]).toEqual([Math.fround(0.2), 4]);
  });

  it('stops the gradient where it goes through whole numbers', () => {
    expect(() => grad((x: Tensor) => x.asType('int32').asType('float32').sum())(tensor([1]))).toThrow(
      refusal(
        "grad: the target does not depend on the source. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
      ),
    );
  });

  it('refuses an unknown dtype', () => {
    expect(() => tensor([1]).asType('float16' as DType)).toThrow(
      refusal('asType: no dtype float16. Expected float32, float64, int32, bool.'),
    );
  });
});

describe('float32', () => {
  it.each<[string, Tensor, number[]]>([
    ['exp overflows to infinity, and underflows to 0', tensor([88, 89, -104]).exp(), [1.6516363e38, Infinity, 0]],
    ['sigmoid saturates', tensor([-104, -17, 17, 104]).sigmoid(), [0, 4.1399376e-8, 1, 1]],
    ['softplus is x where x is large', tensor([-104, 0, 104]).softplus(), [0, Math.LN2, 104]],
    ['a product overflows', tensor([1e30]).mul(1e30), [Infinity]],
  ])('%s', (_, value, expected) => {
    expect(value.dtype).toBe('float32');
    [...value.toData()].forEach((x, i) => {
      const y = Math.fround(expected[i]!);
      expect(x === y || Math.abs(x / y - 1) < 1e-6).toBe(true);
    });
  });
});

describe('second derivatives', () => {
  it.each<[string, (x: Tensor) => Tensor, number[], number[]]>([
    ['of x² are 2, also at 0', (x) => x.pow(2), [-1, 0, 3], [2, 2, 2]],
    ['of x³ are 6x', (x) => x.pow(3), [-1, 0, 2], [-6, 0, 12]],
    ['of relu are 0', (x) => x.relu().mul(x.relu()).mul(0), [-1, 2], [0, 0]],
    ['of |x|·x are ±2, and 0 at 0', (x) => x.abs().mul(x), [-1, 0, 2], [-2, 0, 2]],
    ['of 1/x are 2/x³', (x) => scalar(1, 'float64').div(x), [1, -2], [2, -0.25]],
    ['of max(x, 0)² are 2 above 0', (x) => x.maximum(0).square(), [-1, 2], [0, 2]],
    ['of saturated sigmoids are 0', (x) => x.sigmoid(), [-1e4, 1e4], [0, 0]],
    ['of saturated softplus are 0', (x) => x.softplus(), [-1e4, 1e4], [0, 0]],
  ])('%s', (_, f, at, expected) => {
    second(f, float64(at)).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });
});

describe('where', () => {
  it('takes any number but 0 for true, NaN too, as asType does', () => {
    const condition = float64([0, -0, 0.5, -1, Number.NaN]);
    expect(where(condition, 1, 0).toArray()).toEqual(condition.asType('bool').asType('float64').toArray());
  });

  it('keeps NaN out of the gradient of what it guards', () => {
    // the usual guard: the logarithm only where there is one
    const f = (x: Tensor): Tensor => where(x.greater(0), where(x.greater(0), x, 1).log(), 0);
    expect(gradient(f, float64([2, 0, -1]))).toEqual([0.5, 0, 0]);
  });

  it('sums the gradient over what it broadcast', () => {
    expect(gradient((x) => where(tensor([true, false, true]), x, 0), scalar(1, 'float64'))).toEqual([2]);
  });
});

describe('stopGradient', () => {
  it('makes a constant of its operand', () => {
    expect(gradient((x) => x.mul(x.stopGradient()), float64([3]))).toEqual([3]);
    expect(gradient((x) => x.square().stopGradient().add(x), float64([3]))).toEqual([1]);
  });
});
