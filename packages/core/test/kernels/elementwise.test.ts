import { describe, expect, it } from 'vitest';
import { allocate, broadcastView, sliceView, transposeView, wrap } from '../../src/arrays.ts';
import { elementwise, elementwiseWith } from '../../src/kernels/elementwise.ts';

const matrix = () => wrap(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);

describe('elementwise', () => {
  it('runs an expression over arrays', () => {
    const out = allocate('float64', [2, 3]);
    elementwise('sumOfSquares', ['x', 'y'], 'x*x+y*y')(out, matrix(), matrix());
    expect([...out.data]).toEqual([2, 8, 18, 32, 50, 72]);
  });

  it('takes any strides: transposed, backwards, repeated', () => {
    const out = allocate('float64', [3, 2]);
    const combine = elementwise('combine', ['x', 'y', 'z'], 'x+10*y+100*z');
    const backwards = sliceView(wrap(Float64Array.of(1, 2), [2]), [1], [-1], [2]);
    combine(
      out,
      transposeView(matrix(), [1, 0]),
      broadcastView(backwards, [3, 2]),
      broadcastView(wrap(Float64Array.of(1), []), [3, 2]),
    );
    expect([...out.data]).toEqual([121, 114, 122, 115, 123, 116]);
  });

  it.each([
    ['a loop side by side', wrap(Float64Array.of(1, 2), [2])],
    ['a loop over strides', sliceView(wrap(Float64Array.of(1, 0, 2), [3]), [0], [2], [2])],
  ])('takes operands and parts of any name: %s', (_, x) => {
    const out = allocate('float64', [2]);
    const kernel = elementwise('named', ['out', 'scalar', 'n'], 'at+n', {
      parts: { data0: 'out*out', at: 'data0+scalar' },
    });
    kernel(out, x, x, x);
    expect([...out.data]).toEqual([3, 8]);
  });

  it('writes into a view of an array, and beside it nothing', () => {
    const out = allocate('float64', [4]);
    elementwise('copy', ['x'], 'x')(sliceView(out, [1], [2], [2]), wrap(Float64Array.of(7, 8), [2]));
    expect([...out.data]).toEqual([0, 7, 0, 8]);
  });

  it('rounds to what the result is stored in, and computes in float64', () => {
    const x = wrap(Float32Array.of(1e30), [1]);
    const whole = allocate('int32', [1]);
    const single = allocate('float32', [1]);
    elementwise('ratio', ['x'], '(x*x)/(x*x)+0.9')(whole, x);
    elementwise('third', ['x'], 'x/x/3')(single, x);
    expect(whole.data[0]).toBe(1);
    expect(single.data[0]).toBe(Math.fround(1 / 3));
  });

  it('takes names of operands that occur inside of other words', () => {
    const out = allocate('float64', [1]);
    const one = wrap(Float64Array.of(1), [1]);
    elementwise('words', ['a', 'h', 'x'], 'Math.max(a,h)+Math.exp(x)-Math.exp(a)')(out, one, one, one);
    expect(out.data[0]).toBe(1);
  });

  it('runs a function over arrays', () => {
    const out = allocate('float64', [3, 2]);
    const half = broadcastView(wrap(Float64Array.of(0.5), []), [3, 2]);
    elementwise('power', ['x', 'y'], (x, y) => x ** y)(out, transposeView(matrix(), [1, 0]), half);
    expect([...out.data]).toEqual([1, 4, 2, 5, 3, 6].map(Math.sqrt));
  });

  it('makes kernels that differ in numbers, from expressions and functions', () => {
    const expression = elementwiseWith('line', ['x'], ['slope', 'height'], 'slope*x+height');
    const byFunction = elementwiseWith('line', ['x'], ['slope', 'height'], (x, slope, height) => slope * x + height);
    for (const line of [expression, byFunction]) {
      const [double, negative] = [line(2, 1), line(-1, 0)];
      const out = allocate('float64', [2]);
      double(out, wrap(Float64Array.of(1, 2), [2]));
      expect([...out.data]).toEqual([3, 5]);
      negative(out, wrap(Float64Array.of(1, 2), [2]));
      expect([...out.data]).toEqual([-1, -2]);
    }
  });

  it('does nothing to nothing', () => {
    const out = allocate('float64', [0, 3]);
    elementwise('copy', ['x'], 'x')(out, allocate('float64', [0, 3]));
    expect(out.data).toHaveLength(0);
  });

  it('works on 40 axes', () => {
    const shape = Array<number>(40).fill(1);
    const out = allocate('float64', shape);
    elementwise('double', ['x'], '2*x')(out, wrap(Float64Array.of(21), shape));
    expect(out.data[0]).toBe(42);
  });

  it('uses parts by name, of operands, numbers and earlier parts', () => {
    const parts = { s: 'Math.exp(x)', shifted: 's+shift' };
    const kernel = elementwiseWith('quotients', ['x', 'y'], ['shift'], 's/shifted*y', { parts })(3);
    const strided = sliceView(wrap(Float64Array.of(0, 9, 1), [3]), [0], [2], [2]);
    const expected = [0, 1].map((x) => (Math.exp(x) / (Math.exp(x) + 3)) * 2);
    const out = allocate('float64', [2]);
    kernel(out, strided, broadcastView(wrap(Float64Array.of(2), []), [2]));
    expect([...out.data]).toEqual(expected);
    kernel(out, wrap(Float64Array.of(0, 1), [2]), broadcastView(wrap(Float64Array.of(2), []), [2]));
    expect([...out.data]).toEqual(expected);
    expect(kernel.formula?.scalar).toBe('(Math.exp(x))/((Math.exp(x))+shift)*y');
  });

  it('says what it does, and whether that needs float64', () => {
    const twice = (x: number): number => 2 * x;
    expect(elementwiseWith('scaled', ['x'], ['factor'], 'factor*x')(2).formula).toEqual({
      inputs: ['x'],
      numbers: { factor: 2 },
      scalar: 'factor*x',
      wide: false,
    });
    expect(elementwise('twice', ['x'], twice, { wide: true }).formula).toMatchObject({ scalar: twice, wide: true });
    expect(elementwise('twice', ['x'], twice, { expression: '2*x' }).formula?.scalar).toBe('2*x');
  });
});
