// What the authors' formulas are written with: a few operations on `ndarray`s, without gradients. Broadcasting is left out: where an
// author broadcasts, the formula says so.

import type { NdArray } from '@tapegrad/core';
import ndarray from 'ndarray';
import ops from 'ndarray-ops';

type Loop = (out: NdArray, a: NdArray, b: NdArray) => unknown;

/** An array of zeros. */
export function zeros(shape: readonly number[]): NdArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return ndarray(new Float64Array(size), [...shape]);
}

/** a + b. */
export function plus(a: NdArray | number, b: NdArray | number): NdArray {
  return zip(ops.add, a, b);
}

/** a − b. */
export function minus(a: NdArray | number, b: NdArray | number): NdArray {
  return zip(ops.sub, a, b);
}

/** a ⊙ b: element by element. */
export function times(a: NdArray | number, b: NdArray | number): NdArray {
  return zip(ops.mul, a, b);
}

/** a / b: element by element. */
export function over(a: NdArray | number, b: NdArray | number): NdArray {
  return zip(ops.div, a, b);
}

function zip(loop: Loop, a: NdArray | number, b: NdArray | number): NdArray {
  const shape = typeof a === 'number' ? shapeOf(b) : a.shape;
  const [x, y] = [like(a, shape), like(b, shape)];
  if (x.shape.join() !== y.shape.join()) {
    throw new RangeError(`arrays of the shapes [${x.shape}] and [${y.shape}]. Expected the same shape.`);
  }
  const out = zeros(shape);
  loop(out, x, y);
  return out;
}

function shapeOf(a: NdArray | number): readonly number[] {
  return typeof a === 'number' ? [] : a.shape;
}

/** A number as an array of this shape, in which it stands once. */
function like(a: NdArray | number, shape: readonly number[]): NdArray {
  if (typeof a !== 'number') return a;
  const strides = shape.map(() => 0);
  return ndarray(Float64Array.of(a), [...shape], strides);
}

/** The product of two matrices: [m, k] × [k, n]. */
export function dot(a: NdArray, b: NdArray): NdArray {
  const [m, k] = a.shape as [number, number];
  const [inner, n] = b.shape as [number, number];
  if (k !== inner) throw new RangeError(`inner sizes differ: [${a.shape}] × [${b.shape}].`);
  const [out, term] = [zeros([m, n]), zeros([m, n])];
  for (let i = 0; i < k; i++) {
    // Column i of a beside row i of b, each repeated by a stride of 0.
    const column = ndarray(a.data, [m, n], [a.stride[0]!, 0], a.offset + i * a.stride[1]!);
    const row = ndarray(b.data, [m, n], [0, b.stride[1]!], b.offset + i * b.stride[0]!);
    ops.mul(term, column, row);
    ops.addeq(out, term);
  }
  return out;
}

/** aᵀ, as a view. */
export function transpose(a: NdArray): NdArray {
  return a.transpose(1, 0);
}

/** Σ over an axis of a matrix; the axis stays, with length 1. */
export function sumOver(a: NdArray, axis: 0 | 1): NdArray {
  const out = zeros(a.shape.map((length, i) => (i === axis ? 1 : length)));
  const repeated = out.stride.map((stride, i) => (i === axis ? 0 : stride));
  ops.addeq(ndarray(out.data, a.shape, repeated), a);
  return out;
}

/** The mean over every element: one number, of shape []. */
export function meanOfAll(a: NdArray): NdArray {
  return ndarray(Float64Array.of(ops.sum(a) / a.size), []);
}

/** 1[a > 0]: 1 where it is above 0, else 0. */
export function isPositive(a: NdArray): NdArray {
  const out = zeros(a.shape);
  ops.gts(out, a, 0);
  return out;
}

/** |a|. */
export function magnitude(a: NdArray): NdArray {
  const out = zeros(a.shape);
  ops.abs(out, a);
  return out;
}

/** max(a, bound). */
export function atLeast(a: NdArray, bound: number): NdArray {
  const out = zeros(a.shape);
  ops.maxs(out, a, bound);
  return out;
}

/** σ(a) = 1 / (1 + e⁻ᵃ). */
export function sigmoid(a: NdArray): NdArray {
  const out = zeros(a.shape);
  ops.neg(out, a);
  ops.expeq(out);
  ops.addseq(out, 1);
  ops.recipeq(out);
  return out;
}

/** eˣ / Σ eˣ of one example, without overflow. */
export function softmax(x: readonly number[]): readonly number[] {
  const most = Math.max(...x);
  const exps = x.map((each) => Math.exp(each - most));
  const total = exps.reduce((sum, each) => sum + each, 0);
  return exps.map((each) => each / total);
}
