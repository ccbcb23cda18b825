// The value: an immutable array with a dtype. And the one mutable leaf, `Parameter`. The operations are in `ops/`; `methods.ts`
// makes them methods.

import { type NdArray, type NestedArray, onlyElement, toData, toNdarray, toNested } from './arrays.ts';
import { type DType, isFloat, type TypedData } from './dtype.ts';
import { TapegradError, TracingError } from './errors.ts';
import { type Shape, sameShape, showShape, sizeOf } from './shape.ts';
import { activeTracer, isAbstract, whereTraced } from './tracing.ts';

/** Where a tensor stands on a tape that records it; with nested tapes, a chain of such places. */
export interface Place {
  readonly tape: number;
  readonly index: number;
  readonly next: Place | null;
}

/** The tensor that a name was given to; of a parameter also which of its values the name stands for. */
export interface Original {
  readonly tensor: Tensor;
  readonly version: number;
}

/**
 * An immutable array of numbers with a `shape` and a `dtype`. Made by {@link tensor} and its relatives, or by an operation.
 *
 * ```ts
 * const x = tensor([[1, 2], [3, 4]]);
 * x.mul(2).sum().item(); // → 20
 * ```
 */
export class Tensor {
  protected held: NdArray;
  readonly dtype: DType;
  /** The user's name for it, if it was given one by {@link Tensor.named}. */
  readonly name: string | undefined;
  /** @internal What this tensor is another name of, if it is. */
  readonly original: Original | undefined;
  /** @internal Its places on tapes, the newest first. */
  place: Place | null = null;

  /** @internal Users make tensors by {@link tensor}, {@link zeros} and the like. */
  constructor(array: NdArray, dtype: DType, name?: string, original?: Original) {
    this.held = array;
    this.dtype = dtype;
    this.name = name;
    this.original = original;
  }

  /** @internal The elements. Never written to. */
  get array(): NdArray {
    return this.held;
  }

  /** The lengths of the axes; `[]` for a scalar. */
  get shape(): Shape {
    return this.held.shape;
  }

  /** The number of axes. */
  get rank(): number {
    return this.held.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.held.shape);
  }

  /**
   * The value of a tensor with one element.
   *
   * @throws TapegradError where there is not exactly one element.
   */
  item(): number {
    if (this.size !== 1) {
      throw new TapegradError(
        'item',
        `the tensor has shape ${showShape(this.shape)}, ${this.size} elements. Expected one; read several with toArray().`,
      );
    }
    return onlyElement(this.array);
  }

  /** The elements as nested lists: numbers, or booleans where the dtype is `bool`. A scalar gives the bare element. */
  toArray(): NestedArray {
    return toNested(this.array, this.dtype);
  }

  /** A copy of the elements, side by side in row-major order. */
  toData(): TypedData {
    return toData(this.array, this.dtype);
  }

  /** A copy of the elements as an `ndarray`; of a `bool` tensor as zeros and ones. */
  toNdarray(): NdArray {
    return toNdarray(this.array, this.dtype);
  }

  /** @internal @throws TapegradError where JavaScript wants a number: its operators know no tensors. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== 'number') return this.toString();
    const what = `${this.dtype}${showShape(this.shape)} is used as a number`;
    if (isAbstract(this.array)) {
      throw new TracingError(
        'compile',
        `${what} while the function is traced${whereTraced()}. Expected a method, e.g. x.mul(2).`,
      );
    }
    throw new TapegradError('tensor', `${what}. Expected a method, e.g. x.mul(2), or x.item() for its value.`);
  }

  /** Dtype, shape, name, and the elements where they are few. */
  toString(): string {
    const name = this.name === undefined ? '' : ` ${this.name}`;
    return `${this.dtype}${showShape(this.shape)}${name} ${showElements(this)}`;
  }
}

/**
 * The mutable leaf: a tensor whose value can be replaced, as an optimizer does. A tape watches every parameter that it meets.
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2]), 'w');
 * w.assign(w.sub(0.5));
 * w.toArray(); // → 0.5,1.5
 * ```
 */
export class Parameter extends Tensor {
  declare readonly name: string;
  /** Reads the value from where a compiled program keeps it; undefined where it is here. */
  private kept: (() => NdArray) | undefined;
  /** How often the value was replaced. A backward pass that kept an older value refuses to go on. */
  version = 0;

  /** @throws TapegradError unless the value is float32 or float64. */
  constructor(value: Tensor, name: string) {
    if (!isFloat(value.dtype)) {
      throw new TapegradError(
        'Parameter',
        `the value of ${name} has dtype ${value.dtype}. Expected float32 or float64, which have gradients.`,
      );
    }
    super(value.array, value.dtype, name);
  }

  /** @internal */
  override get array(): NdArray {
    const tracer = activeTracer();
    if (tracer !== undefined) return tracer.valueOf(this);
    if (this.kept !== undefined) {
      this.held = this.kept();
      this.kept = undefined;
    }
    return this.held;
  }

  /**
   * Replaces the value.
   *
   * @throws TapegradError where shape or dtype differ; the parameter then keeps its value.
   */
  assign(value: Tensor): void {
    if (!sameShape(value.shape, this.shape) || value.dtype !== this.dtype) {
      throw new TapegradError(
        'assign',
        `the value for ${this.name} is ${value.dtype}${showShape(value.shape)}. ` +
          `Expected ${this.dtype}${showShape(this.shape)}.`,
      );
    }
    const tracer = activeTracer();
    if (tracer !== undefined) tracer.onAssign(this, value);
    else {
      this.held = value.array;
      this.kept = undefined;
    }
    this.version++;
  }

  /** @internal Replaces the value by one that lies in a compiled program's memory: `read` gives a copy of it. */
  keepIn(read: () => NdArray): void {
    this.kept = read;
    this.version++;
  }
}

/** What an operation takes for an operand: a plain number takes the dtype of the tensors beside it. */
export type TensorLike = Tensor | number;

const shownElements = 64;

function showElements(x: Tensor): string {
  if (isAbstract(x.array)) return '(traced: no value)';
  if (x.size > shownElements) return `(${x.size} elements)`;
  const digits = x.dtype === 'float32' ? 6 : 12;
  const show = (value: NestedArray): string => {
    if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
    return typeof value === 'number' ? String(Number(value.toPrecision(digits))) : String(value);
  };
  return show(x.toArray());
}
