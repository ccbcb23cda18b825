// The loops that ops are compiled to, done at once by the library's own kernels: what a compiler is held against.

import nd from 'ndarray-ops';
import {
  allocate,
  broadcastView,
  contiguous,
  copyOf,
  isContiguous,
  type NdArray,
  reshaped,
  sliceView,
  wrap,
} from '../src/arrays.ts';
import { type DType, type FloatDType, storesAs } from '../src/dtype.ts';
import {
  type ElementFormula,
  type ElementwiseKernel,
  elementwiseWith,
  type Scalar,
} from '../src/kernels/elementwise.ts';
import { erf } from '../src/kernels/erf.ts';
import { matmulKernel } from '../src/kernels/matmul.ts';
import { argmaxOver, argminOver, maxOver, minOver, prodOver, sumOver } from '../src/kernels/reduce.ts';
import type { Combine, Lowering, Piece } from '../src/lowering.ts';
import type { Abstract } from '../src/op-entry.ts';
import { reducedShape, sameShape, sizeOf } from '../src/shape.ts';

/** A value whose elements are there. */
export interface Known {
  readonly array: NdArray;
  readonly dtype: DType;
}

const reductions: { readonly [C in Combine]: (x: NdArray, axes: readonly number[]) => NdArray } = {
  sum: sumOver,
  product: prodOver,
  max: maxOver,
  min: minOver,
};

const token = /\d+\.?\d*(e[+-]?\d+)?|[A-Za-z_][\w.]*|===|!==|<=|>=|&&|\|\||[-+*/<>!?:(),]/giy;

/** Whether an expression is of the language that kernels are written in. */
function isReadable({ inputs, numbers, scalar }: ElementFormula): boolean {
  const tokens = String(scalar).replaceAll(' ', '').match(token) ?? [];
  const words = tokens.filter((word) => /^[A-Za-z_]/.test(word));
  const known = [...inputs, ...Object.keys(numbers), 'Infinity', 'NaN', ...Object.keys(compilersOwn)];
  const isKnown = (word: string): boolean =>
    known.includes(word) || (word.startsWith('Math.') && word.slice(5) in Math);
  return tokens.join('') === String(scalar).replaceAll(' ', '') && words.every(isKnown);
}

/** Functions that a compiler has, and JavaScript has not. */
const compilersOwn = { erf, sigmoid: (x: number): number => 1 / (1 + Math.exp(-x)) };

/** The kernel anew, out of no more than its formula says. */
function kernelOf({ inputs, numbers, scalar }: ElementFormula): ElementwiseKernel {
  const names = [...inputs, ...Object.keys(numbers)];
  const again = (f: Scalar): ElementwiseKernel =>
    elementwiseWith('again', inputs, Object.keys(numbers), f)(...Object.values(numbers));
  if (typeof scalar !== 'string') return again(scalar);
  const make = new Function(...Object.keys(compilersOwn), `return (${names}) => ${scalar};`);
  return again(make(...Object.values(compilersOwn)));
}

/** Computes at once. It refuses what a compiler may refuse: kernels without a formula, views that copy, wrong shapes and dtypes. */
export class ReferenceLowering implements Lowering<Known> {
  of({ array, dtype }: Known): Abstract {
    return { shape: array.shape, dtype };
  }

  constant(array: NdArray, dtype: DType): Known {
    return known(array, dtype);
  }

  map(kernel: ElementwiseKernel, operands: readonly Known[], { shape, dtype }: Abstract): Known {
    const { formula } = kernel;
    if (formula === undefined) throw new Error('Expected a kernel with a formula.');
    demand(formula.inputs.length === operands.length, 'a formula of as many operands as are given');
    if (typeof formula.scalar === 'string') demand(isReadable(formula), `an expression to read, not ${formula.scalar}`);
    const out = allocate(dtype, shape);
    kernelOf(formula)(out, ...operands.map(({ array }) => broadcastView(array, shape)));
    return known(out, dtype);
  }

  view({ array, dtype }: Known, by: (x: NdArray) => NdArray): Known {
    const made = by(array);
    demand(made.data === array.data, 'a view, not a copy');
    return known(made, dtype);
  }

  reshape({ array, dtype }: Known, shape: Abstract['shape']): Known {
    demand(sizeOf(array.shape) === sizeOf(shape), 'as many elements in another shape');
    return known(reshaped(array, shape, dtype), dtype);
  }

  assemble(
    { shape, dtype }: Abstract,
    fill: number,
    pieces: readonly Piece<Known>[],
    { add = false }: { readonly add?: boolean } = {},
  ): Known {
    const out = allocate(dtype, shape);
    out.data.fill(fill);
    for (const { value, into } of pieces) {
      demand(value.dtype === dtype, 'pieces of the dtype of the whole');
      const place = into(out);
      demand(place.data === out.data && sameShape(place.shape, value.array.shape), 'a place of the shape of its piece');
      if (add) nd.addeq(place, value.array);
      else nd.assign(place, value.array);
    }
    return known(out, dtype);
  }

  reduce(combine: Combine, { array }: Known, axes: readonly number[], dtype: DType): Known {
    return known(copyOf(reductions[combine](array, axes), dtype), dtype);
  }

  position(which: 'max' | 'min', { array }: Known, axis: number): Known {
    const positions = (which === 'max' ? argmaxOver : argminOver)(array, axis);
    return known(wrap(positions, reducedShape(array.shape, [axis], true)), 'int32');
  }

  product(x: Known, y: Known, { shape, dtype }: Abstract): Known {
    demand(x.dtype === dtype && y.dtype === dtype, 'factors of the dtype of the product');
    const [m, k] = x.array.shape.slice(-2) as [number, number];
    const [inner, n] = y.array.shape.slice(-2) as [number, number];
    demand(k === inner && sameShape(shape.slice(-2), [m, n]), 'matrices that fit');
    return known(matmulKernel(x.array, y.array, dtype as FloatDType, shape), dtype);
  }
}

/** The same values, laid out with gaps and back to front along the last axis: kernels and views must not rely on the layout. */
export function scattered(x: NdArray, dtype: DType): NdArray {
  const { shape } = x;
  if (shape.length === 0 || sizeOf(shape) === 0) return contiguous(x, dtype);
  const lengths = shape.map((length) => 2 * length);
  const last = shape.length - 1;
  const view = sliceView(
    allocate(dtype, lengths),
    shape.map((length, axis) => (axis === last ? 2 * length - 1 : 1)),
    shape.map((_, axis) => (axis === last ? -2 : 2)),
    shape,
  );
  nd.assign(view, x);
  demand(!isContiguous(view) || sizeOf(shape) === 1, 'another layout');
  return view;
}

function known(array: NdArray, dtype: DType): Known {
  demand(storesAs(array.data, dtype), `a store of ${dtype}`);
  return { array, dtype };
}

function demand(condition: boolean, expected: string): void {
  if (!condition) throw new Error(`Expected ${expected}.`);
}
