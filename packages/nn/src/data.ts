// What the user passes as x and y, as rows to take batches from. Checks of values, no checks against a model.

import {
  type DType,
  type FloatDType,
  fromData,
  type Shape,
  showShape,
  TapegradError,
  Tensor,
  type TensorData,
  type TypedData,
  tensor,
} from '@tapegrad/core';
import { requireWhole } from './checks.ts';

/** Data that can be cut into batches along its first axis. Its elements lie row by row. */
export class Rows {
  /** How messages call it. */
  readonly name: string;
  readonly data: TypedData;
  readonly count: number;
  /** The shape of one row. */
  readonly rowShape: Shape;
  readonly dtype: FloatDType;
  /** The shape in which the user gave them. */
  readonly given: Shape;
  private readonly rowSize: number;

  constructor(name: string, data: TypedData, shape: Shape, dtype: FloatDType, given: Shape = shape) {
    this.name = name;
    this.given = given;
    this.data = data;
    this.dtype = dtype;
    this.count = shape[0]!;
    this.rowShape = shape.slice(1);
    this.rowSize = this.rowShape.reduce((size, length) => size * length, 1);
  }

  get shape(): Shape {
    return [this.count, ...this.rowShape];
  }

  /** The rows from `start` up to, not including, `stop`; nothing is copied. */
  between(start: number, stop: number): Rows {
    const data = this.data.subarray(start * this.rowSize, stop * this.rowSize);
    return new Rows(this.name, data, [stop - start, ...this.rowShape], this.dtype);
  }

  /** The same data, another shape for each row. */
  reshaped(rowShape: Shape): Rows {
    return new Rows(this.name, this.data, [this.count, ...rowShape], this.dtype, this.given);
  }

  /** All rows as one tensor. */
  toTensor(): Tensor {
    return fromData(this.data, this.shape, this.dtype);
  }

  /** The rows `order[start]` … `order[stop − 1]`, copied; without an order the rows themselves. */
  batch(start: number, stop: number, order?: Int32Array): Tensor {
    if (order === undefined) return this.between(start, stop).toTensor();
    const { data, rowSize } = this;
    const out = new (data.constructor as new (size: number) => TypedData)((stop - start) * rowSize);
    for (let i = start, to = 0; i < stop; i++) {
      const from = order[i]! * rowSize;
      for (let j = 0; j < rowSize; j++) out[to++] = data[from + j]!;
    }
    return fromData(out, [stop - start, ...this.rowShape], this.dtype);
  }

  /** Where the element at a position of the data stands: `row 3, column 7`. */
  place(at: number): string {
    const row = `row ${Math.floor(at / this.rowSize)}`;
    if (this.rowShape.length === 0) return row;
    if (this.rowShape.length === 1) return `${row}, column ${at % this.rowSize}`;
    const position = this.rowShape.map((length, axis) => {
      const below = this.rowShape.slice(axis + 1).reduce((size, other) => size * other, 1);
      return Math.floor((at % this.rowSize) / below) % length;
    });
    return `${row}, position [${position.join(', ')}]`;
  }
}

/**
 * The data as rows of the model's dtype.
 *
 * @throws TapegradError naming `name`: for what is no data, for a scalar, no rows, NaN or an infinity, and for data of the other
 * float dtype.
 */
export function toRows(op: string, name: string, data: Tensor | TensorData, dtype: FloatDType): Rows {
  if (data === undefined || data === null) {
    throw new TapegradError(op, `${name} is ${data}. Expected a tensor or nested lists of numbers.`);
  }
  const is = dtypeOf(data);
  if (is !== dtype && (is === 'float32' || is === 'float64')) {
    const convert = data instanceof Tensor ? `${name}.asType('${dtype}')` : `tensor(${name}, { dtype: '${dtype}' })`;
    throw new TapegradError(
      op,
      `${name} is ${is}, the model ${dtype}. Convert the data by ${convert}, or make the model with { dtype: '${is}' }.`,
    );
  }
  const value = data instanceof Tensor ? data.asType(dtype) : fromUser(op, name, data, dtype);
  if (value.rank === 0) throw new TapegradError(op, `${name} is one number. Expected rows: a tensor [rows, …].`);
  const rows = new Rows(name, value.toData(), value.shape, dtype);
  if (value.size === 0) {
    throw new TapegradError(
      op,
      `${name} has shape ${showShape(rows.shape)}: no data. Expected at least one row and one column.`,
    );
  }
  requireFinite(op, rows);
  return rows;
}

/** @throws TapegradError where inputs and labels are not equally many. */
export function requireSameCount(op: string, x: Rows, y: Rows): void {
  if (x.count === y.count) return;
  throw new TapegradError(
    op,
    `${x.name} has ${x.count} rows, ${y.name} has ${y.count}. Expected one label for each row.`,
  );
}

/** The bounds of batches over `count` rows; the last one may be smaller. */
export function batchBounds(
  op: string,
  count: number,
  size: number,
): readonly (readonly [start: number, stop: number])[] {
  requireWhole(op, 'batchSize', size, 1);
  return Array.from(
    { length: Math.ceil(count / size) },
    (_, i) => [i * size, Math.min((i + 1) * size, count)] as const,
  );
}

/** The dtype that the data themselves have; undefined for plain numbers, which take any. */
function dtypeOf(data: Tensor | TensorData): DType | undefined {
  if (data instanceof Tensor) return data.dtype;
  const store = typeof data === 'object' && 'stride' in data ? data.data : data;
  if (store instanceof Float32Array) return 'float32';
  return store instanceof Float64Array ? 'float64' : undefined;
}

function fromUser(op: string, name: string, data: TensorData, dtype: FloatDType): Tensor {
  try {
    return tensor(data, { dtype });
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    throw new TapegradError(op, `${name}: ${error.message.slice(`${error.op}: `.length)}`, { cause: error });
  }
}

function requireFinite(op: string, rows: Rows): void {
  const { data } = rows;
  let at = 0;
  // data sets have tens of millions of numbers, and findIndex takes five times as long
  while (at < data.length && Number.isFinite(data[at])) at++;
  if (at === data.length) return;
  throw new TapegradError(
    op,
    `${rows.name} has ${data[at]} at ${rows.place(at)}. Expected finite numbers: drop such rows or fill them in.`,
  );
}
