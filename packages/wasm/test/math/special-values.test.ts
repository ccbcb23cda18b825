import { describe, expect, it } from 'vitest';
import type { MathName } from '../../src/math/math.ts';
import { names, running, worstOf } from './kinds.ts';
import { bounds, references } from './references.ts';
import { mapper, numbersOf } from './runner.ts';

describe.each(running)('special values on $type, relaxed: $relaxed', (kind) => {
  const { type } = kind;
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  const tiny = type === 'f32' ? 2 ** -149 : 5e-324;
  const special: readonly (readonly [name: MathName, x: number, value: number])[] = [
    ...(['expm1', 'log1p', 'tanh', 'sin', 'erf'] as const).flatMap(
      (name) =>
        [
          [name, 0, 0],
          [name, -0, -0],
          [name, nan, nan],
        ] as const,
    ),
    ...(['expm1', 'log1p', 'tanh', 'sin'] as const).flatMap(
      (name) =>
        [
          [name, tiny, tiny],
          [name, -1e-30, -1e-30],
        ] as const,
    ),
    ...([0, -0] as const).flatMap(
      (zero) =>
        [
          ['exp', zero, 1],
          ['cos', zero, 1],
          ['sigmoid', zero, 0.5],
          ['log', zero, -inf],
        ] as const,
    ),
    ...(['exp', 'cos', 'sigmoid', 'log'] as const).map((name) => [name, nan, nan] as const),
    ['exp', inf, inf],
    ['exp', -inf, 0],
    ['expm1', inf, inf],
    ['expm1', -inf, -1],
    ['log', inf, inf],
    ['log', -inf, nan],
    ['log', -tiny, nan],
    ['log', 1, 0],
    ['log1p', inf, inf],
    ['log1p', -1, -inf],
    ['log1p', -1.5, nan],
    ['log1p', -inf, nan],
    ['tanh', inf, 1],
    ['tanh', -inf, -1],
    ['tanh', 1e9, 1],
    ['sigmoid', inf, 1],
    ['sigmoid', -inf, 0],
    ['sigmoid', -1e9, 0],
    ['sin', inf, nan],
    ['sin', -inf, nan],
    ['cos', inf, nan],
    ['cos', -inf, nan],
    ['erf', inf, 1],
    ['erf', -inf, -1],
  ];
  it.each(special)('%s(%s) is %s', (name, x, value) => {
    const operand = numbersOf(type, 4).fill(x);
    const expected = numbersOf(type, 4).fill(value);
    expect(mapper(name, kind)(operand)).toEqual(expected);
  });

  it('pow has the special values of IEEE 754', () => {
    const values = [0, 1, 2, 3, 0.5, 1.5, 2 ** 24 - 1, 2 ** 53 - 1, 1e30, tiny, inf].flatMap((value) => [
      value,
      -value,
    ]);
    const pairs = [...values, nan].flatMap((x) => [...values, nan].map((y) => [x, y] as const));
    const [x, y] = [numbersOf(type, pairs.length), numbersOf(type, pairs.length)];
    x.set(pairs.map((pair) => pair[0]));
    y.set(pairs.map((pair) => pair[1]));
    const worst = worstOf(
      type,
      mapper('pow', kind)(x, y),
      (i) => references.pow(x[i]!, y[i]!),
      (i) => [x[i]!, y[i]!],
    );
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bounds.pow[type] + (type === 'f32' ? 0 : 1));
  });

  it('results below the least normal number are not lost', () => {
    const x = numbersOf(type, 4);
    x.set(type === 'f32' ? [-100, -90, -103.9, -87.5] : [-720, -710, -745.1, -708.5]);
    const expected = x.map((value) => Math.exp(value));
    expect(expected.every((value) => value > 0)).toBe(true);
    expect(mapper('exp', kind)(x)).toEqual(expected);
    expect(mapper('sigmoid', kind)(x)).toEqual(expected);
  });

  it.each(names)('%s: a lane that is NaN or a large angle leaves the others as they are', (name) => {
    const map = mapper(name, kind);
    const alone = map(numbersOf(type, 4).fill(0.3), numbersOf(type, 4).fill(0.7));
    for (const odd of [nan, inf, -inf, 1e30, tiny]) {
      for (const lane of [0, 1, 2, 3]) {
        const [x, y] = [numbersOf(type, 4).fill(0.3), numbersOf(type, 4).fill(0.7)];
        x[lane] = odd;
        y[lane] = odd;
        const out = map(x, y);
        out[lane] = alone[lane]!;
        expect(out).toEqual(alone);
      }
    }
  });
});
