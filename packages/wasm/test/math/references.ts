// The functions in float64, exact enough to judge float32; and how far each of ours may be off.

import type { MathName } from '../../src/math/math.ts';

function sigmoid(x: number): number {
  return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
}

/** By a series of positive terms, and from 2 on by the continued fraction of erfc: to about 10⁻¹⁵. */
function erf(x: number): number {
  const t = Math.abs(x);
  if (Number.isNaN(x) || t > 6) return Math.sign(x);
  if (t < 2) {
    let sum = 0;
    // e^(−x²) · Σ 2ᵏ x²ᵏ⁺¹/(1 · 3 · … · (2k + 1))
    for (let k = 0, term = x; Math.abs(term) > 1e-18 * t; k++, term *= (2 * x * x) / (2 * k + 1)) sum += term;
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t) * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k--) fraction = k / 2 / (t + fraction);
  return Math.sign(x) * (1 - Math.exp(-t * t) / Math.sqrt(Math.PI) / (t + fraction));
}

/** IEEE 754's pow, which JavaScript's differs from where x is ±1. */
function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}

type Reference = (x: number, y: number) => number;

export const references: { readonly [N in MathName]: Reference } = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  pow,
};

/** What the docstring of the table promises, in units in the last place. */
export const bounds: { readonly [N in MathName]: { readonly f32: number; readonly f64: number } } = {
  exp: { f32: 1, f64: 1 },
  expm1: { f32: 1.5, f64: 2.1 },
  log: { f32: 0.9, f64: 0.9 },
  log1p: { f32: 0.9, f64: 0.9 },
  tanh: { f32: 1.4, f64: 1.4 },
  sigmoid: { f32: 2, f64: 1.9 },
  sin: { f32: 1.6, f64: 1.6 },
  cos: { f32: 1.6, f64: 1.6 },
  erf: { f32: 1, f64: 1.2 },
  pow: { f32: 0.51, f64: 1.1 },
};
