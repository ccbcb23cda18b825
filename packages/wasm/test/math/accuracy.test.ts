import { describe, expect, it } from 'vitest';
import { mathArity } from '../../src/math/math.ts';
import { exactValues } from './exact-values.ts';
import { everyExponent, names, running, unaryNames, worstOf } from './kinds.ts';
import { bounds, references } from './references.ts';
import { mapper, numbersOf } from './runner.ts';

describe.each(running)('functions on $type, relaxed: $relaxed', (kind) => {
  const { type } = kind;

  // in float64 the references, made of Math's functions, are themselves off by 1 to 1.5
  const slack = type === 'f32' ? 0 : 1.5;
  const sweep = everyExponent(type, type === 'f32' ? 420 : 12);
  it.each(type === 'f32' ? unaryNames : unaryNames.filter((name) => name !== 'erf'))(
    '%s is right at every exponent',
    (name) => {
      const worst = worstOf(
        type,
        mapper(name, kind)(sweep),
        (i) => references[name](sweep[i]!, 0),
        (i) => [sweep[i]!],
      );
      expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bounds[name][type] + slack);
      // and the comparison sees the difference between neighbours
      expect(worst.ulps).toBeGreaterThan(0.4);
    },
  );

  it.each(unaryNames)('%s is right where it bends', (name) => {
    const x = numbersOf(type, 40_000).map((_, i) => (name === 'log' ? 1 : 0) + (i / 20_000 - 1) * 12);
    const worst = worstOf(
      type,
      mapper(name, kind)(x),
      (i) => references[name](x[i]!, 0),
      (i) => [x[i]!],
    );
    // the reference of erf is not that exact
    const more = name === 'erf' && type === 'f64' ? 10 : slack;
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bounds[name][type] + more);
  });

  it.each(['sin', 'cos'] as const)('%s is right where hardly anything is left of the angle', (name) => {
    // next to multiples of π/2, and the float32 at which sums of three rounded differences were off by more than 2
    const multiples = Array.from({ length: 20_000 }, (_, i) => (i + 1) * (Math.PI / 2));
    const x = numbersOf(type, multiples.length + 4);
    x.set([...multiples, 1162.4205322265625, 1292.796630859375, 35499620540874750, 2 ** 30]);
    const worst = worstOf(
      type,
      mapper(name, kind)(x),
      (i) => references[name](x[i]!, 0),
      (i) => [x[i]!],
    );
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bounds[name][type] + slack);
  });

  it('pow is right for bases and exponents of every size', () => {
    const bases = everyExponent(type, type === 'f32' ? 2 : 1).filter((_, i) => type === 'f32' || i % 8 === 0);
    const powers = [-300.25, -17.5, -3, -2, -1, -0.5, -1e-3, 1e-6, 0.3333, 0.5, 1, 2, 3, 5.75, 21, 80.3, 1234.5];
    const spread = [...bases].flatMap((base) => [
      ...powers.map((power) => [base, power] as const),
      // and exponents for which the result is anything from the least to the largest number
      ...[-0.98, -0.51, 0.26, 0.77].map(
        (part) => [Math.abs(base), (part * (type === 'f32' ? 128 : 1024)) / Math.log2(Math.abs(base))] as const,
      ),
    ]);
    const [x, y] = [numbersOf(type, spread.length), numbersOf(type, spread.length)];
    x.set(spread.map(([base]) => base));
    y.set(spread.map(([, power]) => power));
    const worst = worstOf(
      type,
      mapper('pow', kind)(x, y),
      (i) => references.pow(x[i]!, y[i]!),
      (i) => [x[i]!, y[i]!],
    );
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(bounds.pow[type] + slack);
  });
});

describe.each(running.filter(({ type }) => type === 'f64'))('functions on $type, relaxed: $relaxed', (kind) => {
  const { type } = kind;
  it.each(names)('%s is near values of many digits', (name) => {
    const width = mathArity[name] + 1;
    const rows = Array.from({ length: exactValues[name].length / width }, (_, i) =>
      exactValues[name].slice(width * i, width * (i + 1)),
    );
    expect(rows.length).toBeGreaterThan(25);
    const [x, y] = [numbersOf(type, rows.length), numbersOf(type, rows.length)];
    rows.forEach((row, i) => {
      x[i] = row[0]!;
      y[i] = row[1]!;
    });
    const worst = worstOf(
      type,
      mapper(name, kind)(x, y).slice(0, rows.length),
      (i) => rows[i]!.at(-1)!,
      (i) => rows[i]!,
    );
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(Math.ceil(bounds[name].f64));
  });
});
