// Running a function without its values: who traces now, and what stands in for values meanwhile. What becomes of the trace is
// the tracer's matter.

import type { NdArray } from './arrays.ts';
import type { TypedData } from './dtype.ts';
import { TracingError } from './errors.ts';
import type { Abstract, OpEntry } from './op-entry.ts';
import { rowMajorStrides, type Shape, sizeOf } from './shape.ts';
import { callingSite } from './site.ts';
import type { Parameter, Tensor } from './tensor.ts';

/** Runs a function once to see what it does, so that it can be done again and again by other means. */
export interface Tracer {
  /** What stands for the value of an op; undefined where all operands are known: it is then computed at once. */
  onOp(
    entry: OpEntry,
    operands: readonly Tensor[],
    result: Abstract & { readonly attrs: unknown },
  ): NdArray | undefined;
  /** What stands for the present value of a parameter. */
  valueOf(parameter: Parameter): NdArray;
  /** Told that a parameter gets this value. */
  onAssign(parameter: Parameter, value: Tensor): void;
  /** A value that is made anew before each run, by `make`: random numbers, step sizes. */
  feed(result: Abstract, make: () => TypedData): Tensor;
  /** Has `effect` happen before each run, and before values are made for it. */
  beforeEach(effect: () => void): void;
  /** Has `effect` happen after each run that did not throw. */
  afterEach(effect: () => void): void;
}

let tracer: Tracer | undefined;

/** The tracer at work, if one is. */
export function activeTracer(): Tracer | undefined {
  return tracer;
}

/** Runs `f` as `by` traces it; undefined suspends the tracing. */
export function traceWith<T>(by: Tracer | undefined, f: () => T): T {
  const before = tracer;
  tracer = by;
  try {
    return f();
  } finally {
    tracer = before;
  }
}

/** `, at` the line of the user's program that asks for a value that is not known; nothing where it is not known either. */
export function whereTraced(): string {
  const site = callingSite();
  return site === undefined ? '' : `, at ${site}`;
}

/** Stands for an array whose elements are not known yet. */
class AbstractArray {
  readonly shape: Shape;
  readonly stride: readonly number[];
  readonly offset = 0;

  constructor(shape: Shape) {
    this.shape = shape;
    this.stride = rowMajorStrides(shape);
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  get data(): never {
    return this.refuse();
  }

  // what `ndarray-ops` asks first
  get order(): never {
    return this.refuse();
  }

  /** @throws TracingError always: whoever asks for elements wants to know them now. */
  private refuse(): never {
    throw new TracingError(
      'compile',
      `a value is read while the function is traced${whereTraced()}. ` +
        'Expected operations on tensors only, and decisions by shapes: choose between values by where().',
    );
  }
}

/** An array of which only the shape is known. Reading an element of it is an error. */
export function abstractArray(shape: Shape): NdArray {
  return new AbstractArray(shape) as unknown as NdArray;
}

/** Whether the elements of an array are not known. */
export function isAbstract(array: NdArray): boolean {
  return array instanceof AbstractArray;
}
