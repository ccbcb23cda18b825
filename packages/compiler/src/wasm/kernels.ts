// A kernel of a plan as a function of WebAssembly.

import {
  binaryQuad,
  call,
  countUp,
  type DefinedFunction,
  defineFunction,
  type ElementType,
  type Expression,
  elementBytes,
  type FunctionSource,
  f64,
  type ImportedFunction,
  i32,
  importFunction,
  increase,
  type Local,
  type LoopAccess,
  type LoopReduction,
  loadElement,
  local,
  loopFunction,
  type Statement,
  set,
  when,
} from '@tapegrad/wasm';
import { blasPays, blasTakes } from '../native/gemm.ts';
import { runningType } from '../passes/loop-nodes.ts';
import type { LoopKernel, PlanAccess, PlanBuffer, PlanKernel, PositionKernel, ProductKernel } from '../plan.ts';
import { type BodyOptions, bodyWriter } from './body.ts';

/** What kernels are written for. */
export interface KernelOptions extends BodyOptions {
  readonly buffers: readonly PlanBuffer[];
  /** The address of each buffer. */
  readonly addresses: readonly number[];
  readonly gemm: (type: 'f32' | 'f64') => FunctionSource;
  /** The address of gemm's scratch memory. */
  readonly scratch: number;
  /** Whether large products are handed to a library of the machine. */
  readonly native: boolean;
}

/** `host(number)`: has JavaScript compute the kernel of this number. */
export const hostFunction: ImportedFunction = importFunction('env', 'host', ['i32']);

/** Products by a library of the machine: as {@link KernelOptions.gemm}, without scratch memory. */
const nativeProducts: { readonly [T in 'f32' | 'f64']: ImportedFunction } = {
  f32: importFunction('native', 'f32', Array(12).fill('i32')),
  f64: importFunction('native', 'f64', Array(12).fill('i32')),
};

/** What does the kernel of this number. */
export function kernelStatements(kernel: PlanKernel, number: number, options: KernelOptions): readonly Statement[] {
  switch (kernel.kind) {
    case 'host':
      return [call(hostFunction, i32.const(number))];
    case 'loop':
      return [call(loopKernel(kernel, `${number} loop`, options))];
    case 'product':
      return [call(productKernel(kernel, `${number} product`, options))];
    case 'position':
      return [call(positionKernel(kernel, `${number} position`, options))];
    default:
      return kernel satisfies never;
  }
}

function bytesOf({ buffers }: Pick<KernelOptions, 'buffers'>, { buffer, strides }: PlanAccess): readonly number[] {
  return strides.map((stride) => stride * elementBytes[buffers[buffer]!.type]);
}

function loopAccess(options: KernelOptions, access: PlanAccess): LoopAccess {
  const { type } = options.buffers[access.buffer]!;
  const base = options.addresses[access.buffer]! + access.offset * elementBytes[type];
  return { type, base, strides: bytesOf(options, access) };
}

function loopKernel(kernel: LoopKernel, name: string, options: KernelOptions): DefinedFunction {
  const { shape, reduced, body, stores, reductions } = kernel;
  const write = bodyWriter(body, options);
  // what is added to is read first
  const sums = stores.filter(({ add }) => add);
  const loads = [...kernel.loads, ...sums.map(({ to }) => to)];
  return loopFunction({
    name,
    shape,
    reduced,
    loads: loads.map((access) => loopAccess(options, access)),
    stores: stores.map(({ to }) => loopAccess(options, to)),
    reductions: reductions.map(({ combine, to }): LoopReduction => {
      const access = loopAccess(options, to);
      return { combine, running: runningType(combine, access.type), to: access };
    }),
    body: (quads, steps, once) => {
      const values = write(quads, steps, once);
      return {
        stores: stores.map((store) => {
          const value = values[store.step]!;
          const before = sums.indexOf(store);
          return before < 0 ? value : binaryQuad(steps, 'add', quads[kernel.loads.length + before]!, value);
        }),
        reductions: reductions.map(({ step }) => values[step]!),
      };
    },
  });
}

/** Loops over `shape`; each of `pointers` moves by its bytes along each axis. */
function nested(
  shape: readonly number[],
  pointers: readonly { readonly at: Local<'i32'>; readonly strides: readonly number[] }[],
  body: readonly Statement[],
): readonly Statement[] {
  let statements = body;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!;
    if (length === 1) continue;
    const moved = (turns: number): Statement[] =>
      pointers.flatMap(({ at, strides }) => (strides[axis] === 0 ? [] : [increase(at, strides[axis]! * turns)]));
    statements = [countUp(local('i32'), 0, length, 1, [...statements, ...moved(1)]), ...moved(-length)];
  }
  return statements;
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

function productKernel(kernel: ProductKernel, name: string, options: KernelOptions): DefinedFunction {
  const { type, batch, m, n, k } = kernel;
  const pointers = [kernel.x, kernel.y, kernel.to].map((access) => {
    const { base, strides } = loopAccess(options, access);
    const [row, column] = strides.slice(-2) as [number, number];
    return { at: local('i32'), base, strides: strides.slice(0, -2), row, column };
  });
  const [x, y, to] = pointers as [(typeof pointers)[0], (typeof pointers)[0], (typeof pointers)[0]];
  const numbers = (...values: number[]): Expression<'i32'>[] => values.map((value) => i32.const(value));
  const operands = [
    ...numbers(m, n, k),
    x.at,
    ...numbers(x.row, x.column),
    y.at,
    ...numbers(y.row, y.column),
    to.at,
    ...numbers(to.row, 0),
  ];
  const multiply = isNative(kernel, options)
    ? call(nativeProducts[type], ...operands)
    : call(options.gemm(type), ...operands, i32.const(options.scratch));
  const start = pointers.map(({ at, base }) => set(at, i32.const(base)));
  return defineFunction({ name, body: m * n === 0 ? [] : [...start, ...nested(batch, pointers, [multiply])] });
}

function positionKernel(kernel: PositionKernel, name: string, options: KernelOptions): DefinedFunction {
  const { which, shape } = kernel;
  const pointers = [kernel.from, kernel.to].map((access) => {
    const { type, base, strides } = loopAccess(options, access);
    return { at: local('i32'), type, base, strides: strides.slice(0, -1), along: strides.at(-1)! };
  });
  const [from, to] = pointers as [(typeof pointers)[0], (typeof pointers)[0]];
  const [i, best, at] = [local('i32'), local('i32'), local('i32')];
  const [champion, candidate] = [local('f64'), local('f64')];
  const element = asDouble(from.type, at);
  const wins = which === 'max' ? f64.gt(candidate, champion) : f64.lt(candidate, champion);
  const isMissing = (x: Local<'f64'>) => f64.ne(x, x);
  const search: readonly Statement[] = [
    set(at, from.at),
    set(best, i32.const(0)),
    set(champion, element),
    countUp(i, 1, shape.at(-1)!, 1, [
      increase(at, from.along),
      set(candidate, element),
      when(i32.or(wins, i32.and(isMissing(candidate), i32.eqz(isMissing(champion)))), [
        set(best, i),
        set(champion, candidate),
      ]),
    ]),
    i32.store(to.at, best),
  ];
  const start = pointers.map(({ at, base }) => set(at, i32.const(base)));
  const empty = shape.includes(0);
  return defineFunction({ name, body: empty ? [] : [...start, ...nested(shape.slice(0, -1), pointers, search)] });
}

function asDouble(type: ElementType, at: Local<'i32'>): Expression<'f64'> {
  const element = loadElement(type, at, 0);
  if (type === 'f64') return element as Expression<'f64'>;
  if (type === 'f32') return f64.promote_f32(element as Expression<'f32'>);
  return f64.convert_i32_s(element as Expression<'i32'>);
}
