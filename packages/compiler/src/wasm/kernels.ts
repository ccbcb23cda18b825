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
  evenestSplit,
  type FunctionSource,
  f64,
  gemmPieces,
  gemmScratchBytes,
  type ImportedFunction,
  i32,
  importFunction,
  increase,
  type Local,
  type LoopReduction,
  loadElement,
  local,
  loopFunction,
  type Part,
  partRange,
  type Statement,
  set,
  when,
} from '@tapegrad/wasm';
import { blasPays, blasTakes } from '../native/gemm.ts';
import { runningType } from '../passes/loop-nodes.ts';
import type { LoopKernel, PlanAccess, PlanBuffer, PlanKernel, PositionKernel, ProductKernel } from '../plan.ts';
import { type BodyOptions, bodyWriter } from './body.ts';
import { gatherFunction, indicesFunction, listsFunction, scatterFunction } from './gather.ts';
import { loopAccess, movedBy, nested, nestFunction } from './nest.ts';
import { scanFunction } from './scan.ts';
import type { SharedLoops } from './shared-loops.ts';

/** What kernels are written for. */
export interface KernelOptions extends BodyOptions {
  readonly buffers: readonly PlanBuffer[];
  /** The address of each buffer. */
  readonly addresses: readonly number[];
  readonly gemm: (type: 'f32' | 'f64') => FunctionSource;
  /** The address of gemm's scratch memory: that of the first thread, those of others behind it. */
  readonly scratch: number;
  /** Whether large products are handed to a library of the machine. */
  readonly native: boolean;
  /** Loops that one thread does by functions that they share. */
  readonly shared: SharedLoops;
}

/** From the scratch memory of one thread to that of the next. */
export const scratchStride: number = Math.ceil(gemmScratchBytes / 64) * 64;

/** `host(number)`: has JavaScript compute the kernel of this number. */
export const hostFunction: ImportedFunction = importFunction('env', 'host', ['i32']);

/** Products by a library of the machine: as {@link KernelOptions.gemm}, without scratch memory. */
const nativeProducts: { readonly [T in 'f32' | 'f64']: ImportedFunction } = {
  f32: importFunction('native', 'f32', Array(12).fill('i32')),
  f64: importFunction('native', 'f64', Array(12).fill('i32')),
};

/** Which part of a kernel is done, and by which thread. */
export interface ThreadPart extends Part {
  readonly thread: Local<'i32'>;
  /** Whether the columns are divided, of a loop or a product. */
  readonly columns: boolean;
}

/** What does the kernel of this number; with `part` (only where `canDivide` says so) a part of it. */
export function kernelStatements(
  kernel: PlanKernel,
  number: number,
  options: KernelOptions,
  part?: ThreadPart,
): readonly Statement[] {
  const split = part !== undefined;
  const operands = split ? [part.part, part.parts] : [];
  switch (kernel.kind) {
    case 'host':
      return [call(hostFunction, i32.const(number))];
    case 'loop': {
      const shared = split ? undefined : options.shared.get(kernel);
      return [shared ?? call(loopKernel(kernel, `${number} loop`, options, wayOf(part)), ...operands)];
    }
    case 'product':
      return [
        call(
          productKernel(kernel, `${number} product`, options, wayOf(part)),
          ...operands,
          ...(split ? [part.thread] : []),
        ),
      ];
    case 'position':
      return [call(positionKernel(kernel, `${number} position`, options, split), ...operands)];
    case 'indices':
      return [call(indicesFunction(kernel, number, `${number} indices`, options, hostFunction))];
    case 'gather':
      return [call(gatherFunction(kernel, `${number} gather`, options, split), ...operands)];
    case 'lists':
      return [call(listsFunction(kernel, `${number} lists`, options))];
    case 'scatter':
      return [call(scatterFunction(kernel, `${number} scatter`, options, split), ...operands)];
    case 'scan':
      return [call(scanFunction(kernel, `${number} scan`, options, split), ...operands)];
    default:
      return kernel satisfies never;
  }
}

type Split = 'evenly' | 'last axis' | undefined;

function wayOf(part: ThreadPart | undefined): Split {
  return part && (part.columns ? 'last axis' : 'evenly');
}

function bytesOf({ buffers }: Pick<KernelOptions, 'buffers'>, { buffer, strides }: PlanAccess): readonly number[] {
  return strides.map((stride) => stride * elementBytes[buffers[buffer]!.type]);
}

function loopKernel(kernel: LoopKernel, name: string, options: KernelOptions, split: Split): DefinedFunction {
  const { shape, reduced, body, stores, reductions } = kernel;
  const write = bodyWriter(body, options);
  // what is added to is read first
  const sums = stores.filter(({ add }) => add);
  const loads = [...kernel.loads, ...sums.map(({ to }) => to)];
  return loopFunction({
    name,
    shape,
    reduced,
    split,
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

function productKernel(kernel: ProductKernel, name: string, options: KernelOptions, split: Split): DefinedFunction {
  const { type, batch, m, n, k } = kernel;
  const pointers = [kernel.x, kernel.y, kernel.to].map((access) => {
    const { base, strides } = loopAccess(options, access);
    const [row, column] = strides.slice(-2) as [number, number];
    return { at: local('i32'), base, strides: strides.slice(0, -2), row, column };
  });
  const [x, y, to] = pointers as [(typeof pointers)[0], (typeof pointers)[0], (typeof pointers)[0]];
  const numbers = (...values: number[]): Expression<'i32'>[] => values.map((value) => i32.const(value));
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
    return isNative(kernel, options)
      ? call(nativeProducts[type], ...operands)
      : call(options.gemm(type), ...operands, scratch);
  };
  const start = pointers.map(({ at, base }) => set(at, i32.const(base)));
  const scratch = i32.const(options.scratch);
  const empty = m * n === 0 || batch.includes(0);
  if (split === undefined) {
    const once = multiply(i32.const(m), i32.const(n), scratch);
    return defineFunction({ name, body: empty ? [] : [...start, ...nested(batch, pointers, [once])] });
  }
  const [part, thread]: [Part, Local<'i32'>] = [{ part: local('i32'), parts: local('i32') }, local('i32')];
  const params = [part.part, part.parts, thread];
  if (empty) return defineFunction({ name, params, body: [] });
  const own = i32.add(scratch, i32.mul(thread, scratchStride));
  const pieces = gemmPieces({ type, relaxed: options.relaxed }, m, y.row, y.column);
  // as axes of one shape: batches, rows, columns; columns before rows where each thread would pack all of y
  const counts = [...batch, Math.ceil(m / pieces.rows), Math.ceil(n / pieces.columns)];
  const order = [...batch.keys(), ...(pieces.packs ? [1, 0] : [0, 1]).map((axis) => batch.length + axis)];
  const evenest = order[evenestSplit(order.map((axis) => counts[axis]!))] ?? 0;
  const divided = split === 'last axis' ? batch.length + 1 : evenest;
  const unit = divided < batch.length ? 1 : divided === batch.length ? pieces.rows : pieces.columns;
  const range = partRange([...batch, m, n][divided] ?? 1, unit, part);
  const count = i32.sub(range.end, range.first);
  const [rows, columns] = [0, 1].map((axis) => (divided === batch.length + axis ? count : i32.const([m, n][axis]!)));
  const ahead = pointers.map((pointer) => ({
    ...pointer,
    strides: [
      ...pointer.strides,
      pointer === y ? 0 : pointer.row,
      // a row of the result is in one piece
      pointer === x ? 0 : pointer === y ? pointer.column : elementBytes[type],
    ],
  }));
  const body = [
    ...range.start,
    ...start,
    when(i32.lt_s(range.first, range.end), [
      ...(divided < batch.length ? [] : movedBy(ahead, divided, range.first)),
      ...nested(batch, pointers, [multiply(rows!, columns!, own)], { axis: divided, range }),
    ]),
  ];
  return defineFunction({ name, params, body });
}

function positionKernel(kernel: PositionKernel, name: string, options: KernelOptions, split: boolean): DefinedFunction {
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
  const bases = pointers.map(({ base }) => base);
  const body = shape.at(-1) === 0 ? [] : search;
  return nestFunction({ name, shape: shape.slice(0, -1), pointers, bases, body, split });
}

function asDouble(type: ElementType, at: Local<'i32'>): Expression<'f64'> {
  const element = loadElement(type, at, 0);
  if (type === 'f64') return element as Expression<'f64'>;
  if (type === 'f32') return f64.promote_f32(element as Expression<'f32'>);
  return f64.convert_i32_s(element as Expression<'i32'>);
}
