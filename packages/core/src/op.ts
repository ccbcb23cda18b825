// From an entry to a function: operands checked and converted, shape and dtype found, the value computed, recorders told.

import { allocate, type NdArray } from './arrays.ts';
import { type DType, isFloat, promote, storesAs } from './dtype.ts';
import { TapegradError } from './errors.ts';
import type { CompositeDefinition, Entry, OpDefinition, OpEntry } from './op-entry.ts';
import { activeRecorders } from './recording.ts';
import { type Shape, sameShape, showShape } from './shape.ts';
import { Tensor, type TensorLike } from './tensor.ts';
import { activeTracer } from './tracing.ts';

/** A function that is an operation: it can be called, and its entry can be read. */
export type Op<F> = F & { readonly entry: Entry };

/** The operands in a call, one for each input name. */
export type Operands<In extends readonly string[]> = { [K in keyof In]: TensorLike };

/** The function that a definition makes. */
export type OpFunction<In extends readonly string[], Args extends readonly unknown[], Variadic extends boolean> = Op<
  Variadic extends true
    ? (operands: readonly TensorLike[], ...args: Args) => Tensor
    : (...operandsAndArgs: [...Operands<In>, ...Args]) => Tensor
>;

/**
 * Makes an operation from its entry. Every op of this library is made by it, and so can yours be; for one that works element
 * by element, {@link unary} and {@link binary} fill in most of the entry. An op with arguments after its operands checks them in
 * `attributes`; annotate all parameters there, the first as {@link Shapes}, since TypeScript infers the call from them.
 *
 * ```ts
 * const flip: (x: TensorLike) => Tensor = defineOp({
 *   name: 'flip',
 *   doc: 'A vector from back to front.',
 *   tex: 'x_{n-i}',
 *   inputs: ['x'],
 *   shape: ([x]) => x!,
 *   dtype: ([x]) => x!,
 *   forward: ([x]) => x!.step(-1), // a view, made by `ndarray`
 *   saves: [],
 *   vjp: { x: (g) => flip(g) },
 *   samples: [{ inputs: [{ shape: [3] }] }],
 * });
 * grad((x: Tensor) => flip(x).mul(tensor([1, 2, 3])).sum())(tensor([7, 8, 9])).toArray(); // → 3,2,1
 * ```
 */
export function defineOp<
  const In extends readonly string[],
  Args extends readonly unknown[] = [],
  Attrs = undefined,
  const Saved extends In[number] | 'out' = never,
  Variadic extends boolean = false,
>(
  definition: OpDefinition<In, Args, Attrs, Saved, Variadic>,
  // NoInfer: what an op is declared as must not decide what its entry is taken for.
): NoInfer<OpFunction<In, Args, Variadic>> {
  const entry = {
    attributes: () => undefined,
    variadic: false,
    argumentsFirst: false,
    broadcasts: false,
    elementwise: false,
    isView: false,
    typedBy: definition.inputs,
    differentiable: definition.inputs.filter((input: In[number]) => definition.vjp[input] !== 'not differentiable'),
    ...definition,
  } as unknown as OpEntry;
  const { length } = entry.inputs;
  const call = entry.variadic
    ? (list: readonly TensorLike[], ...args: unknown[]) => apply(entry, list, args)
    : (...all: unknown[]) => {
        if (all.length === length) return apply(entry, all, none);
        // Where operands are missing, undefined stands in for them, and is refused by name.
        return apply(
          entry,
          Array.from({ length }, (_, i) => all[i]),
          all.slice(length),
        );
      };
  Object.defineProperty(call, 'name', { value: entry.name });
  return Object.assign(call, { entry }) as unknown as OpFunction<In, Args, Variadic>;
}

/**
 * Makes an op that other ops compute. It is in the table like any other; on a tape stand the steps that it is made of.
 *
 * ```ts
 * const halved: (x: TensorLike) => Tensor = defineComposite({
 *   name: 'halved',
 *   doc: 'Half of x.',
 *   tex: 'x / 2',
 *   inputs: ['x'],
 *   compute: (x: TensorLike) => div(x, 2),
 *   samples: [{ inputs: [{ shape: [3] }] }],
 * });
 * halved(tensor([2, 4])).toArray(); // → 1,2
 * ```
 */
export function defineComposite<F extends (...args: never[]) => Tensor | readonly Tensor[]>(
  definition: CompositeDefinition<F>,
): Op<F> {
  const { compute, ...rest } = definition;
  const entry: Entry = { variadic: false, argumentsFirst: false, differentiable: rest.inputs, ...rest };
  // A function of its own for each op: some may share what computes them.
  const call = (...args: Parameters<F>) => compute(...args);
  Object.defineProperty(call, 'name', { value: entry.name });
  return Object.assign(call, { entry }) as unknown as Op<F>;
}

/** An operand as a tensor; a number as a float32 scalar. @throws TapegradError for anything else. */
export function asTensor(op: string, name: string, operand: TensorLike): Tensor {
  if (operand instanceof Tensor) return operand;
  if (typeof operand === 'number') return numberTensor(operand, 'float32');
  throw new TapegradError(op, `${name} is ${describe(operand)}. Expected a tensor or a number.`);
}

const none: readonly unknown[] = [];

function apply(entry: OpEntry, operands: readonly unknown[], args: readonly unknown[]): Tensor {
  const inputs = toTensors(entry, operands);
  const shapes = inputs.map((x) => x.shape);
  const attrs = entry.attributes(shapes, ...args);
  const shape = entry.shape(shapes, attrs);
  const dtype = entry.dtype(decidingDTypes(entry, inputs), attrs);
  const result = { shape, dtype, attrs };
  const array = activeTracer()?.onOp(entry, inputs, result) ?? computed(entry, inputs, result);
  const output = new Tensor(array, dtype);
  const recorders = activeRecorders();
  for (let i = 0; i < recorders.length; i++) recorders[i]!.onOp(entry, inputs, attrs, output);
  return output;
}

function toTensors(entry: OpEntry, operands: readonly unknown[]): readonly Tensor[] {
  if (entry.variadic && (!Array.isArray(operands) || operands.length === 0)) {
    throw new TapegradError(
      entry.name,
      `got ${Array.isArray(operands) ? 'an empty list' : typeof operands}. Expected a list of tensors.`,
    );
  }
  if (areTensors(operands)) return operands;
  let dtype: DType | undefined;
  return operands.map((operand, i) => {
    if (operand instanceof Tensor) return operand;
    if (typeof operand !== 'number') {
      const name = entry.variadic ? `${entry.inputs[0]}[${i}]` : entry.inputs[i];
      throw new TapegradError(entry.name, `${name} is ${describe(operand)}. Expected a tensor or a number.`);
    }
    dtype ??= promote(entry.name, decidingDTypes(entry, operands));
    return numberTensor(operand, dtype);
  });
}

function areTensors(operands: readonly unknown[]): operands is readonly Tensor[] {
  for (let i = 0; i < operands.length; i++) if (!(operands[i] instanceof Tensor)) return false;
  return true;
}

/** Whether the operand at a position has a say in the dtype. */
function decides(entry: OpEntry, position: number): boolean {
  return entry.typedBy === entry.inputs || entry.typedBy.includes(entry.inputs[entry.variadic ? 0 : position]!);
}

/** The dtypes that have a say in that of the output. */
function decidingDTypes(entry: OpEntry, operands: readonly unknown[]): readonly DType[] {
  if (entry.typedBy === entry.inputs && areTensors(operands)) return operands.map((x) => x.dtype);
  const dtypes: DType[] = [];
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i];
    if (operand instanceof Tensor && decides(entry, i)) dtypes.push(operand.dtype);
  }
  return dtypes;
}

/** A number beside tensors takes their float dtype; beside int32 it is an int32 if it can be, otherwise float32. */
export function numberTensor(value: number, beside: DType): Tensor {
  const dtype = isFloat(beside) || (beside === 'int32' && (value | 0) === value) ? beside : 'float32';
  const array = allocate(dtype, []);
  array.data[0] = value;
  return new Tensor(array, dtype);
}

function computed(entry: OpEntry, inputs: readonly Tensor[], result: Parameters<OpEntry['forward']>[1]): NdArray {
  const array = entry.forward(
    inputs.map((x) => x.array),
    result,
  );
  checkValue(entry, array, result.shape, result.dtype);
  return array;
}

/** @throws TapegradError where the value of a user's own op is not what its rules say. */
export function checkValue(entry: OpEntry, array: NdArray, shape: Shape, dtype: DType): void {
  if (sameShape(array.shape, shape) && storesAs(array.data, dtype)) return;
  throw new TapegradError(
    entry.name,
    `its forward gave a ${array.data.constructor.name} of shape ${showShape(array.shape)}. ` +
      `Expected ${dtype}${showShape(shape)}, as its dtype and shape rules say.`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** dtype rule of functions on the reals: whole numbers and booleans become float32. */
export function floatResult(op: string): (dtypes: readonly DType[]) => DType {
  return (dtypes) => {
    const dtype = promote(op, dtypes);
    return isFloat(dtype) ? dtype : 'float32';
  };
}

/** dtype rule of arithmetic: whole numbers stay whole, booleans count as 0 and 1. */
export function arithmeticResult(op: string): (dtypes: readonly DType[]) => DType {
  return (dtypes) => {
    const dtype = promote(op, dtypes);
    return dtype === 'bool' ? 'int32' : dtype;
  };
}

/** dtype rule of comparisons. Operands of different float dtypes are refused here too. */
export function boolResult(op: string): (dtypes: readonly DType[]) => DType {
  return (dtypes) => {
    promote(op, dtypes);
    return 'bool';
  };
}

/** dtype rule of what moves elements without changing them. */
export function sameResult(dtypes: readonly DType[]): DType {
  return dtypes[0]!;
}
