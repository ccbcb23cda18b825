import { describe, expect, it } from 'vitest';
import { local } from '../../src/assembler/control.ts';
import { callFor, defineFunction } from '../../src/assembler/function.ts';
import { assemble } from '../../src/assembler/module.ts';
import { validates } from '../../src/engine.ts';
import { inlineMath, mathArity, mathFunction } from '../../src/math/math.ts';
import { kinds, names } from './kinds.ts';
import { references } from './references.ts';
import { loopModule } from './runner.ts';

describe('the table', () => {
  it('has the same names everywhere', () => {
    expect(Object.keys(inlineMath)).toEqual(Object.keys(mathArity));
    expect(Object.keys(inlineMath)).toEqual(Object.keys(references));
  });

  it.each(kinds.flatMap((kind) => names.map((name) => ({ ...kind, name }))))(
    '$name of $type, relaxed: $relaxed, is small',
    ({ name, ...kind }) => {
      expect(loopModule(name, kind).length).toBeLessThan(2400);
    },
  );

  it('makes a function once', () => {
    const kind = { type: 'f64', relaxed: false } as const;
    expect(mathFunction('exp', kind)).toBe(mathFunction('exp', { ...kind }));
    expect(mathFunction('exp', kind)).not.toBe(mathFunction('exp', { type: 'f32', relaxed: false }));
    expect(mathFunction('exp', kind)).not.toBe(mathFunction('exp', { type: 'f64', relaxed: true }));
    const x = local('v128');
    const once = callFor('v128', mathFunction('exp', kind), x);
    const twice = callFor('v128', mathFunction('exp', kind), once);
    const [short, long] = [once, twice].map((result) =>
      assemble({ exports: { f: defineFunction({ name: 'f', params: [x], result }) } }),
    ) as [Uint8Array, Uint8Array];
    expect(validates(long)).toBe(true);
    expect(long.length - short.length).toBeLessThan(8);
  });
});
