// Tensors from values: numbers, nested lists, typed arrays, `ndarray`s; and constant ones.

import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import { allocate, copyOf, type NdArray, type Nested, wrap } from './arrays.ts';
import { checkDType, type DType, storesAs, type TypedData } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { checkWhole, readNested } from './nested.ts';
import { checkShape, type Shape, showShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** How {@link tensor} takes its data. */
export interface TensorOptions {
  /** Default: what the data are. Plain numbers are float32, booleans bool; a typed array keeps its type where there is a dtype for it, other whole-number arrays become int32. */
  readonly dtype?: DType;
  /** The shape of flat data. Default: what the data are. */
  readonly shape?: Shape;
  readonly name?: string;
}

/** Anything that a tensor can be made of. */
export type TensorData = Nested | ArrayBufferView | ndarray.NdArray;

/**
 * A tensor of the data, which are copied.
 *
 * ```ts
 * tensor([[1, 2], [3, 4]]).shape; // → 2,2
 * tensor(Float64Array.of(1, 2, 3, 4), { shape: [2, 2] }).dtype; // → float64
 * ```
 *
 * @throws TapegradError for lists of different lengths, for what is no number, for a fraction in an int32 tensor, and where
 * the data do not fill the shape.
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  if (options.dtype !== undefined) checkDType('tensor', options.dtype);
  if (data instanceof Tensor) {
    throw new TapegradError('tensor', 'data is a tensor already. Expected numbers; convert a tensor by asType().');
  }
  const [source, natural] = isNdArray(data)
    ? fromNdArray(data)
    : isTypedArray(data)
      ? fromTyped(data)
      : readNested('tensor', 'data', data as Nested);
  const dtype = options.dtype ?? natural;
  if (dtype === 'int32') checkWhole('tensor', source);
  const shape = options.shape ?? source.shape;
  checkShape('tensor', shape);
  if (sizeOf(shape) !== sizeOf(source.shape)) {
    throw new TapegradError(
      'tensor',
      `${sizeOf(source.shape)} elements do not fill the shape ${showShape(shape)}. Expected ${sizeOf(shape)}.`,
    );
  }
  const copy = convert(source, dtype);
  return new Tensor(wrap(copy.data, [...shape]), dtype, options.name);
}

/**
 * A scalar: a tensor of shape `[]`.
 *
 * ```ts
 * scalar(3).mul(2).item(); // → 6
 * ```
 */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return filled('scalar', [], value, dtype);
}

/**
 * A tensor of zeros.
 *
 * ```ts
 * zeros([2, 3]).shape; // → 2,3
 * ```
 */
export function zeros(shape: Shape, dtype: DType = 'float32'): Tensor {
  return filled('zeros', shape, 0, dtype);
}

/**
 * A tensor of ones.
 *
 * ```ts
 * ones([2], 'float64').toArray(); // → 1,1
 * ```
 */
export function ones(shape: Shape, dtype: DType = 'float32'): Tensor {
  return filled('ones', shape, 1, dtype);
}

/**
 * A tensor with `value` everywhere.
 *
 * ```ts
 * full([2, 2], 0.5).sum().item(); // → 2
 * ```
 *
 * @throws TapegradError for a length that is no whole number >= 0, and for a fraction in an int32 tensor.
 */
export function full(shape: Shape, value: number, dtype: DType = 'float32'): Tensor {
  return filled('full', shape, value, dtype);
}

function filled(op: string, shape: Shape, value: number, dtype: DType): Tensor {
  checkShape(op, shape);
  checkDType(op, dtype);
  if (dtype === 'int32') checkWhole(op, wrap(Float64Array.of(value), []));
  const array = allocate(dtype, [...shape]);
  if (!Object.is(value, 0)) array.data.fill(dtype === 'bool' ? 1 : value);
  return new Tensor(array, dtype);
}

/**
 * Zeros in the shape and dtype of `x`.
 *
 * ```ts
 * zerosLike(tensor([1, 2])).toArray(); // → 0,0
 * ```
 */
export function zerosLike(x: Tensor): Tensor {
  return zeros(x.shape, x.dtype);
}

/**
 * Ones in the shape and dtype of `x`.
 *
 * ```ts
 * onesLike(tensor([1, 2])).toArray(); // → 1,1
 * ```
 */
export function onesLike(x: Tensor): Tensor {
  return ones(x.shape, x.dtype);
}

/** How {@link eye} gives its result. */
export interface EyeOptions {
  /** How far right of the main diagonal the ones stand; negative: left of it. Default: 0. */
  readonly diagonal?: number;
  /** Default: float32. */
  readonly dtype?: DType;
}

/**
 * The identity matrix of `rows` rows and `columns` columns, by default as many; or ones on another diagonal.
 *
 * ```ts
 * String(eye(2)); // → float32[2, 2] [[1, 0], [0, 1]]
 * String(eye(2, 3, { diagonal: 1 })); // → float32[2, 3] [[0, 1, 0], [0, 0, 1]]
 * ```
 *
 * @throws TapegradError for sizes that are no whole numbers >= 0.
 */
export function eye(rows: number, columns: number = rows, options: EyeOptions = {}): Tensor {
  const { diagonal = 0, dtype = 'float32' } = options;
  checkShape('eye', [rows, columns]);
  checkDType('eye', dtype);
  if (!Number.isSafeInteger(diagonal)) {
    throw new TapegradError('eye', `diagonal is ${diagonal}. Expected a whole number.`);
  }
  const out = allocate(dtype, [rows, columns]);
  for (let row = Math.max(0, -diagonal); row < Math.min(rows, columns - diagonal); row++) {
    out.data[row * columns + row + diagonal] = 1;
  }
  return new Tensor(out, dtype);
}

/**
 * A tensor on `data` itself, which must not be written to afterwards. For code that fills its own store.
 *
 * ```ts
 * fromData(Float32Array.of(1, 2, 3, 4), [2, 2], 'float32').toArray(); // → 1,2,3,4
 * ```
 *
 * @throws TapegradError where the data do not fill the shape, and where they are no store of the dtype.
 */
export function fromData(data: TypedData, shape: Shape, dtype: DType): Tensor {
  checkDType('fromData', dtype);
  checkShape('fromData', shape);
  if (data.length !== sizeOf(shape) || !storesAs(data, dtype)) {
    throw new TapegradError(
      'fromData',
      `got a ${data.constructor.name} of ${data.length} elements. Expected a store of ${sizeOf(shape)} for ${dtype}${showShape(shape)}.`,
    );
  }
  return new Tensor(wrap(data, [...shape]), dtype);
}

type Source = readonly [array: NdArray, dtype: DType];

function isNdArray(data: unknown): data is ndarray.NdArray {
  // Views of an ndarray are of many classes: these methods are what they have in common.
  return typeof data === 'object' && data !== null && 'pick' in data && 'stride' in data && 'data' in data;
}

type NumberArray = TypedData | Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Uint32Array;

function isTypedArray(data: unknown): data is NumberArray {
  const other = data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array;
  return ArrayBuffer.isView(data) && !other;
}

function naturalDType(data: unknown): DType {
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Float32Array || Array.isArray(data) ? 'float32' : 'int32';
}

function fromNdArray(data: ndarray.NdArray): Source {
  return [data as NdArray, naturalDType(data.data)];
}

function fromTyped(data: NumberArray): Source {
  return [ndarray(data, [data.length]) as NdArray, naturalDType(data)];
}

function convert(source: NdArray, dtype: DType): NdArray {
  if (dtype !== 'bool') return copyOf(source, dtype);
  const out = allocate('bool', source.shape);
  ops.neqs(out, source, 0);
  return out;
}
