import { describe, expect, it } from 'vitest';
import { numericDerivative, numericDerivatives } from '../src/numeric.ts';

/** The derivative of `f` at `x`, and how often `f` was called. */
function derivative(f: (x: number) => number, x: number, scale?: number) {
  let calls = 0;
  const found = numericDerivative(
    (shift) => {
      calls++;
      return f(x + shift);
    },
    x,
    scale,
  );
  return { ...found, calls };
}

describe('numericDerivative', () => {
  it.each<[string, (x: number) => number, number, number, number]>([
    ['of x³', (x) => x ** 3, 2, 1, 12],
    ['of sin', Math.sin, 1, 1, Math.cos(1)],
    ['of a constant', () => 7, 3, 1, 0],
    ['of x³ where its slope is 0', (x) => x ** 3, 0, 1, 0],
    ['of a fast oscillation', (x) => Math.sin(1e4 * x), 1, 1, 1e4 * Math.cos(1e4)],
    ['at a huge argument', (x) => x * x, 1e8, 1, 2e8],
    ['at a tiny argument', (x) => x * x, 1e-8, 1e-8, 2e-8],
    ['at a tiny argument among large ones', Math.log, 1e-8, 1e8, 1e8],
    ['close to a pole', (x) => 1 / x, 1e-3, 1, -1e6],
    ['beyond a pole that the first step crosses', (x) => 1 / x, 1e-8, 1e8, -1e16],
    ['of tiny values', Math.exp, -300, 1, Math.exp(-300)],
    ['of huge values', Math.exp, 300, 1, Math.exp(300)],
    ['of a small change of a large value', (x) => 1e6 + 1e-3 * x, 1, 1, 1e-3],
    ['where a sum of large terms hides digits', (x) => 1e6 + x - 1e6, 1, 1, 1],
    ['beside a kink', Math.abs, 1e-5, 1, 1],
    ['close beside a kink', Math.abs, -1e-7, 1, -1],
    ['between jumps', Math.floor, 2.5, 2, 0],
    ['close beside a jump', Math.floor, 3 + 1e-4, 1, 0],
    ['of |x|^1.5 at 0, which has a slope but no curvature', (x) => Math.abs(x) ** 1.5, 0, 1, 0],
  ])('%s is right, within its own estimate of the error', (_, f, x, scale, expected) => {
    const { verdict, value, error } = derivative(f, x, scale);
    expect(verdict).toBe('smooth');
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(error + 1e-9 * Math.abs(expected));
    expect(error).toBeLessThanOrEqual(1e-4 * Math.max(Math.abs(expected), Math.abs(f(x)) / scale, 1));
  });

  it.each<[string, (x: number) => number, number, number, number]>([
    ['|x|', Math.abs, 0, -1, 1],
    ['relu beside a smooth function', (x) => Math.max(x, 0) + Math.exp(x), 0, 1, 2],
    ['a small kink', (x) => Math.exp(x) + 1e-2 * Math.abs(x), 0, 0.99, 1.01],
    ['a kink of a large value', (x) => Math.max(x - 1, 0) + 100, 1, 0, 1],
    ['a maximum of two', (x) => Math.max(2 * x, x * x), 2, 2, 4],
  ])('finds both sides of a kink: %s', (_, f, x, left, right) => {
    const found = derivative(f, x);
    expect(found.verdict).toBe('kink');
    expect(found.left).toBeCloseTo(left, 8);
    expect(found.right).toBeCloseTo(right, 8);
    expect(found.value).toBeCloseTo((left + right) / 2, 8);
  });

  it.each<[string, (x: number) => number, number]>([
    ['floor at a whole number', Math.floor, 3],
    ['sign at 0, in the middle of its jump', Math.sign, 0],
    ['a small step on a slope', (x) => Math.exp(x) + (x > 0 ? 1e-3 : 0), 0],
    ['a vertical tangent', Math.cbrt, 0],
  ])('finds a jump: %s', (_, f, x) => {
    expect(derivative(f, x).verdict).toBe('jump');
  });

  it.each<[string, (x: number) => number, number]>([
    ['log at 0', Math.log, 0],
    ['NaN', () => Number.NaN, 1],
    ['an infinite value', () => Number.POSITIVE_INFINITY, 1],
    ['sqrt at the edge of where it is defined', Math.sqrt, 0],
  ])('says where the function is not finite: %s', (_, f, x) => {
    const { verdict, value, error } = derivative(f, x);
    expect([verdict, value, error]).toEqual(['not finite', Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it('takes the side that there is at an edge', () => {
    const { left, right } = derivative((x) => (x < 0 ? Number.NaN : 3 * x), 0);
    expect(left).toBeNaN();
    expect(right).toBeCloseTo(3, 10);
  });

  it('evaluates a smooth function 4 times, a kink or a jump 8 times, beside the centre', () => {
    expect(derivative(Math.sin, 1).calls).toBe(5);
    expect(derivative(Math.abs, 0).calls).toBe(9);
    expect(derivative(Math.floor, 1).calls).toBe(9);
  });

  it('never evaluates more often than it may', () => {
    for (const evaluations of [4, 8, 12]) {
      let calls = 0;
      numericDerivative((shift) => Math.sqrt(shift + 0 * calls++), 0, 1, { evaluations, center: 0 });
      expect(calls).toBe(evaluations);
    }
  });

  it('shifts by steps that are exact in floating point', () => {
    const shifts: number[] = [];
    numericDerivative((shift) => shifts.push(shift), 0.3, 1, { center: 0, evaluations: 4 });
    for (const shift of shifts) expect(0.3 + shift - 0.3).toBe(shift);
  });

  it('takes larger steps for a function that rounds to float32', () => {
    const f = (shift: number): number => Math.fround(Math.sin(Math.fround(1 + shift)));
    const { verdict, value } = numericDerivative(f, 1, 1, { epsilon: 2 ** -23 });
    expect(verdict).toBe('smooth');
    expect(Math.abs(value - Math.cos(1))).toBeLessThan(1e-5);
  });
});

describe('numericDerivatives', () => {
  it('judges each function by itself, from shared evaluations', () => {
    const found = numericDerivatives((x) => [Math.sin(x), Math.abs(x), Math.sign(x), Math.log(x)], 0, 1, [
      0,
      0,
      0,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(found.map(({ verdict }) => verdict)).toEqual(['smooth', 'kink', 'jump', 'not finite']);
    expect(found[0]!.value).toBeCloseTo(1, 12);
  });

  it('does not mind a function that reuses its store', () => {
    const store = new Float64Array(1);
    const square = (shift: number): Float64Array => {
      store[0] = (3 + shift) ** 2;
      return store;
    };
    expect(numericDerivatives(square, 3, 1, [9])[0]!.value).toBeCloseTo(6, 10);
  });

  it('does not take for a break what is rounding of larger terms', () => {
    const noisy = (shift: number): number[] => [1e-12 * Math.sin(1e15 * shift)];
    expect(numericDerivatives(noisy, 0, 1, [0], { rounding: [1e-12] })[0]!.verdict).toBe('smooth');
  });
});
