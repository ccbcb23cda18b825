// A product of a plan as a function: by gemm or a library of the machine, and then its epilogue.

import {
  call,
  type DefinedFunction,
  defineFunction,
  type Expression,
  elementBytes,
  evenestSplit,
  gemmPieces,
  type ImportedFunction,
  i32,
  importFunction,
  type Local,
  local,
  type Part,
  partRange,
  type Statement,
  set,
  when,
} from '@tapegrad/wasm';
import { blasPays, blasTakes } from '../native/gemm.ts';
import type { PlanAccess, ProductKernel } from '../plan.ts';
import { loopKernel } from './loop.ts';
import { loopAccess, movedBy, nested } from './nest.ts';
import { type KernelOptions, type Split, scratchStride } from './options.ts';

/** Products by a library of the machine: as {@link KernelOptions.gemm}, without scratch memory. */
const nativeProducts: { readonly [T in 'f32' | 'f64']: ImportedFunction } = {
  f32: importFunction('native', 'f32', Array(12).fill('i32')),
  f64: importFunction('native', 'f64', Array(12).fill('i32')),
};

function bytesOf({ buffers }: Pick<KernelOptions, 'buffers'>, { buffer, strides }: PlanAccess): readonly number[] {
  return strides.map((stride) => stride * elementBytes[buffers[buffer]!.type]);
}

/** Whether a library of the machine computes a product: one that it takes as it lies, and is faster at. */
export function isNative(kernel: ProductKernel, options: Pick<KernelOptions, 'native' | 'buffers'>): boolean {
  const { type, m, n, k } = kernel;
  const [x, y, to] = [kernel.x, kernel.y, kernel.to].map((access) => bytesOf(options, access).slice(-2)) as [
    Pair,
    Pair,
    Pair,
  ];
  return options.native && blasPays(m, n, k) && blasTakes(type, m, n, k, ...x, ...y, to[0]);
}

type Pair = [row: number, column: number];

/** What the parts of a product are told. */
interface PartLocals extends Part {
  readonly thread: Local<'i32'>;
  readonly each: Local<'i32'>;
}

/** The function that does it, or a part of it: `product()`, or `product(part, parts, thread, each)`, see {@link ThreadPart}. */
export function productKernel(
  kernel: ProductKernel,
  name: string,
  options: KernelOptions,
  split: Split,
): DefinedFunction {
  const { batch, m, n } = kernel;
  const operands = operandsOf(kernel, options);
  const part: PartLocals = { part: local('i32'), parts: local('i32'), thread: local('i32'), each: local('i32') };
  const params = split === undefined ? [] : [part.part, part.parts, part.thread, part.each];
  if (m * n === 0 || batch.includes(0)) return defineFunction({ name, params, body: [] });
  const body =
    split === undefined
      ? whole(kernel, name, options, operands)
      : inParts(kernel, name, options, operands, split, part);
  return defineFunction({ name, params, body: [...operands.start, ...body] });
}

type Operands = ReturnType<typeof operandsOf>;

/** Where the matrices are, and the call that multiplies so many rows and columns from there on. */
function operandsOf(kernel: ProductKernel, options: KernelOptions) {
  const { type, k } = kernel;
  const pointers = [kernel.x, kernel.y, kernel.to].map((access) => {
    const { base, strides } = loopAccess(options, access);
    const [row, column] = strides.slice(-2) as [number, number];
    return { at: local('i32'), base, strides: strides.slice(0, -2), row, column };
  });
  const [x, y, to] = pointers as [(typeof pointers)[0], (typeof pointers)[0], (typeof pointers)[0]];
  const numbers = (...values: number[]): Expression<'i32'>[] => values.map((value) => i32.const(value));
  const native = isNative(kernel, options);
  const multiply = (rows: Expression<'i32'>, columns: Expression<'i32'>, scratch: Expression<'i32'>): Statement => {
    const operands = [
      ...[rows, columns, i32.const(k)],
      x.at,
      ...numbers(x.row, x.column),
      y.at,
      ...numbers(y.row, y.column),
      to.at,
      ...numbers(to.row, 0),
    ];
    return native ? call(nativeProducts[type], ...operands) : call(options.gemm(type), ...operands, scratch);
  };
  return { pointers, x, y, multiply, start: pointers.map(({ at, base }) => set(at, i32.const(base))) };
}

/**
 * All of the product, then its epilogue. To take turns, block after block of rows that stay in the second cache, makes no difference that
 * could be measured, at 8192 × 256 of 64 terms as little as at 4096 × 1024 of 256: gemm takes far longer than reading its results again.
 */
function whole(
  { batch, m, n, epilogue }: ProductKernel,
  name: string,
  options: KernelOptions,
  { pointers, multiply }: Operands,
): readonly Statement[] {
  const multiplied = nested(batch, pointers, [multiply(i32.const(m), i32.const(n), i32.const(options.scratch))]);
  if (epilogue === undefined) return multiplied;
  const after = options.shared.get(epilogue) ?? call(loopKernel(epilogue, epilogueName(name), options, undefined));
  return [...multiplied, after];
}

function epilogueName(product: string): string {
  return `${product} epilogue`;
}

function inParts(
  kernel: ProductKernel,
  name: string,
  options: KernelOptions,
  { pointers, x, y, multiply }: Operands,
  split: Split,
  { part, parts, thread, each }: PartLocals,
): readonly Statement[] {
  const { type, batch, m, n, epilogue } = kernel;
  const scratch = i32.add(i32.const(options.scratch), i32.mul(thread, scratchStride));
  const pieces = gemmPieces({ type, relaxed: options.relaxed }, m, y.row, y.column);
  // as axes of one shape: batches, rows, columns; columns before rows where each thread would pack all of y
  const [rowAxis, columnAxis] = [batch.length, batch.length + 1];
  const counts = [...batch, Math.ceil(m / pieces.rows), Math.ceil(n / pieces.columns)];
  const order = [...batch.keys(), ...(pieces.packs ? [columnAxis, rowAxis] : [rowAxis, columnAxis])];
  const evenest = order[evenestSplit(order.map((axis) => counts[axis]!))] ?? 0;
  const divide = (axis: number, which: Part) => {
    const unit = axis < rowAxis ? 1 : axis === rowAxis ? pieces.rows : pieces.columns;
    return { axis, ...partRange([...batch, m, n][axis] ?? 1, unit, which) };
  };
  const owner: Part = { part: local('i32'), parts: local('i32') };
  const chunk = local('i32');
  const byOwner = split === 'last axis' && !pieces.packs;
  const ranges = byOwner
    ? [divide(columnAxis, owner), divide(rowAxis, { part: chunk, parts: each })]
    : [divide(split === 'last axis' ? columnAxis : evenest, { part, parts })];
  const ofOwner = [
    set(owner.part, i32.div_u(part, each)),
    set(owner.parts, i32.div_u(parts, each)),
    set(chunk, i32.rem_u(part, each)),
  ];
  // rows and columns, each from where to where
  const endsOf = (axis: number, length: number): Ends => {
    const range = ranges.find((range) => range.axis === axis);
    return range === undefined ? [i32.const(0), i32.const(length)] : [range.first, range.end];
  };
  const [rows, columns] = [endsOf(rowAxis, m), endsOf(columnAxis, n)];
  const count = ([first, end]: Ends): Expression<'i32'> => i32.sub(end, first);
  const ahead = pointers.map((pointer) => ({
    ...pointer,
    strides: [
      ...pointer.strides,
      pointer === y ? 0 : pointer.row,
      // a row of the result is in one piece
      pointer === x ? 0 : pointer === y ? pointer.column : elementBytes[type],
    ],
  }));
  const after =
    epilogue === undefined
      ? []
      : [call(loopKernel(epilogue, epilogueName(name), options, 'window'), ...rows, ...columns)];
  const within = ranges.filter(({ axis }) => axis >= rowAxis);
  const batches = ranges.find(({ axis }) => axis < rowAxis);
  const divided = batches && { axis: batches.axis, range: batches };
  const done = [
    ...within.flatMap(({ axis, first }) => movedBy(ahead, axis, first)),
    ...nested(batch, pointers, [multiply(count(rows), count(columns), scratch)], divided),
    ...after,
  ];
  const some = ranges.map(({ first, end }) => i32.lt_s(first, end)).reduce((all, one) => i32.and(all, one));
  return [...(byOwner ? ofOwner : []), ...ranges.flatMap(({ start }) => start), when(some, done)];
}

type Ends = readonly [first: Expression<'i32'>, end: Expression<'i32'>];
