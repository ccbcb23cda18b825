// Element types: which there are, what stores them, and what comes of mixing them. No values.

import { TapegradError } from './errors.ts';

/** The element type of a tensor. `bool` holds 0 and 1. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

/** The element types that gradients exist for. */
export type FloatDType = 'float32' | 'float64';

/** What a tensor of each dtype keeps its elements in. */
export type TypedData = Float32Array | Float64Array | Int32Array | Uint8Array;

interface DataType {
  new (size: number): TypedData;
  new (buffer: ArrayBuffer, offset: number, size: number): TypedData;
  readonly BYTES_PER_ELEMENT: number;
}

/** The class of the store of each dtype. */
export const dataTypes: { readonly [D in DType]: DataType } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/** The names of all dtypes, for messages and tests. */
export const dtypes: readonly DType[] = Object.keys(dataTypes) as DType[];

/** A zero-filled store for `size` elements. @throws TapegradError where there is no memory for so many. */
export function newData(dtype: DType, size: number): TypedData {
  try {
    return new dataTypes[dtype](size);
  } catch (error) {
    throw new TapegradError('allocate', `there is no memory for ${size} elements of ${dtype}. Use smaller shapes.`, {
      cause: error,
    });
  }
}

/** Whether tensors of this dtype keep their elements in such a store. */
export function storesAs(data: TypedData, dtype: DType): boolean {
  return data instanceof dataTypes[dtype];
}

/** @throws TapegradError where there is no such dtype. */
export function checkDType(op: string, dtype: DType): void {
  if (dtypes.includes(dtype)) return;
  throw new TapegradError(op, `no dtype ${String(dtype)}. Expected ${dtypes.join(', ')}.`);
}

/** Whether gradients flow through values of this dtype. */
export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float64';
}

/**
 * The dtype of arithmetic between these dtypes: a float wins over int32, int32 over bool.
 *
 * @throws TapegradError where float32 meets float64: a silent cast would hide a loss of precision.
 */
export function promote(op: string, operands: readonly DType[]): DType {
  const single = operands.includes('float32');
  const double = operands.includes('float64');
  if (single && double) {
    throw new TapegradError(op, "dtypes differ: float32 and float64. Convert one first, e.g. x.asType('float64').");
  }
  if (single) return 'float32';
  if (double) return 'float64';
  return operands.includes('int32') ? 'int32' : 'bool';
}
