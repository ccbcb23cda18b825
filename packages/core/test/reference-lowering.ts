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
import { addElements, positionsOf, takeElements } from '../src/kernels/gather.ts';
import { matmulKernel } from '../src/kernels/matmul.ts';
import { argmaxOver, argminOver, maxOver, minOver, prodOver, sumOver } from '../src/kernels/reduce.ts';
import { recurrenceKernel, type ScanPath, scanKernel } from '../src/kernels/scan.ts';
import { threefry } from '../src/kernels/threefry.ts';
import type { Combine, Lowering, Piece } from '../src/lowering.ts';
import type { Abstract } from '../src/op-entry.ts';
import { broadcastShapes, reducedShape, type Shape, sameShape, sizeOf } from '../src/shape.ts';

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

type Step = (result: number, element: number) => number;

const scans: { readonly [C in Combine]: readonly [initial: number, step: Step] } = {
  sum: [0, (sum, element) => sum + element],
  product: [1, (product, element) => product * element],
  max: [Number.NEGATIVE_INFINITY, Math.max],
  min: [Number.POSITIVE_INFINITY, Math.min],
};

const withLength = (shape: Shape, axis: number, length: number): Shape =>
  shape.map((other, i) => (i === axis ? length : other));

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

  randomWords({ array }: Known, n: number): readonly [Known, Known] {
    const words = Array.from({ length: n }, (_, i) => threefry([array.get(0), array.get(1)], [i, 0]));
    const side = (which: 0 | 1) =>
      known(
        wrap(
          Int32Array.from(words, (pair) => pair[which]),
          [n],
        ),
        'int32',
      );
    return [side(0), side(1)];
  }

  position(which: 'max' | 'min', { array }: Known, axis: number): Known {
    const positions = (which === 'max' ? argmaxOver : argminOver)(array, axis);
    return known(wrap(positions, reducedShape(array.shape, [axis], true)), 'int32');
  }

  checkIndices(op: string, { array, dtype }: Known, axis: number, length: number): Known {
    demand(dtype === 'int32', 'indices of int32');
    return known(wrap(positionsOf(op, array, axis, length), array.shape), dtype);
  }

  gather({ array, dtype }: Known, positions: Known, axis: number): Known {
    const [length, count] = [array.shape[axis]!, positions.array.shape[axis]!];
    const [x, at] = [array, positions.array].map((each) => withLength(each.shape, axis, 1)) as [Shape, Shape];
    const shape = withLength(broadcastShapes('gather', [x, at]), axis, count);
    demand(inRange(positions, length), 'positions in range');
    const places = copyOf(broadcastView(positions.array, shape), 'int32').data as Int32Array;
    const source = broadcastView(array, withLength(shape, axis, length));
    return known(takeElements(source, places, axis, dtype, shape), dtype);
  }

  scatterAdd({ array, dtype }: Known, positions: Known, updates: Known, axis: number): Known {
    demand(updates.dtype === dtype, 'updates of the dtype of what they are added to');
    demand(inRange(positions, array.shape[axis]!), 'positions in range');
    const shape = withLength(array.shape, axis, positions.array.shape[axis]!);
    const places = copyOf(broadcastView(positions.array, shape), 'int32').data as Int32Array;
    return known(addElements(array, places, updates.array, axis, dtype, shape), dtype);
  }

  scan(combine: Combine, { array }: Known, path: ScanPath, dtype: DType): Known {
    return known(scanKernel(array, path, dtype, ...scans[combine]), dtype);
  }

  recurrence(x: Known, y: Known, path: Omit<ScanPath, 'exclusive'>, { shape, dtype }: Abstract): Known {
    return known(recurrenceKernel(broadcastView(x.array, shape), broadcastView(y.array, shape), path, dtype), dtype);
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

function inRange({ array, dtype }: Known, length: number): boolean {
  return dtype === 'int32' && [...copyOf(array, dtype).data].every((position) => position >= 0 && position < length);
}

function demand(condition: boolean, expected: string): void {
  if (!condition) throw new Error(`Expected ${expected}.`);
}
