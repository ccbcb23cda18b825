// The kinds of numbers that functions are made for, those that run here, and numbers to try.

import { enableRelaxedSimd } from '../../src/engine.ts';
import type { MathKind } from '../../src/math/ieee.ts';
import { type MathName, mathArity } from '../../src/math/math.ts';
import { type Numbers, numbersOf } from './runner.ts';
import { ulps } from './ulps.ts';

export const names = Object.keys(mathArity) as MathName[];
export const unaryNames: readonly MathName[] = names.filter((name) => mathArity[name] === 1);

export const kinds: readonly MathKind[] = [
  { type: 'f32', relaxed: false },
  { type: 'f64', relaxed: false },
  { type: 'f32', relaxed: true },
  { type: 'f64', relaxed: true },
];
// without relaxed SIMD the engine has nothing to run the others on
export const running = kinds.filter(({ relaxed }) => !relaxed || enableRelaxedSimd());
export interface Worst {
  readonly ulps: number;
  readonly at: readonly number[];
  readonly got: number;
  readonly want: number;
}

/** Where results are farthest off. */
export function worstOf(
  type: MathKind['type'],
  out: Numbers,
  want: (i: number) => number,
  at: (i: number) => readonly number[],
): Worst {
  let worst = { ulps: -1, at: [] as readonly number[], got: 0, want: 0 };
  out.forEach((got, i) => {
    const exact = want(i);
    const distance = ulps(type, got, exact);
    if (distance > worst.ulps) worst = { ulps: distance, at: at(i), got, want: exact };
  });
  return worst;
}

/** Every sign and exponent, with so many fractions each that are spread evenly but are not round. */
export function everyExponent(type: MathKind['type'], fractions: number): Numbers {
  const exponents = type === 'f32' ? 512 : 4096;
  const numbers = numbersOf(type, exponents * fractions);
  const words = new Uint32Array(numbers.buffer);
  let random = 1;
  for (let i = 0; i < exponents * fractions; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const upper = Math.floor((i * 2 ** 32 + random) / (exponents * fractions));
    if (type === 'f32') words[i] = upper;
    else words.set([Math.imul(random, 0x9e3779b1), upper], 2 * i);
  }
  return numbers;
}
